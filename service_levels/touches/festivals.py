"""节日: the great days of the year, by the sun and by the moon, from which a school chooses those it greets families on (K19c). Pure."""
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from crm.lunar import MonthDay, kept_on

ONE_DAY = timedelta(days=1)
# code → its day; the code is kept, the word is in service_levels/words.py
FESTIVALS: Mapping[str, MonthDay] = {
    "new-year": MonthDay(1, 1), "spring": MonthDay(1, 1, lunar=True), "lantern": MonthDay(1, 15, lunar=True),
    "women": MonthDay(3, 8), "labour": MonthDay(5, 1), "children": MonthDay(6, 1), "dragon-boat": MonthDay(5, 5, lunar=True),
    "mid-autumn": MonthDay(8, 15, lunar=True), "double-ninth": MonthDay(9, 9, lunar=True), "national": MonthDay(10, 1),
}
USUAL = ("spring", "children", "mid-autumn", "new-year")  # what a school begins with: K19(c) says the great ones


def between(codes: Iterable[str], first: date, last: date) -> Iterator[tuple[str, date]]:
    """The chosen festivals from a day to a day, in order. A code that is unknown has no day."""
    wanted = {FESTIVALS[code]: code for code in codes if code in FESTIVALS}
    for n in range((last - first).days + 1):
        day = first + ONE_DAY * n
        for what in kept_on(day):
            if what in wanted:
                yield wanted[what], day
