"""周历、月历: the visits of a week or a month at a glance, in two statements however many there are."""
import calendar
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F
from django.utils import timezone

from crm.calendar import DayPlan
from crm.opening import calendar_for, day_begins, zone
from reception import flow
from reception.access import bookings, slots
from reception.flow import State
from reception.models import Booking
from tenancy.models import Campus, Membership

SHOWN = (*flow.COMING, State.ARRIVED, State.NO_SHOW)


@dataclass(frozen=True)
class Day:
    """One day of the picture: who comes, how many places are left, what kind of day it is."""

    day: date
    visits: tuple[Booking, ...]
    free: int
    plan: DayPlan
    is_in: bool  # of the month that is shown, not of the edge of its neighbours

    @property
    def arrived(self) -> int:
        return sum(row.state == State.ARRIVED for row in self.visits)

    @property
    def missed(self) -> int:
        return sum(row.state == State.NO_SHOW for row in self.visits)


def week_of(day: date) -> list[date]:
    """Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(7)]


def month_of(day: date) -> list[list[date]]:
    """The weeks that a month touches, each from Monday to Sunday."""
    return calendar.Calendar().monthdatescalendar(day.year, day.month)


def month_beside(day: date, step: int) -> date:
    """The first of the month before (−1) or after (1)."""
    first = day.replace(day=1)
    return (first + timedelta(days=32)).replace(day=1) if step > 0 else (first - timedelta(days=1)).replace(day=1)


def days_of(member: Membership, days: Iterable[date], campus: Campus, month: int | None = None) -> list[Day]:
    """Each day with its visits by the hour."""
    wanted = list(days)
    span = {"starts_at__gte": day_begins(wanted[0]), "starts_at__lt": day_begins(wanted[-1] + timedelta(days=1))}
    visits: dict[date, list[Booking]] = defaultdict(list)
    for row in bookings(member).filter(**span, slot__campus=campus, state__in=SHOWN).order_by("starts_at", "pk"):
        visits[timezone.localdate(row.starts_at, zone())].append(row)
    free = Counter[date]()
    rows = slots(member).bookable(timezone.now()).filter(**span, campus=campus, booked__lt=F("capacity"))
    for starts_at, places, booked in rows.values_list("starts_at", "capacity", "booked"):
        free[timezone.localdate(starts_at, zone())] += places - booked
    plan = calendar_for(campus).plan
    return [Day(day, tuple(visits[day]), free[day], plan(day), month is None or day.month == month) for day in wanted]

