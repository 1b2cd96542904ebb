"""周历, 月历: every visit on its day and hour, places left, days off; the same number of statements however many there are."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Entry
from crm.opening import work_calendar
from crm.timetable import add_days
from reception.agenda import days_of, month_beside, month_of, week_of
from reception.booking import book, cancel, come
from reception.models import Booking, Slot
from tenancy.models import Campus, MembershipCampus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.reception.makers import slot, wish

S = "/s/miao/visits"
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
FRIDAY = date(2026, 11, 20)  # the day of all these tests, ten in the morning


@pytest.fixture(autouse=True)
def the_clock(on_the_day):
    """One day for all."""


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def desk(fang):
    return signed_in(fang)


def at(day: date, hour: int = 9) -> datetime:
    """An hour of the campus, eight ahead of UTC."""
    return datetime(day.year, day.month, day.day, hour - 8, tzinfo=UTC)


def visit(day: date, n: int = 0, hour: int = 9, capacity: int = 3, **fields) -> Booking:
    here = Slot.objects.filter(starts_at=at(day, hour),
            **({"campus": fields["campus"]} if "campus" in fields else {})).first()
    here = here or slot(capacity, at(day, hour), **fields)
    return book(here, wish(n), cutoff=at(day) - timedelta(days=30), channel="phone", at=at(day) - timedelta(days=2)).booking


def read(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# -- the shape of a week and a month -----------------------------------------------------------------------------------------
@given(DAYS)
def test_a_week_begins_on_monday_and_holds_its_day(day):
    week = week_of(day)

    assert len(week) == 7
    assert week[0].weekday() == 0
    assert day in week
    assert week[-1] - week[0] == timedelta(days=6)


@given(DAYS)
def test_a_month_is_whole_weeks_and_holds_every_day_of_it(day):
    weeks = month_of(day)
    days = [one for week in weeks for one in week]

    assert {len(week) for week in weeks} == {7} and all(week[0].weekday() == 0 for week in weeks)
    assert [one for one in days if one.month == day.month] == sorted(one for one in days if one.month == day.month)
    assert day in days and days == [days[0] + timedelta(days=n) for n in range(len(days))]


@given(DAYS)
def test_the_months_beside_are_one_step_away_and_back(day):
    first = day.replace(day=1)

    assert month_beside(month_beside(day, 1), -1) == first == month_beside(month_beside(day, -1), 1)
    assert month_beside(day, 1) > day and month_beside(day, -1) < first


# -- what a day shows --------------------------------------------------------------------------------------------------------
def test_each_visit_stands_on_its_day_by_the_hour(fang, miao):
    late, early = visit(FRIDAY, 1, 15), visit(FRIDAY, 2, 9)
    visit(FRIDAY + timedelta(days=1), 3)

    days = days_of(fang, week_of(FRIDAY), makers.campus())

    assert [len(day.visits) for day in days] == [0, 0, 0, 0, 2, 1, 0]
    assert list(days[4].visits) == [early, late]


def test_a_late_evening_belongs_to_its_own_day(fang, miao):
    visit(FRIDAY, 1, 23)

    assert [len(day.visits) for day in days_of(fang, [FRIDAY, FRIDAY + timedelta(days=1)], makers.campus())] == [1, 0]


def test_who_came_and_who_did_not_are_counted_and_who_called_off_is_gone(fang, miao):
    came, missed, off, coming = (visit(FRIDAY, n, 9, 5) for n in range(4))
    come(came, "arrive", by=fang, at=timezone.now())
    come(missed, "miss", by=fang, at=timezone.now())
    cancel(off, reason="孩子发烧", at=timezone.now())

    day = days_of(fang, [FRIDAY], makers.campus())[0]

    assert (len(day.visits), day.arrived, day.missed) == (3, 1, 1) and coming in day.visits


def test_places_left_are_those_still_to_come(fang, miao):
    visit(FRIDAY, 1, 15, 3)
    slot(2, at(FRIDAY, 16))
    slot(5, at(FRIDAY, 9))  # is over
    slot(4, at(FRIDAY, 17), state="blocked")

    assert days_of(fang, [FRIDAY], makers.campus())[0].free == 4


def test_a_day_off_says_what_it_is(fang, miao):
    add_days(work_calendar(), first=FRIDAY, last=FRIDAY, kind="closure", name="运动会", hours="", by=miao.head)

    friday, saturday = days_of(fang, [FRIDAY, FRIDAY + timedelta(days=1)], makers.campus())

    assert (friday.plan.name, friday.plan.shifts) == ("运动会", ()) and saturday.plan.shifts == ()


def test_days_of_the_neighbouring_months_are_marked(fang, miao):
    days = days_of(fang, [day for week in month_of(FRIDAY) for day in week], makers.campus(), FRIDAY.month)

    assert [day.day.month for day in days if not day.is_in] == [10] * 6 + [12] * 6
    assert sum(day.is_in for day in days) == 30


def test_a_campus_shows_its_own(school, fang):
    with tenant_scope(school):
        west = Campus.objects.create(code="w", name="西园")
        here = Campus.objects.exclude(pk=west.pk).get()
        visit(FRIDAY, 1, campus=west)
        visit(FRIDAY, 2, 15, campus=here)

        assert [len(days_of(fang, [FRIDAY], campus)[0].visits) for campus in (west, here)] == [1, 1]


# -- on the screen ------------------------------------------------------------------------------------------------------------
def test_the_week_names_families_hours_and_places(school, desk):
    with tenant_scope(school):
        row = visit(FRIDAY, 1, 15)
        slot(2, at(FRIDAY, 16))

    page = read(desk.get(f"{S}/week/?day={FRIDAY}"))

    assert "这一周 1 组" in page and "15:00</span> 罗女士" in page and "还空 4 组" in page
    assert f"/s/miao/visits/{row.pk}/" in page
    assert "is-today" in page
    assert "2026-11-16 – 2026-11-22" in page


def test_the_month_tells_counts_and_leads_to_the_day(school, desk, fang):
    with tenant_scope(school):
        come(visit(FRIDAY, 1), "arrive", by=fang, at=timezone.now())
        visit(FRIDAY + timedelta(days=7), 2)

    page = read(desk.get(f"{S}/month/?day={FRIDAY}"))

    assert "2026-11 2 组" in page.replace("　", " ")
    assert "来了 1" in page
    assert f"board/?day={FRIDAY}" in page
    assert "day=2026-10-01" in page and "day=2026-12-01" in page


@pytest.mark.parametrize("view", ["week", "month"])
@pytest.mark.parametrize("words", ["day=soon", "day=0001-01-01", "day=9999-12-31", "day=", "campus=abc"])
def test_an_odd_day_is_read_as_well_as_can_be(desk, view, words):
    assert desk.get(f"{S}/{view}/?{words}").status_code in (200, 404)


def test_looking_at_a_week_of_families_is_in_the_audit(school, desk, fang):
    with tenant_scope(school):
        row = visit(FRIDAY, 1)
    desk.get(f"{S}/week/?day={FRIDAY}")

    with tenant_scope(school):
        entry = Entry.objects.filter(actor=fang, verb="reception.listed").get()
        assert entry.data["ids"] == [row.pk]


def test_another_campus_is_not_there(school):
    with tenant_scope(school):
        west = Campus.objects.create(code="w", name="西园")
        here = Campus.objects.exclude(pk=west.pk).get()
    other = make_member(school, "frontdesk", "西园前台")
    with tenant_scope(school):
        MembershipCampus.objects.create(membership=other, campus=west)

    assert signed_in(other).get(f"{S}/week/?campus={here.pk}").status_code == 404


@pytest.mark.parametrize("view", ["week", "month"])
def test_many_visits_cost_as_many_statements_as_one(school, desk, view):
    with tenant_scope(school):
        visit(FRIDAY, 0, 9, 30)
    desk.get(f"{S}/{view}/?day={FRIDAY}")
    with CaptureQueriesContext(connection) as few:
        desk.get(f"{S}/{view}/?day={FRIDAY}")
    with tenant_scope(school):
        for n in range(1, 20):
            visit(FRIDAY, n, 9)

    with CaptureQueriesContext(connection) as many:
        desk.get(f"{S}/{view}/?day={FRIDAY}")

    assert len(few) == len(many)
