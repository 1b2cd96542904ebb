"""What an address asks for: a day, a period, a campus; what cannot be read is what is usual."""

from datetime import date, timedelta

import pytest

from crm.asked import MOST, USUAL, campus_asked, day_asked, day_typed, period_asked, today
from tenancy.access import campus_for, campuses_of, holders
from tenancy.models import Campus, Membership
from tenancy.refusals import Absent, Refused
from tenancy.scope import tenant_scope
from tests.conftest import make_member

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def the_clock(on_the_day):
    """One day for all."""


@pytest.fixture
def east(school) -> Campus:
    with tenant_scope(school):
        return Campus.objects.create(name="东园", code="east")


@pytest.fixture
def confined(school, east) -> Membership:
    return make_member(school, "frontdesk", "东", campuses=[east])


# -- days -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "words,day",
    [
        ({}, TODAY),
        ({"day": ""}, TODAY),
        ({"day": "2026-11-25"}, date(2026, 11, 25)),
        ({"day": "2026-02-30"}, TODAY),
        ({"day": "明天"}, TODAY),
        ({"day": "9999-12-31"}, TODAY),
        ({"day": "<script>"}, TODAY),
    ],
)
def test_a_day_that_cannot_be_read_is_today(miao, words, day):
    assert day_asked(words) == day and today() == TODAY


def test_another_day_may_be_usual(miao):
    assert day_asked({}, "on", date(2026, 1, 1)) == date(2026, 1, 1)
    assert day_asked({"on": "2026-03-01"}, "on", date(2026, 1, 1)) == date(2026, 3, 1)


@pytest.mark.parametrize(
    "words,first,last",
    [
        ({}, TODAY - USUAL, TODAY),
        ({"from": "2026-11-01", "to": "2026-11-10"}, date(2026, 11, 1), date(2026, 11, 10)),
        ({"from": "2026-11-10", "to": "2026-11-01"}, date(2026, 11, 1), date(2026, 11, 10)),
        ({"to": "2026-06-30"}, date(2026, 6, 30) - USUAL, date(2026, 6, 30)),
        ({"from": "2020-01-01", "to": "2026-06-30"}, date(2026, 6, 30) - MOST, date(2026, 6, 30)),
        ({"from": "x", "to": "y"}, TODAY - USUAL, TODAY),
    ],
)
def test_a_period_is_the_right_way_round_and_not_too_long(miao, words, first, last):
    assert period_asked(words) == (first, last)


def test_the_usual_period_has_thirty_days(miao):
    first, last = period_asked({})

    assert (last - first) + timedelta(days=1) == timedelta(days=30)


@pytest.mark.parametrize("typed", ["", "明天", "2026-02-30", "0001-01-01"])
def test_a_day_that_was_typed_must_be_readable(miao, typed):
    with pytest.raises(Refused) as refusal:
        day_typed({"due_on": typed}, "due_on")

    assert refusal.value.field == "due_on" and refusal.value.message


def test_a_day_that_was_typed_is_that_day(miao):
    assert day_typed({"due_on": "2026-12-01"}, "due_on") == date(2026, 12, 1)


# -- campuses ---------------------------------------------------------------------------------------------------------------------
def test_no_campus_named_is_all_of_them(school, head, east):
    with tenant_scope(school):
        assert campus_asked(head, {}) is None and campus_asked(head, {"campus": "x"}) is None
        assert campus_asked(head, {"campus": str(east.pk)}) == east


def test_a_member_finds_their_own_campuses_only(school, head, confined, east):
    with tenant_scope(school):
        other = Campus.objects.exclude(pk=east.pk).get()
        assert set(campuses_of(head)) == {east, other} and list(campuses_of(confined)) == [east]
        assert campus_for(confined, None) == east
        for pk in (other.pk, 10**12):
            with pytest.raises(Absent):
                campus_for(confined, pk)
            with pytest.raises(Absent):
                campus_asked(confined, {"campus": str(pk)})


# -- who holds a right ---------------------------------------------------------------------------------------------------------------
def test_who_holds_a_right_at_a_campus(school, head, confined, east):
    everywhere = make_member(school, "frontdesk", "都管")
    make_member(school, "teacher", "没有")
    with tenant_scope(school):
        other = Campus.objects.exclude(pk=east.pk).get()
        assert {one.name for one in holders("reception.book", east)} == {"head", "东", "都管"}
        assert {one.name for one in holders("reception.book", other)} == {"head", "都管"}
        assert {one.name for one in holders("reception.book", None)} == {"head", "东", "都管"}
        assert {one.name for one in holders("reception.book", other, besides="tenancy.members")} == {everywhere.name}


def test_who_has_left_holds_nothing(school, head, confined, east):
    with tenant_scope(school):
        Membership.objects.filter(pk=confined.pk).update(is_active=False)

        assert {one.name for one in holders("reception.book", east)} == {"head"}
