"""什么时候欠一次联系: by the rhythm of a line and by days of the family's, on open days of the work calendar."""
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.calendar import Calendar, Kind, Shift, Special, weekly
from service_levels.plans.book import Line, Section, Unit
from service_levels.touches.owing import Owed, around, rhythm, spans

DAY = date(2026, 11, 20)  # a Friday
ONE = timedelta(days=1)
SHIFTS = (Shift(480, 1020),)
WEEK = [SHIFTS] * 5 + [(), ()]
UNITS = st.sampled_from([Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR])
DATES = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def calendar(*closed: date, opened: tuple[date, ...] = ()) -> Calendar:
    def layer(day: date):
        if day in closed:
            return Special(Kind.HOLIDAY)
        return Special(Kind.OPENING, shifts=SHIFTS) if day in opened else None
    return Calendar(ZoneInfo("Asia/Shanghai"), weekly(WEEK, [layer]))


def line(unit: Unit, times: int = 1) -> Line:
    return Line(Section.CADENCE, "联系", unit=unit, times=times)


def test_a_week_is_due_on_its_last_open_day():
    assert rhythm(line(Unit.WEEK), calendar(), DAY, DAY) == [Owed(date(2026, 11, 16), DAY, date(2026, 11, 18))]


def test_a_closed_friday_makes_it_due_on_thursday():
    found = rhythm(line(Unit.WEEK), calendar(DAY), DAY, DAY)

    assert [owed.due for owed in found] == [DAY - ONE]


def test_a_make_up_saturday_gives_one_day_more():
    found = rhythm(line(Unit.WEEK), calendar(opened=(DAY + ONE,)), DAY, DAY)

    assert [owed.due for owed in found] == [DAY + ONE]


def test_a_week_without_an_open_day_owes_nothing():
    closed = [date(2026, 11, 16) + ONE * n for n in range(5)]

    assert rhythm(line(Unit.WEEK), calendar(*closed), DAY, DAY) == []


@pytest.mark.parametrize(("unit", "times", "dues"), [
    (Unit.MONTH, 1, ["2026-11-30"]),
    (Unit.MONTH, 2, ["2026-11-30"]),          # the second half, in which the day is
    (Unit.QUARTER, 1, ["2026-12-31"]),
    (Unit.YEAR, 1, ["2026-12-31"]),
    (Unit.YEAR, 2, ["2026-12-31"]),
    (Unit.YEAR, 4, ["2026-12-31"]),
])
def test_a_span_is_due_at_its_end(unit, times, dues):
    assert [str(owed.due) for owed in rhythm(line(unit, times), calendar(), DAY, DAY)] == dues


def test_days_that_were_not_looked_at_are_made_up_for():
    found = rhythm(line(Unit.WEEK), calendar(), DAY - 14 * ONE, DAY)

    assert [owed.due for owed in found] == [DAY - 14 * ONE, DAY - 7 * ONE, DAY]


@given(unit=UNITS, times=st.integers(1, 60), first=DATES, length=st.integers(0, 800))
def test_spans_cover_every_day_once(unit, times, first, length):
    last = first + ONE * length
    found = list(spans(line(unit, times), first, last))

    assert found[0][0] <= first and found[-1][1] >= last
    assert all(begin <= end for begin, end in found)
    assert all(after[0] == before[1] + ONE for before, after in zip(found, found[1:], strict=False))


@given(times=st.integers(1, 7), year=st.integers(2000, 2099), unit=UNITS)
def test_a_year_has_as_many_spans_as_contacts(times, year, unit):
    first, last = date(year, 1, 1), date(year, 12, 31)
    inside = [span for span in spans(line(unit, times), first, last) if span[1] <= last and (unit is not Unit.WEEK or span[0] >= first)]

    assert len(inside) in {Unit.WEEK: {51 * times + n for n in range(2 * times)}, Unit.MONTH: {12 * times}, Unit.QUARTER: {4 * times},
                           Unit.YEAR: {times}}[unit]


@given(unit=UNITS, times=st.integers(1, 12), day=DATES)
def test_it_is_due_on_an_open_day_and_owed_while_half_of_them_are_left(unit, times, day):
    here = calendar()
    for owed in rhythm(line(unit, times), here, day, day):
        days = [one for n in range((owed.due - owed.opens).days + 1) if here.spells_on(one := owed.opens + ONE * n)]
        assert days[-1] == owed.due
        assert sum(one >= owed.since for one in days) * 2 >= len(days)


@pytest.mark.parametrize(("day", "due"), [
    ("2026-11-20", "2026-11-20"),  # a Friday
    ("2026-11-22", "2026-11-20"),  # a Sunday: said on the Friday before
])
def test_a_day_of_the_family_is_greeted_by_the_last_open_day(day, due):
    owed = around(date.fromisoformat(day), calendar())

    assert (str(owed.due), owed.opens) == (due, owed.due - 7 * ONE)


def test_in_a_long_holiday_the_greeting_comes_on_the_day_itself():
    closed = [DAY - ONE * n for n in range(10)]

    assert around(DAY, calendar(*closed)).due == DAY
