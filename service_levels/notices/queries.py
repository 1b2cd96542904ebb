"""Reads of 变化通知: what waits, family by family or all alike together, and who can be written to (X6)."""
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from crm.handover import looked_after_by
from crm.models import Guardian
from service_levels.access import notices
from service_levels.models import ServiceNotice
from service_levels.notices.telling import written
from tenancy.models import Membership

Kind = ServiceNotice.Kind


@dataclass(frozen=True)
class Alike:
    """Families that would be told the same: one of their notices stands for all."""

    row: ServiceNotice
    plan: str
    families: int
    without_phone: int
    text: str


def alike(member: Membership) -> list[Alike]:
    """What came and waits for approval, the most families first."""
    rows = notices(member).waiting().filter(kind=Kind.MORE)
    reachable = Exists(Guardian.objects.filter(family__customer=OuterRef("customer"), phone_sealed__isnull=False))
    sums = rows.order_by().values("version", "plan", "lines").annotate(
        n=Count("pk"), first=Min("pk"), silent=Count("pk", filter=~reachable))
    found = {row.pk: row for row in rows.filter(pk__in=[one["first"] for one in sums])}
    made = [Alike(row, row.version.as_book().plan(row.plan).name, one["n"], one["silent"], written(row))
            for one in sums for row in [found[one["first"]]]]
    return sorted(made, key=lambda one: (-one.families, one.row.pk))


def to_say(member: Membership, *, mine: bool) -> QuerySet[Any]:
    """What went and is to be said by a person: of one's own families, or of all that one may see; the oldest first."""
    rows = notices(member).waiting().filter(kind=Kind.LESS)
    if mine:
        rows = rows.filter(customer__owner__in=looked_after_by(member))
    return rows.order_by("on", "id")


def of_family(customer: Any) -> list[ServiceNotice]:
    """What a family is to be told."""
    return list(ServiceNotice.objects.waiting().filter(customer=customer).order_by("-kind"))


def counts(member: Membership) -> dict[str, int]:
    """How many families wait: for approval, for a word of mine, for anybody's."""
    less, mine = Q(kind=Kind.LESS), Q(customer__owner__in=looked_after_by(member))
    told: dict[str, int] = notices(member).waiting().order_by().aggregate(more=Count("pk", filter=~less), less=Count("pk", filter=less),
                                                                          mine=Count("pk", filter=less & mine))
    return told
