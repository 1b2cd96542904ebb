"""什么时候欠一次联系: the days on which a plan's lines fall due, by the work calendar (SPEC B7, K19–K31, S9, S12d, S13d). Pure.

A rhythm divides its week, month, quarter or year into as many spans as there are contacts; each is due on the span's last open day.
A span without an open day owes nothing: nobody works in it.
"""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crm.calendar import Calendar
from crm.days import quarter
from service_levels.plans.book import Line, Unit

ONE_DAY = timedelta(days=1)
AHEAD = 7  # days before its own day that a greeting is shown; and how far back an open day is looked for


@dataclass(frozen=True, slots=True, order=True)
class Owed:
    """One contact that falls due: to be done from ``opens`` on, by ``due``. It is owed to whom the line has held since ``since``."""

    opens: date
    due: date
    since: date


def rhythm(line: Line, calendar: Calendar, first: date, last: date) -> list[Owed]:
    """What the line's rhythm owes in the spans that touch the days from first to last."""
    return [owed for start, end in spans(line, first, last) if (owed := _in_span(calendar, start, end))]


def spans(line: Line, first: date, last: date) -> Iterator[tuple[date, date]]:
    """The spans of a line, (first day, last day), that touch the days from first to last. More contacts than days make fewer spans."""
    start = _begins(line.unit, first)
    while start <= last:
        after = _begins(line.unit, start + _LONGEST[line.unit])
        days = (after - start).days
        edges = [start + ONE_DAY * (days * n // line.times) for n in range(line.times + 1)]
        for begin, end in zip(edges, edges[1:], strict=False):
            if begin < end and begin <= last and end > first:
                yield begin, end - ONE_DAY
        start = after


def around(day: date, calendar: Calendar) -> Owed:
    """What a day of the family's or a festival owes: a greeting by the last open day of the week that ends with it.

    Where the week has none, as in a long holiday, it is due on the day itself: a greeting needs no open door.
    """
    near = (day - ONE_DAY * n for n in range(AHEAD))
    due = next((one for one in near if calendar.spells_on(one)), day)
    return Owed(due - ONE_DAY * AHEAD, due, due)


def _in_span(calendar: Calendar, start: date, end: date) -> Owed | None:
    """Due on the last open day; for whom the line holds while at least half of the open days are left."""
    days = [day for n in range((end - start).days + 1) if calendar.spells_on(day := start + ONE_DAY * n)]
    return Owed(start, days[-1], days[len(days) // 2]) if days else None


_LONGEST = {Unit.WEEK: timedelta(days=7), Unit.MONTH: timedelta(days=31), Unit.QUARTER: timedelta(days=92), Unit.YEAR: timedelta(days=366)}


def _begins(unit: Unit, day: date) -> date:
    """The first day of the week, month, quarter or year that a day is in."""
    if unit is Unit.WEEK:
        return day - ONE_DAY * day.weekday()
    if unit is Unit.MONTH:
        return day.replace(day=1)
    return quarter(day) if unit is Unit.QUARTER else date(day.year, 1, 1)
