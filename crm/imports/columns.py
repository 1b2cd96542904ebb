"""Which column is what: the fields of each kind of import, the words schools use for them, the header row. Pure."""
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.parse import cell_text


@dataclass(frozen=True)
class Field:
    """A target column: its code, its name on the screen, the words that mean it, and whether it must be there."""

    code: str
    name: str
    words: tuple[str, ...]
    required: bool = False


PHONE_WORDS = ("联系电话", "手机", "手机号", "电话", "家长电话", "联系方式", "手机号码", "联系手机")

FIELDS: dict[str, tuple[Field, ...]] = {
    "roster": (
        Field("child_name", "孩子姓名", ("幼儿姓名", "孩子姓名", "学生姓名", "宝宝姓名", "学员姓名", "姓名"), True),
        Field("sex", "性别", ("性别",)),
        Field("born_on", "孩子出生日期", ("出生日期", "生日", "出生年月", "出生年月日")),
        Field("guardian_name", "监护人姓名", ("家长姓名", "监护人姓名", "家长", "监护人", "联系人")),
        Field("relation", "与孩子关系", ("与幼儿关系", "关系", "与孩子关系", "与学生关系")),
        Field("phone", "手机号（加密）", PHONE_WORDS, True),
        Field("address", "住址（加密）", ("家庭住址", "住址", "地址", "家庭地址")),
        Field("class_name", "班级", ("班级", "所在班级", "班别")),
        Field("enrolled_on", "入园时间", ("入园时间", "入园日期", "入学时间", "入学日期", "报名日期")),
        Field("occupation", "职业", ("职业", "家长职业", "工作单位")),
        Field("health", "健康备注（加密）", ("备注", "健康备注", "特殊情况", "过敏史")),
        Field("campus", "园所", ("园所", "校区", "园区")),
        Field("external_ref", "编号", ("编号", "学号", "家庭编号", "客户编号")),
    ),
    "payments": (
        Field("paid_on", "缴费日期", ("缴费日期", "日期", "收费日期", "交费日期", "缴费时间"), True),
        Field("child_name", "孩子姓名", ("幼儿姓名", "孩子姓名", "学生姓名", "学员姓名", "姓名")),
        Field("phone", "家长电话", PHONE_WORDS),
        Field("external_ref", "客户编号", ("客户编号", "编号", "学号")),
        Field("fee_kind", "收费项目", ("收费项目", "项目", "费用类型", "收费类型", "缴费项目")),
        Field("amount", "金额（元）", ("金额(元)", "金额", "实收金额", "收费金额", "缴费金额", "实收"), True),
        Field("list_price", "挂牌价（元）", ("挂牌价", "应收", "应收金额", "原价")),
        Field("quantity", "数量", ("数量", "件数", "课时")),
        Field("method", "支付方式", ("支付方式", "付款方式", "缴费方式")),
        Field("receipt", "票据号", ("票据号", "收据号", "单号", "票号")),
        Field("remark", "备注", ("备注",)),
    ),
    "referrals": (
        Field("referred_on", "推荐日期", ("推荐日期", "日期", "推荐时间"), True),
        Field("phone", "推荐人电话", ("推荐人电话", "推荐人手机", "介绍人电话"), True),
        Field("referred_name", "被推荐家长", ("被推荐家长", "被推荐人", "被推荐人姓名")),
        Field("referred_phone", "被推荐电话", ("被推荐电话", "被推荐人电话", "被推荐手机"), True),
        Field("result", "结果", ("结果", "推荐结果", "状态")),
        Field("converted_on", "入园日期", ("入园日期", "报名日期")),
    ),
    "activities": (
        Field("day", "活动日期", ("活动日期", "日期", "签到日期"), True),
        Field("phone", "家长电话", PHONE_WORDS, True),
        Field("title", "活动名称", ("活动名称", "活动"), True),
        Field("child_name", "孩子姓名", ("幼儿姓名", "孩子姓名", "学员姓名", "姓名")),
    ),
    "attendance": (
        Field("day", "日期", ("日期", "考勤日期"), True),
        Field("phone", "家长电话", PHONE_WORDS, True),
        Field("child_name", "孩子姓名", ("幼儿姓名", "孩子姓名", "学员姓名", "姓名"), True),
        Field("status", "情况", ("情况", "考勤", "出勤情况", "状态"), True),
    ),
    "lessons": (
        Field("bought_on", "购买日期", ("购买日期", "日期"), True),
        Field("phone", "家长电话", PHONE_WORDS, True),
        Field("child_name", "学员姓名", ("学员姓名", "孩子姓名", "姓名")),
        Field("course", "课程", ("课程", "课程名称"), True),
        Field("bought", "购买课时", ("购买课时", "课时", "课时数"), True),
        Field("gifted", "赠送课时", ("赠送课时", "赠课")),
        Field("used", "已上课时", ("已上课时", "已消课时", "课消")),
    ),
    "leads": (
        Field("day", "咨询日期", ("咨询日期", "日期", "登记日期"), True),
        Field("guardian_name", "家长姓名", ("家长姓名", "家长", "姓名"), True),
        Field("phone", "电话", PHONE_WORDS, True),
        Field("child_name", "孩子姓名", ("幼儿姓名", "孩子姓名")),
        Field("born_on", "孩子出生日期", ("出生日期", "生日")),
        Field("source", "来源", ("来源", "渠道")),
        Field("text", "咨询内容", ("咨询内容", "内容", "需求")),
    ),
    "partners": (
        Field("name", "机构名称", ("机构名称", "名称", "单位名称"), True),
        Field("external_ref", "编号", ("编号",)),
        Field("contact", "联系人", ("联系人",)),
        Field("phone", "电话", PHONE_WORDS),
        Field("field", "合作内容", ("合作内容", "合作方向")),
        Field("since", "合作开始", ("合作开始", "合作日期", "开始日期")),
    ),
    "enrolments": (
        Field("phone", "家长电话", PHONE_WORDS, True),
        Field("child_name", "孩子姓名", ("幼儿姓名", "孩子姓名", "学员姓名", "姓名"), True),
        Field("class_name", "班级", ("班级",)),
        Field("from_on", "入园日期", ("入园日期", "入园时间", "开始日期"), True),
        Field("until_on", "离园日期", ("离园日期", "离园时间", "结束日期")),
        Field("outcome", "离园原因", ("离园原因", "去向", "原因")),
    ),
}
TOTALS = ("合计", "总计", "小计", "共计")


def field_names(kind: str) -> dict[str, str]:
    return {field.code: field.name for field in FIELDS[kind]}


def plain(header: object) -> str:
    return re.sub(r"[\s*＊:：]", "", cell_text(header))


def find_header(kind: str, rows: Sequence[Sequence[Any]], look_at: int = 15) -> int | None:
    """Index of the row that names the most known columns; None when no row names two."""
    scores = [(len(suggest(kind, row)), -index) for index, row in enumerate(rows[:look_at])]
    best, index = max(scores, default=(0, 0))
    return -index if best >= 2 else None


def suggest(kind: str, header: Sequence[Any], remembered: Mapping[str, str] | None = None) -> dict[str, int]:
    """Field code → column number: what the school chose last time, then the known words, first column wins."""
    chosen: dict[str, int] = {}
    known = {word: field.code for field in FIELDS[kind] for word in field.words} | dict(remembered or {})
    for column, cell in enumerate(header):
        code = known.get(plain(cell))
        if code and code not in chosen:
            chosen[code] = column
    return chosen


def is_blank_or_total(row: Sequence[Any]) -> bool:
    """Rows between and below the data: empty ones, and sums."""
    if any(cell_text(cell).startswith(TOTALS) for cell in row[:3]):
        return True
    return not any(cell not in (None, "") and cell_text(cell) for cell in row)


def missing_fields(kind: str, mapping: Mapping[str, int]) -> list[str]:
    """Names of required fields that no column was chosen for; a payment needs a phone or a reference."""
    names = [field.name for field in FIELDS[kind] if field.required and field.code not in mapping]
    if kind == "payments" and not {"phone", "external_ref"} & set(mapping):
        names.append("家长电话或客户编号")
    return names
