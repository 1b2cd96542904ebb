"""Reads of 原因和改进: what waits for a change, its end, the family to hear; where somebody should look; common causes."""
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from churn.models import Cause
from crm.access import customers
from crm.models import Customer
from crm.queries import search
from service_levels.access import findings
from service_levels.models import Finding
from service_levels.plans.queries import served_by
from tenancy.models import Membership

A_QUARTER, A_YEAR, MOST = timedelta(days=92), timedelta(days=365), 8
SOURCE = "K24(e)"
TABS: dict[str, Q] = {"open": Q(kind="", told_on=None), "doing": ~Q(kind="") & Q(done_on=None),
                      "tell": Q(done_on__isnull=False, told_on=None), "told": Q(told_on__isnull=False), "all": Q()}


def listed(member: Membership, tab: str, words: str = "") -> QuerySet[Any]:
    """The latest first; ``tab`` one of TABS, what waits for a change where it is none of them."""
    rows = findings(member).filter(TABS.get(tab, TABS["open"]))
    if words.strip():
        rows = rows.filter(customer__in=search(Customer.objects.present(), words).values("pk"))
    return rows


def counts(member: Membership) -> dict[str, int]:
    """How many are in each tab."""
    told: dict[str, int] = findings(member).order_by().aggregate(
        **{tab: Count("pk", filter=which) if which else Count("pk") for tab, which in TABS.items()})
    return told


def to_look_at(member: Membership, day: date) -> QuerySet[Any]:
    """Families whose plan asks for the reason and with which nobody looked for a quarter: the longest here first."""
    served = served_by(lambda line: line.source == SOURCE)
    lately = Finding.objects.filter(customer=OuterRef("pk"), on__gt=day - A_QUARTER)
    rows = customers(member).filter(pk__in=served.values("customer")).exclude(Exists(lately))
    return rows.select_related("campus", "owner").order_by("since", "external_ref")


@dataclass(frozen=True)
class Common:
    """A cause, with how many families it was found in a year, and for how many something was changed."""

    cause: Cause
    families: int
    changed: int


def common(member: Membership, day: date) -> list[Common]:
    """The causes that were found most often."""
    changed = Q(done_on__isnull=False)
    rows = findings(member).order_by().filter(on__gt=day - A_YEAR).values("cause").annotate(
        n=Count("customer", distinct=True), done=Count("customer", distinct=True, filter=changed)).order_by("-n", "cause")[:MOST]
    causes = Cause.objects.in_bulk([row["cause"] for row in rows])
    return [Common(causes[row["cause"]], row["n"], row["done"]) for row in rows]
