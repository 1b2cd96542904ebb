"""What a school's calendar rows come to: a Calendar for each campus, read in three queries."""
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from crm.calendar import Calendar, Kind, Layer, QuietHours, Shifts, Special, weekly
from crm.hours import parse_shifts
from crm.models import SpecialDays, WorkCalendar
from crm.publicdays import is_announced, public_day
from tenancy.models import Campus
from tenancy.scope import current_tenant

FILE = SpecialDays.Source.FILE
BY_RULE = {Kind.HOLIDAY: "keeps_holidays", Kind.MAKE_UP: "works_make_up"}


def zone() -> ZoneInfo:
    """The open school's time zone: dates are the campus's."""
    return ZoneInfo(current_tenant().time_zone)


def day_begins(day: date) -> datetime:
    """When a date of the school begins."""
    return datetime.combine(day, time.min, zone())


def work_calendar(campus: Campus | None = None) -> WorkCalendar:
    """The calendar that holds for a campus: its own, or the school's."""
    rows = _rows()
    return rows.get(campus.pk if campus else None) or rows[None]


def calendar_for(campus: Campus | None = None) -> Calendar:
    """The open time of a campus, or of the school as such."""
    return calendars_for([campus.pk if campus else None])[campus.pk if campus else None]


def calendars_for(campus_ids: Iterable[int | None]) -> Mapping[int | None, Calendar]:
    """One Calendar for each campus id; the number of queries does not grow with the campuses."""
    rows, here = _rows(), zone()
    return {pk: Calendar(here, _plan(rows.get(pk) or rows[None], rows[None])) for pk in campus_ids}


def quiet_hours() -> QuietHours:
    row = WorkCalendar.objects.get(campus=None)
    return QuietHours(row.quiet_from, row.quiet_until)


def announced(year: int, imported: Iterable[SpecialDays] | None = None) -> bool:
    """Whether the year's days off are known: from the package, or because the school has entered the notice."""
    known = SpecialDays.objects.filter(source=FILE) if imported is None else imported
    return is_announced(year) or any(row.source == FILE and year in (row.first.year, row.last.year) for row in known)


def week_of(calendar: WorkCalendar) -> tuple[Shifts, ...]:
    """The shifts of Monday to Sunday."""
    week: list[list] = [[] for _ in range(7)]
    for shift in calendar.shifts.all():
        week[shift.weekday].append(shift.as_shift())
    return tuple(tuple(shifts) for shifts in week)


def _rows() -> dict[int | None, WorkCalendar]:
    rows = WorkCalendar.objects.select_related("campus").prefetch_related("shifts", "special_days")
    return {row.campus_id: row for row in rows}


def _plan(own: WorkCalendar, schools: WorkCalendar):  # type: ignore[no-untyped-def]
    """The campus's own days before the school's, both before what the State has decided."""
    layers: list[Layer] = [_said_by(row) for row in dict.fromkeys((own, schools))]
    return weekly(week_of(own), [*layers, _public(own, schools)], own.make_up_like)


def _said_by(calendar: WorkCalendar) -> Layer:
    rows = [row for row in calendar.special_days.all() if row.source != FILE]
    rows.sort(key=lambda row: ((row.last - row.first).days, -row.pk))  # the shorter run wins, then the later entry
    return lambda day: next((_special(row) for row in rows if row.first <= day <= row.last), None)


def _public(own: WorkCalendar, schools: WorkCalendar) -> Layer:
    """Days off and make-up days as entered from the year's notice, else as the package has them, where the rules keep them."""
    entered = [row for row in schools.special_days.all() if row.source == FILE]
    years = {year for row in entered for year in (row.first.year, row.last.year)}

    def layer(day: date) -> Special | None:
        said = (next((_special(row) for row in entered if row.first <= day <= row.last), None) if day.year in years
                else public_day(day))
        return said if said is None or getattr(own, BY_RULE[said.kind]) else None
    return layer


def _special(row: SpecialDays) -> Special:
    return Special(Kind(row.kind), row.name, parse_shifts(row.hours) if row.hours else None)
