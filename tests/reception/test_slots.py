"""Slots of a day: where visits fit into the open time, by hand and by rule."""
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.calendar import Calendar, Kind, Shift, Special, tidy, weekly
from reception.slots import Pattern, fitting

CHINA = ZoneInfo("Asia/Shanghai")
MORNING, AFTERNOON = Shift(480, 720), Shift(840, 1050)
FRIDAY = date(2026, 11, 27)
MINUTE = timedelta(minutes=1)


def starts(calendar: Calendar, minutes: int, rest: int, first: date = FRIDAY, last: date = FRIDAY) -> list[str]:
    pattern = Pattern(MINUTE * minutes, MINUTE * rest)
    return [f"{begin.astimezone(CHINA):%d %H:%M}" for begin, _ in fitting(calendar, pattern, first, last)]


@pytest.fixture
def office() -> Calendar:
    return Calendar(CHINA, weekly([(MORNING, AFTERNOON)] * 5 + [(), ()]))


@pytest.mark.parametrize(
    ("minutes", "rest", "told"),
    [
        (50, 10, ["27 08:00", "27 09:00", "27 10:00", "27 11:00", "27 14:00", "27 15:00", "27 16:00"]),
        (120, 0, ["27 08:00", "27 10:00", "27 14:00"]),
        (100, 20, ["27 08:00", "27 10:00", "27 14:00"]),
        (210, 30, ["27 08:00", "27 14:00"]),
        (241, 0, []),
    ],
)
def test_visits_follow_each_other_and_none_runs_into_lunch(office, minutes, rest, told):
    assert starts(office, minutes, rest) == told


def test_the_rest_is_not_needed_after_the_last_visit(office):
    assert starts(office, 120, 60) == ["27 08:00", "27 14:00"]
    assert starts(office, 110, 20) == ["27 08:00", "27 10:10", "27 14:00"]


def test_a_closed_day_has_no_slots(office):
    assert starts(office, 50, 10, date(2026, 11, 28), date(2026, 11, 29)) == []


def test_a_make_up_saturday_has_a_weekdays_and_a_holiday_none():
    days = {date(2026, 10, 9): Special(Kind.HOLIDAY), date(2026, 10, 10): Special(Kind.MAKE_UP)}
    calendar = Calendar(CHINA, weekly([(MORNING,)] * 5 + [(), ()], [days.get]))

    assert starts(calendar, 120, 0, date(2026, 10, 9), date(2026, 10, 11)) == ["10 08:00", "10 10:00"]


def test_no_days_asked_none_given(office):
    assert starts(office, 50, 10, FRIDAY, FRIDAY - timedelta(days=1)) == []


@given(
    st.lists(st.tuples(st.integers(0, 1400), st.integers(5, 500)), max_size=3),
    st.integers(5, 240),
    st.integers(0, 60),
)
def test_every_slot_lies_in_open_time_and_keeps_its_rest(pairs, minutes, rest):
    shifts = tidy(Shift(start, min(1440, start + length)) for start, length in pairs)
    calendar = Calendar(CHINA, weekly([shifts] * 7))

    found = list(fitting(calendar, Pattern(MINUTE * minutes, MINUTE * rest), FRIDAY, FRIDAY))

    assert all(end - begin == MINUTE * minutes == calendar.elapsed(begin, end) for begin, end in found)
    for (_, before), (after, _) in zip(found, found[1:], strict=False):
        assert after - before >= MINUTE * rest or calendar.elapsed(before, after) < after - before


@given(st.integers(5, 240), st.integers(0, 60))
def test_as_many_fit_as_can(minutes, rest):
    calendar = Calendar(CHINA, weekly([(MORNING,)] * 7))

    found = list(fitting(calendar, Pattern(MINUTE * minutes, MINUTE * rest), FRIDAY, FRIDAY))

    assert len(found) == (240 + rest) // (minutes + rest)
    assert not found or found[0][0] == datetime(2026, 11, 27, 8, 0, tzinfo=CHINA)
