"""公历和农历的日子: on which day of a year something falls that comes every year, by the sun or by the moon. Pure; data: ``borax``."""
from dataclasses import dataclass
from datetime import date, timedelta

from borax.calendars.lunardate import LCalendars, LunarDate

ONE_DAY = timedelta(days=1)
LAST_OF_SHORT_MONTH, LAST_OF_LONG_MONTH = 29, 30


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of every year; ``lunar``: of the moon's year."""

    month: int
    day: int
    lunar: bool = False


def kept_on(day: date) -> tuple[MonthDay, ...]:
    """What is celebrated on a day.

    29 February is kept on the 28th of a common year; the thirtieth of the moon on the twenty-ninth where the month has none. A leap
    month celebrates nothing: the month before it did.
    """
    solar = [MonthDay(day.month, day.day)]
    if (day.month, day.day) == (2, 28) and (day + ONE_DAY).day == 1:
        solar.append(MonthDay(2, 29))
    moon = LunarDate.from_solar_date(day.year, day.month, day.day)
    if moon.leap:
        return tuple(solar)
    days = [moon.day]
    if moon.day == LAST_OF_SHORT_MONTH == LCalendars.ndays(moon.year, moon.month):
        days.append(LAST_OF_LONG_MONTH)
    return (*solar, *(MonthDay(moon.month, one, lunar=True) for one in days))


def said(what: MonthDay) -> str:
    """农历八月十五; a solar day has figures."""
    if not what.lunar:
        return f"{what.month}-{what.day}"
    ten = LunarDate(_LONG[what.month], what.month, what.day)
    return f"农历{ten.cn_month}月{ten.cn_day}"


def _a_year_with_thirty_days(month: int) -> int:
    return next(year for year in range(2000, 2100) if LCalendars.ndays(year, month) == LAST_OF_LONG_MONTH)


_LONG = {month: _a_year_with_thirty_days(month) for month in range(1, 13)}
