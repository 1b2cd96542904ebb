"""Two at one family's points, at the same moment: what is spent is there, once (K22)."""
from datetime import date

import pytest

from crm.models import Customer
from service_levels.models import PointsEntry, Prize
from service_levels.points import booking
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member
from tests.reception.test_races import at_once
from tests.service_levels.conftest import family
from tests.service_levels.points.makers import prize, rule, took_part, with_points

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(school):
    return make_member(school, "planner", "苏晴"), make_member(school, "agent", "高敏")


def put(school, planner, points: int, *stock) -> tuple:
    with tenant_scope(school):
        return with_points(family(1), planner, points), prize(20, *stock)


def left(school, home) -> int:
    with tenant_scope(school):
        return booking.balance(home.pk)


def test_the_same_points_are_spent_once(school, people, on_the_day):
    planner, agent = people
    home, book = put(school, planner, 30)

    told = at_once(school, *[lambda: booking.redeem(home, book, by=agent, at=AT)] * 6)

    assert told == ["done"] + ["too_few"] * 5 and left(school, home) == 10


def test_without_the_lock_they_would_be_spent_again(school, people, on_the_day, monkeypatch):
    """The planted fault: points that are only added up go below nothing."""
    planner, agent = people
    home, book = put(school, planner, 30)
    monkeypatch.setattr(Customer.objects.none().__class__, "select_for_update", lambda rows, **_kind: rows)

    found = []
    for _again in range(6):
        at_once(school, *[lambda: booking.redeem(home, book, by=agent, at=AT)] * 6)
        found.append(left(school, home))

    assert min(found) < 0


def test_two_workers_of_a_night_count_an_event_once(school, people, on_the_day):
    with tenant_scope(school):
        rule()
        home = family(1)
        took_part(home)

    told = at_once(school, *[lambda: booking.earn(DAY, at=AT)] * 4)

    assert told == ["done"] * 4 and left(school, home) == 10


def test_the_last_prize_goes_to_one_family(school, people, on_the_day):
    planner, agent = people
    home, book = put(school, planner, 100, 1)
    with tenant_scope(school):
        other = with_points(family(2), planner, 100)

    told = at_once(school, *(lambda who=who: booking.redeem(who, book, by=agent, at=AT) for who in (home, other)))

    assert told == ["done", "no_stock"]
    with tenant_scope(school):
        assert Prize.objects.get().stock == 0 and PointsEntry.objects.filter(kind="spent").count() == 1


def test_of_two_who_take_one_entry_back_one_does(school, people, on_the_day):
    planner, agent = people
    home, book = put(school, planner, 30)
    with tenant_scope(school):
        row = booking.redeem(home, book, by=agent, at=AT)

    told = at_once(school, *[lambda: booking.take_back(row, by=agent, at=AT)] * 2)

    assert told == ["changed", "done"] and left(school, home) == 30


def test_spent_while_they_lapse_goes_once(school, people, on_the_day):
    planner, agent = people
    with tenant_scope(school):
        rule(months=1)
    home, book = put(school, planner, 20)

    at_once(school, lambda: booking.redeem(home, book, by=agent, at=AT), lambda: booking.lapse(date(2027, 1, 1), at=AT))

    assert left(school, home) == 0
