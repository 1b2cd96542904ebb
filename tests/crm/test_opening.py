"""What a school's calendar rows come to, campus by campus, in a constant number of queries."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.calendar import Kind, QuietHours, Shift
from crm.models import SpecialDays, WorkCalendar, WorkShift
from crm.opening import announced, calendar_for, calendars_for, quiet_hours, week_of, work_calendar, zone
from crm.timetable import add_days, furnish, go_own_way
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_school

DAY_SHIFTS = (Shift(480, 720), Shift(840, 1050))


def plan_on(day: str, campus=None):
    plan = calendar_for(campus).plan(date.fromisoformat(day))
    return plan.kind, plan.name, bool(plan.shifts)


@pytest.mark.parametrize(
    ("kind", "opened"),
    [
        ("kindergarten", [1, 1, 1, 1, 1, 0, 0]),
        ("nursery", [1, 1, 1, 1, 1, 0, 0]),
        ("training", [0, 1, 1, 1, 1, 1, 1]),
    ],
)
def test_a_new_school_has_the_week_of_its_trade(db, kind, opened):
    with tenant_scope(make_school(f"new-{kind}", kind)):
        assert [int(bool(shifts)) for shifts in week_of(work_calendar())] == opened


def test_furnishing_again_changes_nothing(miao):
    before = list(WorkShift.objects.values_list("weekday", "starts", "ends"))
    WorkCalendar.objects.update(keeps_holidays=False)

    furnish(miao)

    assert list(WorkShift.objects.values_list("weekday", "starts", "ends")) == before
    assert WorkCalendar.objects.get().keeps_holidays is False


@pytest.mark.parametrize(
    ("day", "plan"),
    [
        ("2026-10-09", (Kind.ORDINARY, "", True)),
        ("2026-10-03", (Kind.HOLIDAY, "国庆节", False)),
        ("2026-10-10", (Kind.MAKE_UP, "", True)),
        ("2026-10-11", (Kind.ORDINARY, "", False)),
    ],
)
def test_a_kindergarten_keeps_the_years_notice(miao, day, plan):
    assert plan_on(day) == plan


def test_a_training_centre_works_as_on_any_weekend_when_others_make_up(db):
    with tenant_scope(make_school("peixun", "training")):
        assert plan_on("2026-10-10") == (Kind.ORDINARY, "", True)
        assert plan_on("2026-10-04") == (Kind.HOLIDAY, "国庆节", False)


def test_a_school_that_keeps_no_holidays_is_open_on_them(miao):
    WorkCalendar.objects.update(keeps_holidays=False)

    assert plan_on("2026-10-01") == (Kind.ORDINARY, "", True)


def test_the_schools_own_days_hold_for_every_campus_and_a_campus_may_differ(miao):
    campus, by = makers.campus(), miao.head
    add_days(
        work_calendar(),
        first=date(2027, 1, 18),
        last=date(2027, 2, 19),
        kind="break",
        name="寒假",
        hours="",
        by=by,
    )
    own = go_own_way(campus, by=by)
    add_days(
        own,
        first=date(2027, 1, 18),
        last=date(2027, 1, 22),
        kind="opening",
        name="寒假托管",
        hours="9:00-15:00",
        by=by,
    )

    assert plan_on("2027-01-19") == (Kind.BREAK, "寒假", False)
    assert plan_on("2027-01-19", campus) == (Kind.OPENING, "寒假托管", True)
    assert plan_on("2027-01-25", campus) == (Kind.BREAK, "寒假", False)


def test_the_shorter_run_wins_and_among_equals_the_later_entry(miao):
    calendar, by = work_calendar(), miao.head
    for first, last, kind, name, hours in [
        ("2026-12-07", "2026-12-11", "closure", "检修", ""),
        ("2026-12-09", "2026-12-09", "opening", "半天", "8:00-12:00"),
        ("2026-12-10", "2026-12-10", "closure", "先写", ""),
        ("2026-12-10", "2026-12-10", "closure", "后写", ""),
    ]:
        add_days(
            calendar,
            first=date.fromisoformat(first),
            last=date.fromisoformat(last),
            kind=kind,
            name=name,
            hours=hours,
            by=by,
        )

    assert [plan_on(f"2026-12-{day:02d}")[1] for day in (8, 9, 10)] == ["检修", "半天", "后写"]


def test_days_that_were_entered_from_a_notice_stand_in_place_of_the_reckoned_ones(miao):
    calendar = work_calendar()
    before = plan_on("2027-02-05")
    SpecialDays.objects.create(
        calendar=calendar,
        first=date(2027, 2, 6),
        last=date(2027, 2, 12),
        kind="holiday",
        name="春节",
        source="file",
    )

    assert before == (Kind.HOLIDAY, "春节", False)
    assert plan_on("2027-02-05") == (Kind.ORDINARY, "", True) and plan_on("2027-02-12") == (
        Kind.HOLIDAY,
        "春节",
        False,
    )
    assert announced(2027) and not announced(2028) and announced(2026)


def test_what_somebody_wrote_by_hand_goes_before_the_notice(miao):
    add_days(
        work_calendar(),
        first=date(2026, 10, 7),
        last=date(2026, 10, 7),
        kind="opening",
        name="提前开园",
        hours="8:00-12:00",
        by=miao.head,
    )

    assert plan_on("2026-10-07") == (Kind.OPENING, "提前开园", True)


def test_quiet_hours_are_the_schools(miao):
    assert quiet_hours() == QuietHours(time(21), time(8))


def test_dates_are_those_of_the_schools_time_zone(school):
    school.time_zone = "Asia/Urumqi"

    with tenant_scope(school):
        assert zone().key == "Asia/Urumqi" and calendar_for().zone.key == "Asia/Urumqi"


def test_another_schools_calendar_is_not_seen(school, other_school):
    with tenant_scope(school):
        mine = calendar_for().spells_on(date(2026, 11, 28))
    with tenant_scope(other_school):
        theirs = calendar_for().spells_on(date(2026, 11, 28))

    assert mine == () and len(theirs) == 2


def test_ten_campuses_take_as_many_queries_as_one(miao):
    one = counted([makers.campus().pk])
    campuses = [Campus.objects.create(code=f"c{n}", name=f"{n}园") for n in range(9)]
    for campus in campuses[:4]:
        add_days(
            go_own_way(campus, by=miao.head),
            first=date(2026, 12, 1),
            last=date(2026, 12, 1),
            kind="closure",
            name="",
            hours="",
            by=miao.head,
        )

    assert counted([c.pk for c in campuses]) == one == 3


def counted(ids) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        calendars_for(ids)
    return len(queries)


def test_a_day_of_the_school_is_reckoned_once(miao):
    calendar = calendar_for()
    since = calendar.next_open(calendar.spells_on(date(2026, 11, 27))[0].starts)

    assert calendar.due(since, timedelta(hours=7.5)) == calendar.spells_on(date(2026, 11, 27))[-1].ends
    assert [s.day for s in calendar.spells_on(date(2026, 11, 27))] == [date(2026, 11, 27)] * 2
