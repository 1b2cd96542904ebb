"""One row of a sheet as a record, or the reason why not. Pure: no database, today is passed in."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from crm.parse import Unreadable, cell_text, clean_name, parse_born, parse_fen, parse_past, parse_phone, parse_planned

Cells = Mapping[str, Any]
RELATIONS = {"父亲": "father", "爸爸": "father", "父": "father", "爸": "father", "母亲": "mother", "妈妈": "mother", "母": "mother",
             "妈": "mother", "爷爷": "grandpa_p", "奶奶": "grandma_p", "外公": "grandpa_m", "姥爷": "grandpa_m",
             "外婆": "grandma_m", "姥姥": "grandma_m", "本人": "self"}
SEXES = {"男": "m", "女": "f", "M": "m", "F": "f", "男孩": "m", "女孩": "f"}
RESULTS = {"": "", "未到访": "absent", "未到": "absent", "已参观": "visited", "到访": "visited", "已到访": "visited",
           "已入园": "converted", "已报名": "converted", "入园": "converted"}
STATUSES = {"出勤": "present", "到": "present", "√": "present", "请假": "leave", "病假": "leave", "事假": "leave",
            "缺勤": "absent", "旷课": "absent", "未到": "absent"}
OUTCOMES = {"毕业": "graduated", "超龄": "aged_out", "搬迁": "moved", "搬家": "moved", "政策": "policy", "转校区": "campus",
            "升班": "promoted", "转园": "transferred", "退园": "withdrew", "退学": "withdrew", "结课": "completed"}


class RowRefused(ValueError):
    """A row that cannot be taken over, with the field at fault and how to put it right."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


@dataclass(frozen=True, slots=True)
class Rules:
    """What reading depends on besides the row: the day, and an explicit date pattern."""

    today: date
    date_pattern: str | None = None

    def past(self, value: Any) -> date:
        return parse_past(value, self.today, self.date_pattern)

    def planned(self, value: Any) -> date:
        return parse_planned(value, self.today)

    def born(self, value: Any) -> date:
        return parse_born(value, self.today)


def must(cells: Cells, field: str, parse: Callable[[Any], Any]) -> Any:
    try:
        return parse(cells.get(field))
    except Unreadable as doubt:
        raise RowRefused(field, str(doubt)) from None


def maybe(cells: Cells, field: str, parse: Callable[[Any], Any]) -> Any:
    return must(cells, field, parse) if cell_text(cells.get(field)) else None


def text(cells: Cells, field: str, longest: int) -> str:
    return cell_text(cells.get(field))[:longest]


def one_of(cells: Cells, field: str, words: Mapping[str, str], default: str | None = None) -> str:
    found = words.get(cell_text(cells.get(field)), default)
    if found is None:
        raise RowRefused(field, f"“{text(cells, field, 20)}”不认识，可以写：{'、'.join(list(words)[:6])}")
    return found


@dataclass(frozen=True, slots=True)
class RosterLine:
    child_name: str
    phone: str
    sex: str
    born_on: date | None
    guardian_name: str
    relation: str
    address: str
    class_name: str
    enrolled_on: date | None
    occupation: str
    health: str
    campus: str
    external_ref: str


def roster(cells: Cells, rules: Rules) -> RosterLine:
    child = must(cells, "child_name", lambda v: clean_name(v, "孩子姓名"))
    phone = must(cells, "phone", parse_phone)
    born = maybe(cells, "born_on", rules.born)
    return RosterLine(child, phone, SEXES.get(text(cells, "sex", 2), ""), born,
                      maybe(cells, "guardian_name", clean_name) or f"{child}家长",
                      RELATIONS.get(text(cells, "relation", 10), "other"), text(cells, "address", 200),
                      text(cells, "class_name", 30), maybe(cells, "enrolled_on", rules.planned),
                      text(cells, "occupation", 40), text(cells, "health", 200), text(cells, "campus", 60),
                      text(cells, "external_ref", 40))


@dataclass(frozen=True, slots=True)
class PaymentLine:
    paid_on: date
    amount_fen: int
    phone: str
    external_ref: str
    child_name: str
    fee_kind: str
    list_fen: int | None
    quantity: Decimal | None
    method: str
    receipt: str
    remark: str


def payments(cells: Cells, rules: Rules) -> PaymentLine:
    reference = text(cells, "external_ref", 40)
    phone = maybe(cells, "phone", parse_phone) or ""
    if not reference and not phone:
        raise RowRefused("phone", "没有家长电话，也没有客户编号，不知道是谁家的")
    item, amount = _fee(text(cells, "fee_kind", 40) or "其他", must(cells, "amount", parse_fen))
    return PaymentLine(must(cells, "paid_on", rules.past), amount, phone, reference,
                       maybe(cells, "child_name", clean_name) or "", item, maybe(cells, "list_price", parse_fen),
                       maybe(cells, "quantity", _quantity), text(cells, "method", 20), text(cells, "receipt", 40),
                       text(cells, "remark", 100))


def _fee(item: str, amount: int) -> tuple[str, int]:
    """“保教费退费” is the fee 保教费 paid back: the same kind, and never a positive amount."""
    bare = item.removesuffix("退费").removesuffix("退款")
    return (item, amount) if bare == item else (bare or item, -abs(amount))


def _quantity(value: Any) -> Decimal:
    try:
        number = Decimal(cell_text(value))
    except InvalidOperation:
        raise Unreadable("“%(text)s”不是数量", text=cell_text(value)[:20]) from None
    if not number.is_finite() or abs(number) >= 10**6:
        raise Unreadable("数量太大了")
    return number


@dataclass(frozen=True, slots=True)
class ReferralLine:
    referred_on: date
    phone: str
    referred_name: str
    referred_phone: str
    result: str
    converted_on: date | None


def referrals(cells: Cells, rules: Rules) -> ReferralLine:
    line = ReferralLine(must(cells, "referred_on", rules.past), must(cells, "phone", parse_phone),
                        maybe(cells, "referred_name", clean_name) or "", must(cells, "referred_phone", parse_phone),
                        one_of(cells, "result", RESULTS), maybe(cells, "converted_on", rules.past))
    if line.phone == line.referred_phone:
        raise RowRefused("referred_phone", "推荐人和被推荐人是同一个号码，不能推荐自己")
    return line


@dataclass(frozen=True, slots=True)
class FactLine:
    """A dated fact of one family (activities, attendance, lessons, leads, enrolments): the kind reads its own fields."""

    phone: str
    child_name: str
    day: date
    values: dict[str, Any]


def activities(cells: Cells, rules: Rules) -> FactLine:
    title = must(cells, "title", lambda v: clean_name(v, "活动名称"))
    return FactLine(must(cells, "phone", parse_phone), maybe(cells, "child_name", clean_name) or "",
                    must(cells, "day", rules.past), {"title": title})


def attendance(cells: Cells, rules: Rules) -> FactLine:
    return FactLine(must(cells, "phone", parse_phone), must(cells, "child_name", lambda v: clean_name(v, "孩子姓名")),
                    must(cells, "day", rules.past), {"status": one_of(cells, "status", STATUSES)})


def lessons(cells: Cells, rules: Rules) -> FactLine:
    count = {name: maybe(cells, name, _count) or 0 for name in ("gifted", "used")}
    bought = must(cells, "bought", _count)
    if count["used"] > bought + count["gifted"]:
        raise RowRefused("used", f"已上 {count['used']} 课时，多于买的和送的共 {bought + count['gifted']} 课时")
    return FactLine(must(cells, "phone", parse_phone), maybe(cells, "child_name", clean_name) or "",
                    must(cells, "bought_on", rules.past),
                    {"course": must(cells, "course", lambda v: clean_name(v, "课程")), "bought": bought, **count})


def _count(value: Any) -> int:
    number = _quantity(value)
    if number != number.to_integral_value() or number < 0:
        raise Unreadable("“%(text)s”不是整数", text=cell_text(value)[:20])
    return int(number)


def leads(cells: Cells, rules: Rules) -> FactLine:
    values = {"guardian_name": must(cells, "guardian_name", clean_name), "source": text(cells, "source", 30),
              "born_on": maybe(cells, "born_on", rules.born), "text": text(cells, "text", 2000)}
    return FactLine(must(cells, "phone", parse_phone), maybe(cells, "child_name", clean_name) or "",
                    must(cells, "day", rules.past), values)


def enrolments(cells: Cells, rules: Rules) -> FactLine:
    until = maybe(cells, "until_on", rules.planned)
    line = FactLine(must(cells, "phone", parse_phone), must(cells, "child_name", lambda v: clean_name(v, "孩子姓名")),
                    must(cells, "from_on", rules.planned),
                    {"class_name": text(cells, "class_name", 30), "until_on": until,
                     "outcome": one_of(cells, "outcome", OUTCOMES, "") if until else ""})
    if until and until < line.day:
        raise RowRefused("until_on", f"离园日期 {until} 早于入园日期 {line.day}")
    return line


@dataclass(frozen=True, slots=True)
class PartnerLine:
    name: str
    external_ref: str
    contact: str
    phone: str
    field: str
    since: date | None


def partners(cells: Cells, rules: Rules) -> PartnerLine:
    return PartnerLine(must(cells, "name", lambda v: clean_name(v, "机构名称")), text(cells, "external_ref", 40),
                       text(cells, "contact", 40), maybe(cells, "phone", parse_phone) or "", text(cells, "field", 100),
                       maybe(cells, "since", rules.past))


READERS: dict[str, Callable[[Cells, Rules], Any]] = {
    "roster": roster, "payments": payments, "referrals": referrals, "activities": activities, "attendance": attendance,
    "lessons": lessons, "leads": leads, "partners": partners, "enrolments": enrolments}
