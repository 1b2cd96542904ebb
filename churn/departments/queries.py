"""What the departments' records say in a period, each reader's own campuses only (C8–C11)."""
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from churn import access
from churn.departments.funnel import Line, lines
from churn.models import Area, CaseCause, ChurnCase, Finding
from crm.access import customers
from crm.concerns.queries import concerns
from crm.models import Attendance, Channel, Concern, Enrolment, EntryKind, Payment, Satisfaction, TimelineEntry
from tenancy.models import Campus, Membership

State = ChurnCase.State
AFTER_EVENT = timedelta(days=60)  # an enrolment counts for an event that was so long ago at most
MOST = 50


@dataclass(frozen=True)
class Period:
    """Which days, and which campus; None means all of the reader's."""

    first: date
    last: date
    campus: Campus | None = None


def _families(member: Membership, period: Period) -> QuerySet[Any]:
    rows = customers(member).filter(type__half="family")
    return rows.filter(campus=period.campus) if period.campus else rows


def _asked(member: Membership, period: Period) -> QuerySet[Any]:
    """Families whose file was begun in the period, with how far they got since."""
    sat_here = Q(kind=EntryKind.VISIT) | Q(kind=EntryKind.CONSULTATION, channel=Channel.FACE)
    enrolled = Enrolment.objects.filter(child__family__customer=OuterRef("pk"))
    present = Attendance.objects.filter(child__family__customer=OuterRef("pk"), status=Attendance.Status.PRESENT)
    return _families(member, period).filter(since__gte=period.first, since__lte=period.last).annotate(
        came=Exists(TimelineEntry.objects.filter(sat_here, customer=OuterRef("pk"))), enrolled=Exists(enrolled), attended=Exists(present))


def funnel(member: Membership, period: Period) -> tuple[Line, list[Line]]:
    """咨询 → 到访 → 报名 → 上课, the whole and by source (C8a–c)."""
    rows = _asked(member, period).order_by().values_list("source", "came", "enrolled", "attended").annotate(n=Count("pk"))
    return lines(rows)


def not_enrolled(member: Membership, period: Period) -> QuerySet[Any]:
    """咨询未报名 (C8a): who asked and has neither a child enrolled nor paid; whom nobody has spoken to for longest first."""
    spoke = TimelineEntry.objects.filter(customer=OuterRef("pk")).values("customer").annotate(last=Max("day")).values("last")
    rows = _asked(member, period).filter(enrolled=False).exclude(Exists(Payment.objects.filter(customer=OuterRef("pk"), amount_fen__gt=0)))
    rows = rows.annotate(last_on=Subquery(spoke)).select_related("campus", "owner")
    return rows.order_by(F("last_on").asc(nulls_first=True), "since", "pk")


def campaigns(member: Membership, period: Period) -> list[Line]:
    """活动 (C8d): of the families that came to an event and had no child enrolled that day, who enrolled within sixty days after."""
    child = Enrolment.objects.filter(child__family__customer=OuterRef("customer"))
    before = child.filter(Q(until_on=None) | Q(until_on__gte=OuterRef("day")), from_on__lte=OuterRef("day"))
    after = child.filter(from_on__gt=OuterRef("day"), from_on__lte=OuterRef("day") + AFTER_EVENT)
    rows = TimelineEntry.objects.filter(kind=EntryKind.EVENT, day__gte=period.first, day__lte=period.last,
                                        customer__in=_families(member, period)).exclude(Exists(before)).exclude(title="")
    found = rows.annotate(enrolled=Exists(after)).order_by().values_list("title", "customer", "enrolled").distinct()
    return lines((title, False, enrolled, False, 1) for title, _customer, enrolled in found)[1]


def comments(member: Membership, period: Period) -> QuerySet[Any]:
    """学员反馈 (C9a): what families wrote when they were asked how satisfied they are, the least satisfied first."""
    rows = Satisfaction.objects.filter(answered_on__gte=period.first, answered_on__lte=period.last, customer__in=_families(member, period))
    return rows.exclude(comment="").select_related("customer__campus").order_by("score", "-answered_on", "-pk")


@dataclass(frozen=True)
class Complaint:
    """One complaint of the timeline, with what came of it."""

    entry: TimelineEntry
    concern: Concern | None

    @property
    def is_open(self) -> bool:
        return self.concern is None or self.concern.closed_at is None


def complaints(member: Membership, period: Period) -> list[Complaint]:
    """投诉 (C10a), the latest first."""
    rows = list(TimelineEntry.objects.filter(kind=EntryKind.COMPLAINT, day__gte=period.first, day__lte=period.last,
                                             customer__in=_families(member, period)).select_related("customer__campus", "by")
                .order_by("-day", "-pk")[:MOST])
    told = {row.entry_id: row for row in Concern.objects.filter(entry__in=[row.pk for row in rows])}
    return [Complaint(row, told.get(row.pk)) for row in rows]


def findings(member: Membership, period: Period, department: str) -> QuerySet[Any]:
    """What a department entered of its own work in a period, what is open first."""
    mine = member.campus_ids()
    rows = Finding.objects.filter(department=department).select_related("by", "campus", "case", "settled_by")
    rows = rows if mine is None else rows.filter(Q(campus=None) | Q(campus__in=mine))
    rows = rows.filter(campus=period.campus) if period.campus else rows
    rows = rows.filter(Q(settled_on=None) | Q(on__gte=period.first)).filter(on__lte=period.last)
    return rows.order_by(F("settled_on").asc(nulls_first=True), "-on", "-pk")


UNSIGNED = {Area.TEACHING: ("teaching",), Area.SERVICE: ("service", "fees", "other"), Area.FACILITIES: ("facilities", "safety")}


def heard(member: Membership, period: Period, area: str) -> QuerySet[Any]:
    """What came in by the hotline and the boxes about a department's matters (C26), signed or not, the latest first."""
    rows = concerns(member).exclude(source=Concern.Source.TALK).filter(about__in=UNSIGNED.get(Area(area), ()))
    rows = rows.filter(opened_at__date__gte=period.first, opened_at__date__lte=period.last)
    rows = rows.filter(Q(campus=period.campus) | Q(campus=None, customer__campus=period.campus)) if period.campus else rows
    return rows.order_by("-opened_at", "-pk")


def refunds(member: Membership, period: Period) -> QuerySet[Any]:
    """退费 (C10b): money that was paid back, the latest first."""
    rows = Payment.objects.filter(amount_fen__lt=0, paid_on__gte=period.first, paid_on__lte=period.last)
    return rows.filter(customer__in=_families(member, period)).select_related("customer__campus", "fee_kind").order_by("-paid_on", "-pk")


@dataclass(frozen=True)
class Blamed:
    """One second-level cause: in how many cases it was named, and what became of them."""

    cause: int
    name: str
    cases: int
    lost: int
    kept: int


def blamed(member: Membership, period: Period, area: Area) -> list[Blamed]:
    """Causes of one area in the cases opened in the period (C9b–d, C10c–e, C11), the most frequent first."""
    cases = access.cases(member).filter(opened_on__gte=period.first, opened_on__lte=period.last).order_by()
    cases = cases.filter(campus=period.campus) if period.campus else cases
    rows = CaseCause.objects.filter(case__in=cases.values("pk"), cause__area=area).values_list("cause_id", "cause__name", "case__state")
    counted, ends = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for cause, name, state in rows:
        counted[cause, name] += 1
        ends[cause, state] += 1
    found = [Blamed(cause, name, n, ends[cause, State.LOST], ends[cause, State.KEPT]) for (cause, name), n in counted.items()]
    return sorted(found, key=lambda row: (-row.cases, -row.lost, row.name))


def cases_of(member: Membership, period: Period, area: Area) -> Sequence[ChurnCase]:
    """The cases behind them, the latest first."""
    rows = access.cases(member).filter(opened_on__gte=period.first, opened_on__lte=period.last,
                                       pk__in=CaseCause.objects.filter(cause__area=area).values("case"))
    rows = rows.filter(campus=period.campus) if period.campus else rows
    return list(rows.prefetch_related("causes__cause").order_by("-opened_on", "-pk")[:MOST])


def never_came(member: Membership, period: Period) -> int:
    """报名未上课 (C8b): cases that the rule opened for it in the period."""
    rows = access.cases(member).filter(trigger="no_show", opened_on__gte=period.first, opened_on__lte=period.last)
    return int((rows.filter(campus=period.campus) if period.campus else rows).count())
