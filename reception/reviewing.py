"""接待复盘 (R2, R4, R37): a month's reception at a campus in one row of figures with their goals, looked through and signed.

The figures are those of the pages they come from: funnel, waiting, satisfaction, follow-ups, promises. Signed, they stay as they
were seen; what is wrong with them goes on as improvements.
"""
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Avg, Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.models import Improvement, Promise, SurveyResponse
from crm.opening import day_begins
from reception import conversion, timing
from reception.board import TARGET
from reception.models import FollowUp, ProcessReview, SopPage, SopRead
from reception.stopwatch import clock
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused

MONTHS = 6  # shown beside one another


@dataclass(frozen=True)
class Figures:
    """One month of one campus. Shares in per cent, waiting in seconds; None where nothing was counted."""

    booked: int
    came: int | None
    signed: int | None
    no_show: int | None
    waiting: int | None
    score: float | None
    answers: int
    late_follow_ups: int
    missed_promises: int
    improvements: int

    @property
    def waits_too_long(self) -> bool:
        return self.waiting is not None and self.waiting > TARGET.total_seconds()


@dataclass(frozen=True)
class Month:
    """A month as the page shows it: its figures, signed or of this moment."""

    month: date
    figures: Figures
    review: ProcessReview | None

    @property
    def waited(self) -> str:
        return "–" if self.figures.waiting is None else clock(timedelta(seconds=self.figures.waiting))


def months_of(member: Membership, campus: Campus, today: date) -> list[Month]:
    """This month and those before it, the latest first."""
    first = today.replace(day=1)
    months = [_back(first, number) for number in range(MONTHS)]
    signed = {row.month: row for row in ProcessReview.objects.filter(campus=campus, month__in=months).select_related("by")}
    return [Month(month, Figures(**row.figures) if (row := signed.get(month)) else figures_of(member, campus, month, today), row)
            for month in months]


def figures_of(member: Membership, campus: Campus, month: date, today: date) -> Figures:
    """What a month comes to, read anew."""
    last = end_of(month)
    whole, _lines = conversion.conversion(member, month, last, campus, "channel")
    waiting = timing.timings(member, month, last, campus)[0].waiting
    begins, ends = day_begins(month), day_begins(last + timedelta(days=1))
    rated = SurveyResponse.objects.filter(campus=campus, answered_at__gte=begins, answered_at__lt=ends, key__startswith="visit-")
    told = rated.exclude(score=None).aggregate(mean=Avg("score"), n=Count("pk"))
    return Figures(whole.booked, whole.share("came"), whole.share("signed"), whole.no_show,
                   int(waiting.median.total_seconds()) if waiting else None, round(float(told["mean"]), 2) if told["n"] else None,
                   told["n"], **_slips(campus, month, last, today))


def _slips(campus: Campus, first: date, last: date, today: date) -> dict[str, int]:
    """What was late or forgotten in a month, and what was put right."""
    within = (first, last)
    late = Q(state="done", done_at__date__gt=F("due_on")) | Q(state="open", due_on__lt=today)
    done = Improvement.objects.filter(Q(campus=campus) | Q(campus=None), state=Improvement.State.DONE, closed_on__range=within)
    missed = Promise.objects.filter(customer__campus=campus, due_on__range=within).exclude(missed_on=None)
    return {"late_follow_ups": FollowUp.objects.filter(late, booking__slot__campus=campus, due_on__range=within).count(),
            "missed_promises": missed.count(), "improvements": done.count()}


@transaction.atomic
def sign(member: Membership, campus: Campus, month: date, findings: str, *, at: datetime) -> ProcessReview:
    """The month was looked through. Signed again, its figures and words are those of the later look."""
    if month > timezone.localdate(at):
        raise Refused(_("这个月还没到。"))
    if not findings.strip():
        raise Refused(_("请写看到了什么、怎么改。"), "findings")
    figures = figures_of(member, campus, month, timezone.localdate(at))
    told = {"figures": asdict(figures), "findings": findings.strip()[:1000], "by": member, "at": at}
    row, _fresh = ProcessReview.objects.update_or_create(campus=campus, month=month, defaults=told)
    record(member, "reception.month_reviewed", row, month=f"{month:%Y-%m}")
    return row


# -- who has read how it is done -----------------------------------------------------------------------------------------------
def read(page: SopPage, *, by: Membership, at: datetime) -> None:
    """Reading twice is reading once; an older version is not read any more."""
    if not page.is_current:
        raise Refused(_("这一页刚有新的一版，请看新的。"), code="changed")
    SopRead.objects.get_or_create(page=page, member=by, defaults={"at": at})


def readers() -> dict[int, set[int]]:
    """Who has read each page in force: page id → member ids."""
    found: dict[int, set[int]] = {}
    for page, member in SopRead.objects.filter(page__is_current=True).values_list("page", "member"):
        found.setdefault(page, set()).add(member)
    return found


def end_of(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _back(month: date, number: int) -> date:
    """The first day of the month so many months before."""
    year, index = divmod(month.year * 12 + month.month - 1 - number, 12)
    return date(year, index + 1, 1)
