"""When a parent is reminded: pure, and never in quiet hours whatever the hour of the visit."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.calendar import QuietHours
from reception.reminders import APART, DAY_BEFORE, SOON, due_times

HERE = ZoneInfo("Asia/Shanghai")
NIGHT = QuietHours(time(21, 0), time(7, 30))
NONE = QuietHours(time(0, 0), time(0, 0))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=HERE)


def due(starts_at: datetime, told_at: datetime, quiet: QuietHours = NIGHT, **words) -> dict[str, datetime]:
    return {
        kind: when.astimezone(HERE)
        for kind, when in due_times(starts_at, told_at, quiet, HERE, **words).items()
    }


def test_a_visit_next_week_is_reminded_of_the_day_before_and_two_hours_before():
    assert due(at(30, 15), at(23, 9)) == {DAY_BEFORE: at(29, 15), SOON: at(30, 13)}


@pytest.mark.parametrize(
    ("starts_at", "last"),
    [
        (at(30, 9), at(30, 7, 30)),  # two hours before is night: when the night is over
        (at(30, 8), at(30, 7, 30)),  # half an hour is still enough
        (at(30, 7, 45), at(29, 21)),  # it is not: the evening before
    ],
)
def test_nobody_is_woken_for_an_early_visit(starts_at, last):
    assert due(starts_at, at(23, 9), day_before=False) == {SOON: last}


def test_an_early_visit_has_one_reminder_in_the_evening_not_two():
    assert due(at(30, 7, 45), at(23, 9)) == {DAY_BEFORE: at(29, 7, 45), SOON: at(29, 21)}
    assert due(at(30, 5), at(23, 9)) == {DAY_BEFORE: at(28, 21), SOON: at(29, 21)}


def test_a_late_visit_is_reminded_of_before_the_quiet_hours_of_the_day_before():
    assert due(at(30, 22), at(23, 9)) == {DAY_BEFORE: at(29, 21), SOON: at(30, 20)}


@pytest.mark.parametrize(
    ("told_at", "kinds"),
    [
        (at(29, 12, 59), {DAY_BEFORE, SOON}),
        (at(29, 13, 1), {SOON}),
        (at(30, 12, 30), {SOON}),
        (at(30, 12, 31), set()),
        (at(30, 14), set()),
    ],
)
def test_what_would_come_right_behind_the_confirmation_is_left_out(told_at, kinds):
    assert set(due(at(30, 15), told_at)) == kinds


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ({"day_before": False}, {SOON}),
        ({"soon": timedelta()}, {DAY_BEFORE}),
        ({"day_before": False, "soon": timedelta()}, set()),
    ],
)
def test_a_school_may_do_without(words, kinds):
    assert set(due(at(30, 15), at(23, 9), **words)) == kinds


def test_a_school_may_remind_a_quarter_of_an_hour_before():
    assert due(at(30, 15), at(23, 9), day_before=False, soon=timedelta(minutes=15)) == {SOON: at(30, 14, 45)}


def test_the_day_before_is_the_same_hour_of_the_clock_when_clocks_change():
    paris = ZoneInfo("Europe/Paris")
    visit = datetime(2026, 10, 25, 15, 0, tzinfo=paris)

    when = due_times(visit, visit - timedelta(days=5), NONE, paris)[DAY_BEFORE]

    assert when.astimezone(paris) == datetime(2026, 10, 24, 15, 0, tzinfo=paris) and visit.astimezone(
        UTC
    ) - when == timedelta(hours=25)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
clock = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@given(moments, moments, clock, clock, st.integers(0, 1440))
def test_whatever_the_hours_every_reminder_is_in_time_outside_of_quiet_hours_and_apart(
    starts_at, told_at, first, last, minutes
):
    quiet = QuietHours(first, last)

    planned = due_times(starts_at, told_at, quiet, HERE, soon=timedelta(minutes=minutes))

    assert all(
        told_at <= when < starts_at and not quiet.holds(when, HERE) or when == quiet.before(when, HERE)
        for when in planned.values()
    )
    assert len(planned) < 2 or planned[SOON] - planned[DAY_BEFORE] >= APART
