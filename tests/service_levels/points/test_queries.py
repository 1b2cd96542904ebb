"""Reads of 积分: who has how many, what came and went, what a family can have and what it is about to lose."""
from datetime import date, timedelta

import pytest

from service_levels.models import PointsEntry, Prize
from service_levels.points import booking, queries
from service_levels.points.ledger import Lot
from tenancy.models import Campus
from tests.churn.conftest import AT, DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import family
from tests.service_levels.points.makers import prize, rule, took_part, with_points

ONE = timedelta(days=1)


@pytest.fixture
def inside(miao, on_the_day):
    return miao


def test_the_most_stand_first_and_who_has_none_not_at_all(inside):
    homes = [family(n) for n in (1, 2, 3)]
    with_points(homes[0], inside.head, 10), with_points(homes[1], inside.head, 30)

    assert [(row.pk, row.n) for row in queries.holders(inside.head)] == [(homes[1].pk, 30), (homes[0].pk, 10)]


def test_a_family_is_found_among_them(inside):
    for number in (1, 2):
        with_points(family(number), inside.head, 10)

    assert [row.name for row in queries.holders(inside.head, "孩2")] == ["孩2一家"]


def test_another_campus_has_its_own(inside):
    west = Campus.objects.create(name="西园", code="west")
    with_points(family(1), inside.head, 10)
    theirs = colleague("planner", "西园的", [west])

    assert queries.holders(theirs).count() == 0 and queries.flow(theirs, DAY - 90 * ONE)["held"] == 0


def test_what_came_and_went_is_counted_without_mistakes(inside):
    rule(months=1)
    home, book = family(1), prize(20)
    took_part(home)
    booking.earn(DAY, at=AT)
    with_points(home, inside.head, 50)
    booking.redeem(home, book, by=inside.head, at=AT)
    booking.take_back(booking.redeem(home, book, by=inside.head, at=AT), by=inside.head, at=AT)
    booking.lapse(date(2027, 1, 1), at=AT)

    assert queries.flow(inside.head, DAY - 90 * ONE) == {"came": 60, "spent": 20, "lapsed": 40, "prizes": 1, "held": 0}


def test_before_anything_there_is_nothing(inside):
    assert queries.flow(inside.head, DAY) == {"came": 0, "spent": 0, "lapsed": 0, "prizes": 0, "held": 0}


def test_a_family_sees_what_it_has_and_what_is_in_reach(inside):
    home = with_points(family(1), inside.head, 25)
    prize(20, name="绘本"), prize(30, name="书包"), prize(10, 0, name="贴纸"), prize(5, name="旧的")
    Prize.objects.filter(name="旧的").update(is_on=False)

    found = queries.standing(home, DAY)

    assert found.balance == 25 and [(row.name, reach) for row, reach in found.prizes] == [("贴纸", False), ("绘本", True), ("书包", False)]
    assert [(row.kind, row.points) for row in found.entries] == [("given", 25)]


@pytest.mark.parametrize(("days", "soon"), [(0, ()), (1, ()), (2, (Lot(25, date(2026, 12, 21)),)), (31, (Lot(25, date(2026, 12, 21)),))])
def test_what_lapses_within_thirty_days_is_told(inside, days, soon):
    home = with_points(family(1), inside.head, 25)
    PointsEntry.objects.all().delete()
    PointsEntry.objects.create(customer=home, kind="given", points=25, on=DAY, last_on=date(2026, 12, 21), at=AT)

    assert queries.standing(home, DAY - ONE + days * ONE).soon == soon


def test_only_the_latest_are_listed(inside):
    home = family(1)
    for _n in range(queries.LATEST + 3):
        with_points(home, inside.head, 1)

    assert len(queries.standing(home, DAY).entries) == queries.LATEST
