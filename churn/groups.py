"""流失分析小组, 改进措施执行小组, 客户挽回小组 (C3, C5, K28a): who leads and who sits in them, by the school's own rows or by the rule."""
from dataclasses import dataclass, field

from churn.models import Department, department_of
from crm.models import WorkingGroup, WorkingGroupMember
from tenancy.access import open_now
from tenancy.models import Membership
from tenancy.roles import Role

Kind = WorkingGroup.Kind
LED_BY = {Kind.CHURN: Role.MARKETING, Kind.IMPROVEMENT: Role.OPERATIONS, Kind.WIN_BACK: Role.RELATIONS}
SENT_BY = {Kind.CHURN: (Department.TEACHING, Department.SERVICE, Department.ADMINISTRATION), Kind.IMPROVEMENT: (), Kind.WIN_BACK: ()}


@dataclass(frozen=True)
class Group:
    """Who leads a group, who is in it besides, and which departments that must send somebody have not."""

    kind: str
    leader: Membership | None
    members: tuple[Membership, ...] = ()
    missing: tuple[Department, ...] = field(default=())

    @property
    def everybody(self) -> tuple[Membership, ...]:
        return (self.leader, *self.members) if self.leader else self.members

    @property
    def missing_words(self) -> str:
        return "、".join(str(one.label) for one in self.missing)


def group(kind: str) -> Group:
    """As the school has put it together; a group without a leader is led by whoever holds the role that the rule
    names (市场, 运营, 家长关系维护)."""
    row = WorkingGroup.objects.filter(kind=kind).select_related("leader").order_by("pk").first()
    leader = row.leader if row and row.leader and row.leader.is_active else _by_rule(kind)
    members = tuple(one for one in _members(row) if leader is None or one.pk != leader.pk)
    sent = {department_of(one.role) for one in members}
    return Group(kind, leader, members, tuple(one for one in SENT_BY[Kind(kind)] if one not in sent))


def _by_rule(kind: str) -> Membership | None:
    found: Membership | None = Membership.objects.filter(open_now(), role=LED_BY[Kind(kind)]).order_by("pk").first()
    return found


def _members(row: WorkingGroup | None) -> list[Membership]:
    if row is None:
        return []
    links = WorkingGroupMember.objects.filter(group=row, member__is_active=True).select_related("member").order_by("member__name", "pk")
    return [link.member for link in links]


def management() -> list[Membership]:
    """管理层"""
    return list(Membership.objects.filter(open_now(), role__in=[Role.HEAD, Role.DEPUTY]).order_by("pk"))
