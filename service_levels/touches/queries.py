"""Reads of the touches: who is to be called, the most urgent first, one row a household (B4, B7)."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext as _

from churn.risk.rules import Band
from crm.access import customers
from crm.days import monday
from crm.handover import looked_after_by
from crm.models import Anniversary, Child, Customer, Guardian, TimelineEntry
from crm.queries import search
from service_levels.access import entitlements
from service_levels.models import Entitlement, PlanVersion, Touch
from service_levels.plans.book import UNRATED, Occasion, Plan, Section, Unit
from service_levels.touches.ranking import urgency
from service_levels.touches.sweep import TALKED
from service_levels.words import FESTIVALS
from tenancy.models import Membership

SHOWS = ("all", "today", "late")
BY_HAND = (Occasion.THANKS.value, Occasion.GIFT.value, Occasion.NEWS.value)  # sent, not said: a talk settles none of them


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; an empty word narrows nothing. ``whose``: me, all, or nobody's."""

    whose: str = "me"
    show: str = "all"
    words: str = ""
    tier: str = ""
    band: str = ""
    campus: int | None = None


@dataclass(frozen=True)
class Due:
    """A household that is owed: its first due day decides how urgent it is."""

    customer: int
    label: str
    band: str
    first: date
    tried: bool
    urgency: Fraction


@dataclass
class Household:
    """A row of the list: one family, all that it is owed, and how to reach it. ``calls`` are this week's contacts."""

    customer: Customer
    label: str
    band: str
    plan: Plan
    touches: list[Touch]
    days: int
    tried: bool
    calls: int = 0
    last: TimelineEntry | None = None
    guardian: Guardian | None = None
    same_number: list[Customer] = field(default_factory=list)

    @property
    def points(self) -> list[str]:
        """What there is to talk about: the plan's contents that hold at every contact (K21, K24, K29)."""
        return [line.text for line in self.plan.of(Section.CONTENT) if line.unit is Unit.ALWAYS]

    @property
    def talks(self) -> list[Touch]:
        return [touch for touch in self.touches if touch.occasion not in BY_HAND]

    @property
    def gifts(self) -> list[Touch]:
        return [touch for touch in self.touches if touch.occasion in BY_HAND]


def due(member: Membership, asked: Asked, day: date) -> list[Due]:
    """Everybody who is owed, the most urgent first; whom nobody could reach today at the end."""
    owed = Touch.objects.shown(day)
    if asked.show == "today":
        owed = owed.filter(due_on=day)
    if asked.show == "late":
        owed = owed.filter(due_on__lt=day)
    rows = _narrowed(entitlements(member), member, asked).filter(customer__touches__in=owed)
    found = rows.order_by().values_list("customer", "version", "label", "band").annotate(
        first=Min("customer__touches__due_on"), tried=Max("customer__touches__tried_on"))
    places = _places({version for _customer, version, *_rest in found})
    listed = [Due(customer, label, band, first, tried == day,
                  urgency(places[version].get(label), len(places[version]), band, (day - first).days))
              for customer, version, label, band, first, tried in found]
    return sorted(listed, key=lambda row: (row.tried, -row.urgency, row.first, row.customer))


def _narrowed(rows: QuerySet[Any], member: Membership, asked: Asked) -> QuerySet[Any]:
    if asked.whose == "me":
        rows = rows.filter(customer__owner__in=looked_after_by(member))
    if asked.whose == "nobody":
        rows = rows.filter(customer__owner=None)
    if asked.words.strip():
        rows = rows.filter(customer__in=search(Customer.objects.present(), asked.words).values("pk"))
    if asked.tier and member.may("tiering.view"):
        rows = rows.filter(label=UNRATED if asked.tier == "-" else asked.tier)
    if asked.band in set(Band) and member.may("churn.view"):
        rows = rows.filter(band=asked.band)
    return rows.filter(customer__campus=asked.campus) if asked.campus else rows


def _places(versions: Iterable[int]) -> dict[int, dict[str, int]]:
    """Of each version: its tiers' places, the best being 0."""
    return {row.pk: {label: place for place, label in enumerate(row.book["labels"])}
            for row in PlanVersion.objects.filter(pk__in=list(versions))}


# -- a page of the list ----------------------------------------------------------------------------------------
def households(member: Membership, page: Iterable[Due], day: date) -> list[Household]:
    """The rows of a page in their order; the number of queries does not grow with them."""
    ids = [row.customer for row in page]
    served = {row.customer_id: row for row in Entitlement.objects.now().filter(customer__in=ids).select_related("version")}
    known = Customer.objects.select_related("campus", "owner").in_bulk(ids)
    owed = touches_of(ids, day)
    reached = _reached(ids, day)
    people = _to_call(ids)
    others = _same_number(member, people, day)
    rows = []
    for one in page:
        entitlement, guardian = served[one.customer], people.get(one.customer)
        calls, last = reached.get(one.customer, (0, None))
        rows.append(Household(known[one.customer], one.label, one.band, entitlement.version.as_book().plan(entitlement.plan),
                              owed[one.customer], (day - one.first).days, one.tried, calls, last, guardian, others.get(one.customer, [])))
    return rows


def touches_of(ids: Iterable[int], day: date) -> dict[int, list[Touch]]:
    """What each is owed now, the first due first, with the name of the day it is for."""
    found: dict[int, list[Touch]] = {}
    for touch in named(Touch.objects.shown(day).filter(customer__in=list(ids)).order_by("due_on", "id")):
        found.setdefault(touch.customer_id, []).append(touch)
    return found


def named(rows: Iterable[Touch]) -> list[Touch]:
    """With ``about_name``: whose birthday, which day of the family's, which festival."""
    listed = list(rows)
    wanted: dict[str, list[int]] = {}
    for touch in listed:
        kind, _dash, number = touch.about.rpartition("-")
        if number.isdecimal():
            wanted.setdefault("child" if kind == "came" else kind, []).append(int(number))
    children = dict(Child.objects.filter(pk__in=wanted.get("child", [])).values_list("pk", "name"))
    days = dict(Anniversary.objects.filter(pk__in=wanted.get("day", [])).values_list("pk", "name"))
    for touch in listed:
        touch.about_name = _about(touch.about, children, days)
    return listed


def _about(about: str, children: Mapping[int, str], days: Mapping[int, str]) -> str:
    kind, _dash, number = about.rpartition("-")
    if kind == "child" and number.isdecimal():
        return children.get(int(number), "")
    if kind == "came" and number.isdecimal():
        return _("%(child)s 入园周年") % {"child": children.get(int(number), "")}
    if kind == "day" and number.isdecimal():
        return days.get(int(number), "")
    return str(FESTIVALS.get(about, ""))


def _reached(ids: list[int], day: date) -> dict[int, tuple[int, TimelineEntry]]:
    """How many talks there were this week, and the last one of all."""
    spoke = TimelineEntry.objects.filter(TALKED, customer__in=ids, day__lte=day)
    week = dict(spoke.filter(day__gte=monday(day)).order_by().values_list("customer").annotate(n=Count("id")))
    last = spoke.order_by("customer", "-day", "-id").distinct("customer").only("customer_id", "day", "channel", "kind")
    return {row.customer_id: (week.get(row.customer_id, 0), row) for row in last}


def _to_call(ids: list[int]) -> dict[int, Guardian]:
    """Whom to call: who decides before anybody else, if there is a number."""
    rows = Guardian.objects.filter(family__customer__in=ids).exclude(phone_mask="").select_related("family").order_by("decides", "-id")
    return {row.family.customer_id: row for row in rows}


def _same_number(member: Membership, people: Mapping[int, Guardian], day: date) -> dict[int, list[Customer]]:
    """Other families that are owed too and answer the same telephone: one call does for both."""
    by_number = {row.phone_index: customer for customer, row in people.items()}
    owed = customers(member).filter(touches__in=Touch.objects.shown(day))
    found: dict[int, list[Customer]] = {}
    rows = Guardian.objects.filter(phone_index__in=list(by_number), family__customer__in=owed).select_related("family__customer")
    for row in rows.order_by("family__customer_id"):
        for customer, person in people.items():
            if person.phone_index == row.phone_index and row.family.customer_id != customer:
                found.setdefault(customer, []).append(row.family.customer)
    return found
