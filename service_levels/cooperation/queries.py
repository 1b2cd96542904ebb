"""Reads of 深度合作: what waits for a word, what is to be told back, and with which families somebody should talk (K18)."""
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from crm.access import customers
from crm.models import Customer
from crm.queries import search
from service_levels.access import cooperation
from service_levels.models import Cooperation
from service_levels.plans.queries import served_by
from tenancy.models import Membership

A_YEAR = timedelta(days=365)
SOURCE = "K18("
TABS: dict[str, Q] = {"open": Q(outcome=""), "told": ~Q(outcome="") & Q(told_on=None), "all": Q()}


def listed(member: Membership, tab: str, words: str = "", topic: str = "") -> QuerySet[Any]:
    """The latest first; ``tab`` one of TABS, what waits for a word where it is none of them."""
    rows = cooperation(member).filter(TABS.get(tab, TABS["open"]))
    if words.strip():
        rows = rows.filter(customer__in=search(Customer.objects.present(), words).values("pk"))
    return rows.filter(topic=topic) if topic in Cooperation.Topic.values else rows


def counts(member: Membership) -> dict[str, int]:
    """How many are in each tab."""
    told: dict[str, int] = cooperation(member).order_by().aggregate(**{tab: Count("pk", filter=which) if which else Count("pk")
                                                                       for tab, which in TABS.items()})
    return told


def adopted(member: Membership, day: date) -> dict[str, int]:
    """In the last 365 days: opinions that were decided, and those that were adopted at least in part."""
    rows = cooperation(member).order_by().filter(on__gt=day - A_YEAR).exclude(outcome="")
    told: dict[str, int] = rows.aggregate(decided=Count("pk"), adopted=Count("pk", filter=Q(outcome__in=["adopted", "partly"])))
    return told


def to_talk_with(member: Membership, day: date) -> QuerySet[Any]:
    """Families whose plan of today promises a say, and with whom nobody has talked for a year: the longest here first."""
    served = served_by(lambda line: line.source.startswith(SOURCE))
    talked = Cooperation.objects.filter(customer=OuterRef("pk"), on__gt=day - A_YEAR)
    rows = customers(member).filter(pk__in=served.values("customer")).exclude(Exists(talked))
    return rows.select_related("campus", "owner").order_by("since", "external_ref")
