"""Reads of 积分: who has how many, what came and went, what lapses soon, which prizes a family can have (K22)."""
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from crm.access import customers
from crm.models import Customer
from crm.queries import search
from service_levels.access import points
from service_levels.models import PointsEntry, Prize
from service_levels.points.booking import balance
from service_levels.points.ledger import Lot, lapsing
from tenancy.models import Membership

SOON = timedelta(days=30)
LATEST = 8
Kind = PointsEntry.Kind


@dataclass(frozen=True)
class Standing:
    """A family's points: what it has, what of it lapses within thirty days, its latest entries, the prizes and which are in reach."""

    balance: int
    soon: tuple[Lot, ...]
    entries: list[PointsEntry]
    prizes: list[tuple[Prize, bool]]


def standing(customer: Customer, day: date) -> Standing:
    rows, there = PointsEntry.objects.filter(customer=customer), balance(customer.pk)
    latest = list(rows.select_related("by").prefetch_related("undone_by")[:LATEST])
    prizes = [(prize, prize.points <= there and prize.stock != 0) for prize in Prize.objects.filter(is_on=True)]
    return Standing(there, lapsing(rows.lines(), day + SOON), latest, prizes)


def holders(member: Membership, words: str = "") -> QuerySet[Any]:
    """Families with points, the most first."""
    rows = customers(member).annotate(n=Sum("points__points")).filter(n__gt=0).select_related("campus", "owner")
    if words.strip():
        rows = rows.filter(pk__in=search(Customer.objects.present(), words).values("pk"))
    return rows.order_by("-n", "external_ref")


def flow(member: Membership, first: date) -> dict[str, int]:
    """Since a day: points that came and were spent and that lapsed, prizes that were handed over, and what families hold now."""
    rows = points(member).order_by()
    kept = rows.filter(on__gte=first, undoes=None).exclude(undone_by__isnull=False)
    told = kept.aggregate(came=Sum("points", filter=Q(points__gt=0)), spent=Sum("points", filter=Q(kind=Kind.SPENT)),
                          lapsed=Sum("points", filter=Q(kind=Kind.LAPSED)), prizes=Count("pk", filter=Q(kind=Kind.SPENT)))
    held = rows.aggregate(n=Sum("points"))["n"] or 0
    return {"came": told["came"] or 0, "spent": -(told["spent"] or 0), "lapsed": -(told["lapsed"] or 0), "prizes": told["prizes"],
            "held": held}
