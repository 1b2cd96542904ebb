"""A deadline in words, and the year as a picture."""

from datetime import date, datetime, timedelta

import pytest

from crm.calendar import DayPlan, Kind, Shift
from crm.explain import lasting, told, why_of
from crm.opening import calendar_for
from crm.yearview import open_days, year_of

MORNING = (Shift(480, 720),)


def test_a_deadline_over_national_day_names_the_holiday_and_the_make_up_saturday(miao):
    calendar = calendar_for()
    since = datetime(2026, 9, 30, 16, 30, tzinfo=calendar.zone)

    lines = told(calendar, since, calendar.due(since, timedelta(hours=17)))

    assert [(line.days, line.why, line.times, line.counted, line.total) for line in lines] == [
        ("09-30 周三", "", "16:30–17:30", "1 时", "1 时"),
        ("10-01 周四 到 10-07 周三", "国庆节", "", "–", "1 时"),
        ("10-08 周四 到 10-09 周五", "", "每天 08:00–12:00，14:00–17:30", "15 时", "16 时"),
        ("10-10 周六", "周六，调休上班", "08:00–09:00", "1 时", "17 时"),
    ]


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (DayPlan(Kind.ORDINARY, "", MORNING), ""),
        (DayPlan(Kind.ORDINARY, "", ()), "休息"),
        (DayPlan(Kind.MAKE_UP, "", MORNING), "周六，调休上班"),
        (DayPlan(Kind.HOLIDAY, "国庆节、中秋节", ()), "国庆节、中秋节"),
        (DayPlan(Kind.HOLIDAY, "", ()), "放假"),
        (DayPlan(Kind.CLOSURE, "", ()), "闭园"),
        (DayPlan(Kind.CLOSURE, "修水管", ()), "修水管"),
        (DayPlan(Kind.BREAK, "", ()), "寒暑假"),
        (DayPlan(Kind.OPENING, "", MORNING), "加开"),
    ],
)
def test_a_day_says_what_it_is(plan, why):
    assert why_of(date(2026, 10, 10), plan) == why


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0 分"),
        (timedelta(minutes=5), "5 分"),
        (timedelta(hours=2), "2 时"),
        (timedelta(hours=7, minutes=30), "7 时 30 分"),
        (timedelta(seconds=59), "0 分"),
        (timedelta(days=2), "48 时"),
    ],
)
def test_a_span_is_told_in_hours_and_minutes(span, words):
    assert lasting(span) == words


def test_the_year_is_twelve_months_of_whole_weeks(miao):
    months = year_of(calendar_for(), 2026, date(2026, 11, 27))

    assert [month.first.month for month in months] == list(range(1, 13)) and all(
        len(week) == 7 for month in months for week in month.weeks
    )
    assert sum(day.is_here for month in months for week in month.weeks for day in week) == 365
    assert [
        day.day for month in months for week in month.weeks for day in week if day.is_today and day.is_here
    ] == [date(2026, 11, 27)]


@pytest.mark.parametrize(
    ("day", "look", "said"),
    [
        (date(2026, 10, 1), "holiday", "10-01，国庆节"),
        (date(2026, 10, 10), "make_up", "10-10，周六，调休上班，08:00–12:00，14:00–17:30"),
        (date(2026, 10, 11), "off", "10-11，休息"),
        (date(2026, 10, 12), "open", "10-12，08:00–12:00，14:00–17:30"),
    ],
)
def test_a_square_of_the_picture_looks_and_says_what_its_day_is(miao, day, look, said):
    squares = {
        d.day: d
        for month in year_of(calendar_for(), 2026, day)
        for week in month.weeks
        for d in week
        if d.is_here
    }

    assert (squares[day].look, squares[day].said) == (look, said)


def test_the_open_days_of_a_year_are_its_working_days(miao):
    assert (
        open_days(calendar_for(), 2026) == 261 - 19 + 6
    )  # weekdays, less those that are holidays, and the make-up days
