"""The year as a picture: twelve months of days, each with what it is."""
import calendar as months
from dataclasses import dataclass
from datetime import date

from crm.calendar import Calendar, DayPlan, Kind
from crm.explain import hours_of, why_of


@dataclass(frozen=True)
class Day:
    """One square of the picture."""

    day: date
    plan: DayPlan
    is_here: bool  # of this month, not its neighbour's
    is_today: bool

    @property
    def look(self) -> str:
        """The class of the square: open and closed ordinary days, else the kind."""
        if self.plan.kind is Kind.ORDINARY:
            return "open" if self.plan.shifts else "off"
        return self.plan.kind.value

    @property
    def said(self) -> str:
        return "，".join(part for part in (f"{self.day:%m-%d}", why_of(self.day, self.plan), hours_of(self.plan)) if part)


@dataclass(frozen=True)
class Month:
    first: date
    weeks: list[list[Day]]


def year_of(calendar: Calendar, year: int, today: date) -> list[Month]:
    """Twelve months, Monday first; days of neighbouring months are in it so that weeks are whole."""
    grid = months.Calendar(firstweekday=0)
    return [Month(date(year, month, 1),
                  [[Day(day, calendar.plan(day), day.month == month, day == today) for day in week]
                   for week in grid.monthdatescalendar(year, month)]) for month in range(1, 13)]


def open_days(calendar: Calendar, year: int) -> int:
    return sum(1 for month in range(1, 13) for day in months.Calendar().itermonthdates(year, month)
               if day.month == month and calendar.plan(day).shifts)
