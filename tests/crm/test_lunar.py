"""公历和农历: what is celebrated on a day, by the sun and by the moon."""
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.lunar import MonthDay, kept_on, said

ONE = timedelta(days=1)


@pytest.mark.parametrize(("day", "what"), [
    (date(2027, 2, 6), MonthDay(1, 1, lunar=True)),     # 春节
    (date(2026, 9, 25), MonthDay(8, 15, lunar=True)),   # 中秋
    (date(2026, 6, 19), MonthDay(5, 5, lunar=True)),    # 端午
    (date(2026, 10, 18), MonthDay(9, 9, lunar=True)),   # 重阳
    (date(2026, 6, 1), MonthDay(6, 1)),
])
def test_a_festival_falls_on_its_day(day, what):
    assert what in kept_on(day)


def test_the_last_of_february_is_kept_in_a_common_year_too():
    assert MonthDay(2, 29) in kept_on(date(2026, 2, 28))
    assert MonthDay(2, 29) not in kept_on(date(2028, 2, 28))
    assert MonthDay(2, 29) in kept_on(date(2028, 2, 29))


def test_the_thirtieth_of_the_moon_is_kept_on_the_last_day_of_a_short_month():
    assert kept_on(date(2025, 1, 28))[1:] == (MonthDay(12, 29, lunar=True), MonthDay(12, 30, lunar=True))


def test_a_leap_month_celebrates_nothing_twice():
    """2025 has two sixth months: the second began on 25 July."""
    assert MonthDay(6, 1, lunar=True) in kept_on(date(2025, 6, 25))
    assert kept_on(date(2025, 7, 25)) == (MonthDay(7, 25),)


@given(year=st.integers(2000, 2090), month=st.integers(1, 12), day=st.integers(1, 29))
def test_every_day_of_the_moon_comes_once_in_its_year(year, month, day):
    """From one new year to the next a day of a month is kept exactly once."""
    what = MonthDay(month, day, lunar=True)
    start = _new_year(year)
    days = (_new_year(year + 1) - start).days

    assert sum(what in kept_on(start + ONE * n) for n in range(days)) == 1


def _new_year(year: int) -> date:
    return next(day for n in range(31) if MonthDay(1, 1, lunar=True) in kept_on(day := date(year, 1, 21) + ONE * n))


@pytest.mark.parametrize(("what", "words"), [
    (MonthDay(8, 15, lunar=True), "农历八月十五"),
    (MonthDay(1, 1, lunar=True), "农历正月初一"),
    (MonthDay(12, 30, lunar=True), "农历腊月三十"),
    (MonthDay(6, 1), "6-1"),
])
def test_a_day_of_the_moon_is_said_in_its_own_words(what, words):
    assert said(what) == words
