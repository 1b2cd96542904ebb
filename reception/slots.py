"""时段: where visits of one kind fit into a calendar's open time. Pure."""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Pattern:
    """How long a visit of one kind takes, and the rest after it before the next may begin."""

    length: timedelta
    rest: timedelta

    @property
    def step(self) -> timedelta:
        return self.length + self.rest


def fitting(calendar: Calendar, pattern: Pattern, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """The visits of the days from first to last: one after the other from the beginning of each open spell, none over its end."""
    day = first
    while day <= last:
        for spell in calendar.spells_on(day):
            begin = spell.starts
            while begin + pattern.length <= spell.ends:
                yield begin, begin + pattern.length
                begin += pattern.step
        day += timedelta(days=1)
