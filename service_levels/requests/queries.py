"""Reads of the requests: the queue of an agent, late ones first; how often deadlines were kept."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import TruncDate

from crm.access import customers
from crm.calendar import Calendar
from crm.handover import looked_after_by
from crm.models import Customer, Guardian
from crm.opening import calendars_for, zone
from crm.queries import search
from service_levels.access import requests
from service_levels.models import Attachment, Clock, Entitlement, ServiceRequest
from service_levels.requests.clocks import ZERO
from tenancy.models import Membership


@dataclass(frozen=True)
class Asked:
    """What the queue is narrowed to; an empty word narrows nothing. ``tab``: mine and nobody's, all, to confirm, done."""

    tab: str = "mine"
    kind: str = ""
    campus: int | None = None
    late: bool = False
    words: str = ""


@dataclass(frozen=True)
class Row:
    """A request in the queue: which clock is next, and how much open time it has; less than nothing when it is late."""

    request: ServiceRequest
    clock: Clock | None
    left: timedelta
    share: float
    label: str
    band: str

    @property
    def late(self) -> bool:
        return self.left < ZERO

    @property
    def close(self) -> bool:
        """At most a fifth of the time is left."""
        return not self.late and self.share >= 0.8


def listed(member: Membership, asked: Asked, at: datetime) -> QuerySet[Any]:
    """The queue in its order: by the day it is due, on that day by priority, then by the hour; paused ones at the end."""
    rows = _of_tab(requests(member), member, asked.tab)
    if asked.kind in ServiceRequest.Kind.values:
        rows = rows.filter(kind=asked.kind)
    if asked.campus:
        rows = rows.filter(Q(campus=asked.campus) | Q(campus=None, customer__campus=asked.campus))
    if asked.late:
        rows = rows.open().filter(due_at__lt=at)
    if asked.words.strip():
        families = search(Customer.objects.present(), asked.words).values("pk")
        rows = rows.filter(Q(customer__in=families) | Q(number__iexact=asked.words.strip()) | Q(text__icontains=asked.words.strip()))
    if asked.tab in ("confirm", "done"):
        return rows.order_by("resolved_at" if asked.tab == "confirm" else "-resolved_at", "id")
    return rows.annotate(due_day=TruncDate("due_at", tzinfo=zone())).order_by(
        F("due_day").asc(nulls_last=True), "priority", F("due_at").asc(nulls_last=True), "id")


def _of_tab(rows: QuerySet[Any], member: Membership, tab: str) -> QuerySet[Any]:
    if tab == "confirm":
        return rows.to_confirm()
    if tab == "done":
        return rows.exclude(resolved_at=None)
    return rows.open() if tab == "all" else rows.open().filter(Q(owner__in=looked_after_by(member)) | Q(owner=None))


def counts(member: Membership, at: datetime) -> dict[str, int]:
    """How many there are for each tab, and of mine and nobody's how many are late."""
    mine = Q(owner__in=looked_after_by(member)) | Q(owner=None)
    is_open = Q(resolved_at=None)
    found: dict[str, int] = requests(member).order_by().aggregate(
        mine=Count("id", filter=is_open & mine), all=Count("id", filter=is_open), late=Count("id", filter=is_open & Q(due_at__lt=at)),
        confirm=Count("id", filter=Q(resolved_at__isnull=False, confirmed_at=None)))
    return found


def shown(page: Iterable[ServiceRequest], at: datetime) -> list[Row]:
    """The rows of a page; the number of queries does not grow with them."""
    rows = list(page)
    next_clocks = {clock.request_id: clock for clock in Clock.objects.filter(request__in=rows, stopped_at=None).order_by("-due_at", "kind")}
    calendars = calendars_for({row.place.pk if row.place else None for row in rows})
    customers = [row.customer_id for row in rows if row.customer_id]
    stands = {one.customer_id: one for one in Entitlement.objects.now().filter(customer__in=customers)}
    return [_row(row, next_clocks.get(row.pk), calendars[row.place.pk if row.place else None], stands, at) for row in rows]


def _row(row: ServiceRequest, clock: Clock | None, calendar: Calendar, stands: Mapping[int | None, Entitlement], at: datetime) -> Row:
    stand = stands.get(row.customer_id)
    left, share = ZERO, 0.0
    if clock and clock.due_at:
        left = calendar.elapsed(at, clock.due_at) if at <= clock.due_at else -calendar.elapsed(clock.due_at, at)
        share = max(0.0, min(1.0, 1 - left / timedelta(minutes=clock.minutes)))
    return Row(row, clock, left, share, stand.label if stand else "", stand.band if stand else "")


def course(row: ServiceRequest) -> Any:
    """What happened to a request, in order, with the files that came along but not what is in them."""
    without = Prefetch("attachments", Attachment.objects.defer("content_sealed"))
    return row.events.select_related("by").prefetch_related(without)


def likely(member: Membership, row: ServiceRequest) -> Customer | None:
    """Of a request of nobody known: whose number was left, where just one of the member's families has it."""
    if row.customer_id is not None or not row.phone_index:
        return None
    theirs = Guardian.objects.filter(phone_index=row.phone_index, family__customer__in=customers(member)).values("family__customer")
    found: list[Customer] = list(Customer.objects.filter(pk__in=theirs)[:2])
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Kept:
    """Of the clocks that were stopped in a time: how many in time."""

    count: int
    in_time: int

    @property
    def share(self) -> float | None:
        return self.in_time / self.count if self.count else None


def kept(member: Membership, since: datetime, until: datetime) -> dict[str, Kept]:
    """How often each kind of deadline was kept, of those that ended in a time: badge, list and report read the same columns."""
    rows = Clock.objects.filter(request__in=requests(member), stopped_at__gte=since, stopped_at__lt=until).order_by()
    found = {kind: Kept(n, good) for kind, n, good in rows.values_list("kind").annotate(
        n=Count("id"), good=Count("id", filter=Q(breached_at=None)))}
    return {kind: found.get(kind, Kept(0, 0)) for kind in Clock.Kind.values}


@dataclass(frozen=True)
class Content:
    """满意度: how many said how content they are with what was settled, and the mean of it, from 1 to 5."""

    count: int
    mean: float | None


def content(member: Membership, since: datetime, until: datetime) -> Content:
    """Of the requests that families have rated in a time."""
    rows = requests(member).filter(confirmed_at__gte=since, confirmed_at__lt=until).exclude(score=None).order_by()
    found = rows.aggregate(n=Count("id"), mean=Avg("score"))
    return Content(found["n"], found["mean"])
