"""放假与调休: public holidays of a year, as the State Council's notice has them. Data: the ``holidays`` package.

A period is what the notice says: the holidays of the law, the days moved for it, and the weekend days that join them. That
matters to whoever is open at weekends. A year whose notice is not in the package is reckoned, and says so.
"""
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache

from holidays.countries.china import China, ChinaStaticHolidays

from crm.calendar import Kind, Special

ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2000, 2099  # outside of these the moon is not reckoned and nobody asks
WEEKEND = (5, 6)


def is_announced(year: int) -> bool:
    """Whether the year's notice is known: only then are there days moved and make-up days."""
    return year in ChinaStaticHolidays.special_public_holidays


@cache
def public_days(year: int) -> Mapping[date, Special]:
    """Every day of the year that is off or, being a weekend day, worked. An unknown year has the law's own days only."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    told = China(years=[year - 1, year, year + 1], language="zh_CN", expand=False)
    worked = {day for day in told.weekend_workdays if abs(day.year - year) <= 1}
    named: dict[date, Special] = {day: Special(Kind.MAKE_UP, "") for day in worked}
    for period in _periods(set(told), worked):
        name = _name(told[day] for day in period if day in told)
        named |= {day: Special(Kind.HOLIDAY, name) for day in period}
    return {day: said for day, said in named.items() if day.year == year}


def public_day(day: date) -> Special | None:
    return public_days(day.year).get(day)


def _periods(told: set[date], worked: set[date]) -> list[list[date]]:
    """Runs of days off: what is told, and the weekend days that touch it and are not worked."""
    off = set(told)
    for day in sorted(told):
        for step in (ONE_DAY, -ONE_DAY):
            near = day + step
            while near.weekday() in WEEKEND and near not in worked:
                off.add(near)
                near += step
    periods: list[list[date]] = []
    for day in sorted(off):
        if periods and periods[-1][-1] == day - ONE_DAY:
            periods[-1].append(day)
        else:
            periods.append([day])
    return periods


def _name(told: Iterable[str]) -> str:
    """The festivals of a period in their order, without what the package says of moved days."""
    plain = [name.split("（")[0] for text in told for name in text.split("; ")]
    names = dict.fromkeys(n for n in plain if n not in ("休息日", "农历除夕"))
    return "、".join(names)
