"""制度条文 from live settings (C34, B14): every clause that a setting fills in names the setting. It is Chinese in every language.

A clause is (text, where its setting stands); an empty second part is what the rule says by itself.
"""
import hashlib
import json
from collections.abc import Iterable

from django.utils import translation

from churn.groups import Group, Kind, group, management
from churn.measures import lateness, rules
from churn.meetings.holding import MINUTES
from churn.models import MATTERS_OF, Area, Cause, ChurnCase, DeepDive, Department, Indicator, Item, Matter, Measure
from churn.refunds.in_force import in_force as refund_rules
from churn.risk import weighing
from churn.risk.words import names_of
from crm.concerns.duties import DUTIES, RIGHTS
from crm.models import WorkingGroup
from tenancy.models import Campus, Tenant

Clause = tuple[str, str]
Section = tuple[str, list[Clause]]


def sections(tenant: Tenant) -> list[Section]:
    """The whole document as the settings stand now."""
    with translation.override("zh-hans"):
        return [("总则", _general(tenant)), ("组织架构与职责", _people()), ("数据收集", _collecting()), ("预警与个案", _cases()),
                ("原因分析", _causes()), ("改进措施", _measures()), ("效果评估", _effects()), ("退费", _refunds(tenant)),
                ("权利与义务", _rights()), ("监督", _watching()), ("已写入制度的做法", _adopted()), ("附则", _last())]


def digest(found: Iterable[Section]) -> str:
    """By which two versions are told to be the same text."""
    return hashlib.sha256(json.dumps([[title, [list(clause) for clause in clauses]] for title, clauses in found],
                                     ensure_ascii=False).encode()).hexdigest()


def texts(found: Iterable[Section]) -> list[str]:
    """Every clause with its section's title, for a comparison of versions."""
    return [f"{title}：{clause[0]}" for title, clauses in found for clause in clauses]


def _general(tenant: Tenant) -> list[Clause]:
    campuses = "、".join(Campus.objects.order_by("pk").values_list("name", flat=True))
    return [("目的：分析客户流失的原因，制定并执行改进办法，提高客户满意度和忠诚度，保证机构稳定发展。", ""),
            (f"适用范围：{tenant.name}（{campuses}）全体员工，以及与本机构有业务往来的所有客户。", "园所"),
            ("指导原则：以学员为中心；平等、高效、创新、共赢；扁平化管理，发挥员工主动性，兼顾安全生产和人文关怀。", "")]


def _people() -> list[Clause]:
    leaders = "、".join(one.name for one in management()) or "园长、副园长"
    return [*_group(Kind.CHURN, "流失分析小组", "收集、整理、分析流失数据；开例会讨论个案；写流失分析报告。"),
            *_group(Kind.IMPROVEMENT, "改进措施执行小组", "按报告制定执行计划，落实到岗位和个人，跟踪进度，定期汇报效果。"),
            (f"管理层：{leaders}。指导和监督两个小组，提供资源，按效果调整策略。", "成员和角色")]


def _group(kind: str, name: str, duty: str) -> list[Clause]:
    found: Group = group(kind)
    leader = found.leader.name if found.leader else "待定"
    members = "、".join(one.name for one in found.members)
    return [(f"{name}：组长{leader}" + (f"，成员{members}" if members else "") + f"。{duty}", "工作小组")]


def _collecting() -> list[Clause]:
    told = [(f"{Department(department).label}部门：登记{'、'.join(str(Matter(one).label) for one in matters)}方面让家长想走的事。", "")
            for department, matters in MATTERS_OF.items()]
    return [*told, ("各部门每周确认一次本周数据真实、完整；周五还没确认的，系统提醒。", "")]


def _cases() -> list[Clause]:
    number, weights = weighing.in_force()
    looked_at = "、".join(names_of(sign for sign, steps in weights.steps.items() if steps))
    natural = "、".join(str(label) for _code, label in ChurnCase.NATURAL_REASONS)
    judged = f"每天夜里按{looked_at}给每一家算流失风险，{weights.watch} 分起留意，{weights.high} 分起算高风险。"
    return [(judged, f"预警规则第 {number} 版"),
            ("退园、申请退费、报名未上课、长期缺勤、课程用完没有续、末级又想转走，自动开个案；听到家长想走，手工开个案。", ""),
            (f"自然流失不算流失：{natural}。", "")]


def _causes() -> list[Clause]:
    row = WorkingGroup.objects.filter(kind=Kind.CHURN).order_by("pk").first()
    agenda = "；".join(f"{label} {MINUTES[Item(code)]} 分钟" for code, label in Item.choices)
    ways = "、".join(str(label) for _code, label in DeepDive.Way.choices)
    named = []
    for area, label in Area.choices:
        names = "、".join(Cause.objects.filter(area=area, is_open=True).values_list("name", flat=True))
        named.append((f"{label}方面：{names or '（没有细分）'}。", "流失原因"))
    cadence = row.cadence if row and row.cadence else "每周一次"
    return [(f"流失分析小组例会{cadence}，议程：{agenda}。", "工作小组"), (f"典型个案用{ways}深入了解，写明依据。", ""),
            ("原因分两级，一个个案可以有几个原因，各占几成：", ""), *named, ("每期写流失分析报告，由管理层签发。", "")]


def _measures() -> list[Clause]:
    ladder = lateness.SHIPPED
    return [("每项措施写明部门、责任人、完成时间、步骤和要的资源，定期检查进度，改期要写理由。", ""),
            (f"到期当天提醒责任人；过期 {ladder.leader} 天告诉组长，过期 {ladder.management} 天告诉管理层。", "")]


def _effects() -> list[Clause]:
    ruled = rules.in_force()
    indicators = "、".join(str(label) for _code, label in Indicator.choices)
    return [(f"评估指标：{indicators}。续费率 = 续费的家庭 ÷ {ruled.get_formula_display()}；满意是评 {ruled.satisfied} 分起。", "评估规则"),
            (f"措施前后各看 {ruled.span_days} 天，有条件的和没做措施的园所、班级比；每组不到 {ruled.least} 户只说样本不足。", "评估规则"),
            ("结论按书面规则由系统给出，谁也不能手填；无效的回到例会，有效的写入制度，经验都留着。", "")]


def _refunds(tenant: Tenant) -> list[Clause]:
    holds = refund_rules(tenant.kind)
    if holds is None:
        return [("退费按合同和当地规定办；本校的退费规则还没有选定。", "退费规则")]
    setting = f"退费规则：{holds.pack.name}"
    counted = f"退费按“{holds.pack.name}”（{holds.pack.basis}）计算，另一位有权限的同事审批以后才退。"
    return [(counted, setting), *((f"{rule.clause}。", setting) for rule in holds.pack.rules.values())]


def _rights() -> list[Clause]:
    return [("员工有权：对流失分析和改进工作提意见；得到培训和学习的资源；遇到困难向上级求助。", ""),
            ("员工应当：如实、准确登记数据；参加例会，分享经验；按时执行改进措施。", ""),
            ("客户有权：" + "；".join(str(one) for one in RIGHTS) + "。", ""),
            ("客户应当：" + "；".join(str(one) for one in DUTIES) + "。", "")]


def _watching() -> list[Clause]:
    phones = "、".join(f"{campus.name} {campus.phone}" for campus in Campus.objects.exclude(phone="").order_by("pk"))
    return [("内部监督：管理层定期检查和指导两个小组，写下的都有回话。", ""),
            (f"客户监督：投诉热线 {phones or '（没有登记电话）'}；意见箱在家长的网页上，也可以放在园里。", "园所"),
            ("数据监督：流失情况和措施效果每天更新，谁都不能改结论。", "")]


def _adopted() -> list[Clause]:
    rows = Measure.objects.filter(state=Measure.State.ADOPTED).order_by("decided_on", "pk")
    told = [(row.title + (f"：{row.lesson}" if row.lesson else ""), "改进措施") for row in rows]
    return told or [("还没有经评估有效、写入制度的措施。", "")]


def _last() -> list[Clause]:
    return [("本制度随机构和市场的变化修订，每次修订出新版，写明修订说明和从哪天起；员工读过要确认。", ""),
            ("奖励和惩罚按本校另行公布的办法。", "")]
