"""The board: who comes first, how it is narrowed, how tiers and bands meet, how it went."""
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from churn.models import RiskNight
from churn.risk.queries import Asked, Week, bands_now, board, grid, history, last_night, told, trend, week_before
from crm.archive import refresh_search
from crm.models import Customer
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.churn.conftest import AT, DAY, ONE, home, night, signalled
from tests.conftest import make_member
from tiering.models import Scheme, Standing

WEEK = timedelta(weeks=1)


def holds(customer, label: str):
    Standing.objects.create(scheme=Scheme.objects.get(code="kg-ad"), customer=customer, tier="ABCD".index(label),
            label=label, score=50,
                            from_on=DAY - 50 * ONE)
    return customer


def names(rows) -> list[str]:
    return [row.customer.name for row in rows.select_related("customer")]


@pytest.fixture
def five(miao):
    """In the order in which the board must name them."""
    rows = [holds(home(1, transfer=2), "A"), holds(home(2, transfer=2), "D"), home(3, transfer=2, complaints=1),
            holds(home(4, transfer=1), "B"),
            holds(home(5, complaints=2), "B")]
    makers.entry(rows[-1], "promise_broken", DAY)
    home(6)
    night()
    return rows


# -- the board -------------------------------------------------------------------------------------------------------------------
def test_high_before_watch_then_the_higher_tier_then_the_higher_score(miao, five):
    assert names(board(miao.head, Asked())) == [row.name for row in five]


def test_an_a_at_risk_rises_above_a_d_with_more_points(miao):
    second, first = holds(home(1, transfer=2, complaints=2), "D"), holds(home(2, transfer=2), "A")
    night()

    assert names(board(miao.head, Asked())) == [first.name, second.name]


@pytest.mark.parametrize(("asked", "places"), [
    (Asked(band="high"), [0, 1, 2]),
    (Asked(band="watch"), [3, 4]),
    (Asked(band="nonsense"), [0, 1, 2, 3, 4]),
    (Asked(tier="B"), [3, 4]),
    (Asked(tier="-"), [2]),
    (Asked(tier="Z"), []),
    (Asked(sign="broken"), [4]),
    (Asked(sign="complaints"), [2, 4]),
    (Asked(sign="nonsense"), [0, 1, 2, 3, 4]),
    (Asked(words="孩3"), [2]),
    (Asked(words="0004"), []),
    (Asked(words="nobody"), []),
    (Asked(words="   "), [0, 1, 2, 3, 4]),
    (Asked(mine=True), []),
    (Asked(band="high", tier="A", sign="transfer"), [0]),
])
def test_the_board_is_narrowed(miao, five, asked, places):
    refresh_search(five)

    assert names(board(miao.head, asked)) == [five[place].name for place in places]


def test_low_risk_is_shown_when_it_is_asked_for(miao, five):
    assert names(board(miao.head, Asked(band="low"))) == ["孩6一家"]


def test_ones_own_and_those_one_covers(miao, five):
    Customer.objects.filter(pk=five[1].pk).update(owner=miao.head)

    assert names(board(miao.head, Asked(mine=True))) == [five[1].name]


def test_a_campus_is_chosen_and_another_is_not_seen(school, head):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        here = home(1, transfer=2)
        there = signalled(makers.family("孩4", "13800138004", at=west, since=DAY.replace(year=2025)), transfer=2)
        night()
    western = make_member(school, "relations", "西", campuses=[west])
    with tenant_scope(school):
        assert names(board(head, Asked(campus=west.pk))) == [there.name]
        assert names(board(western, Asked())) == [there.name]
        assert names(board(head, Asked())) == [here.name, there.name]
        assert (grid(western).band("high"), grid(head).band("high")) == (1, 2)


def test_who_may_not_see_tiers_neither_sees_nor_filters_by_them(school):
    office = make_member(school, "admin")
    with tenant_scope(school):
        holds(home(1, transfer=2), "A")
        night()

        rows = told(office, board(office, Asked(tier="B")), DAY)

        assert [row.label for row in rows] == [""] and grid(office).labels == ["-"]


# -- told ------------------------------------------------------------------------------------------------------------------------
def test_reasons_are_those_of_today_in_the_order_of_the_board(miao, five):
    rows = told(miao.head, board(miao.head, Asked()), DAY)

    assert [row.customer.name for row in rows] == [row.name for row in five]
    assert [row.label for row in rows] == ["A", "D", "", "B", "B"]
    assert [(why.sign, why.value) for why in rows[4].reasons] == [("complaints", 2), ("broken", 1)]


def test_nobody_listed_asks_nothing(miao):
    with CaptureQueriesContext(connection) as asked:
        assert told(miao.head, [], DAY) == []

    assert not any("crm_payment" in one["sql"] for one in asked)


def test_statements_do_not_grow_with_the_list(miao):
    counts = []
    miao.head.campus_ids()  # asked once for each member
    for start, end in ((1, 3), (3, 30)):
        for number in range(start, end):
            home(number, transfer=2)
        night()
        with CaptureQueriesContext(connection) as asked:
            told(miao.head, board(miao.head, Asked()), DAY)
        counts.append([one["sql"].partition("WHERE")[0][:200] for one in asked])

    assert counts[0] == counts[1]


# -- the grid --------------------------------------------------------------------------------------------------------------------
def test_tiers_meet_bands_and_those_without_a_tier_stand_last(miao, five):
    found = grid(miao.head)

    assert found.labels == ["A", "B", "D", "-"]
    assert (found.band("high"), found.band("watch"), found.band("low")) == (3, 2, 1)
    assert found.rows[1] == ("B", [("high", 0), ("watch", 2), ("low", 0)], 2)
    assert found.rows[3] == ("-", [("high", 1), ("watch", 0), ("low", 1)], 2)


def test_signs_are_counted_among_those_at_risk_the_commonest_first(miao, five):
    assert grid(miao.head).signs == {"transfer": 4, "complaints": 2, "broken": 1}


def test_a_standing_that_ended_is_no_tier(miao):
    family = holds(home(1, transfer=2), "A")
    Standing.objects.filter(customer=family).update(until_on=DAY - ONE)
    night()

    assert grid(miao.head).labels == ["-"]


def test_a_new_night_is_counted_at_once(miao):
    home(1, transfer=2)
    night()
    before = grid(miao.head).band("high")
    home(2, transfer=2)
    night()

    assert (before, grid(miao.head).band("high")) == (1, 2)


# -- how it went -----------------------------------------------------------------------------------------------------------------
def nights(*rows):
    for day, high in rows:
        RiskNight.objects.create(campus=makers.campus(), day=day, families=10, watch=2, high=high, done_at=AT)


def test_a_week_is_told_by_its_last_night(miao):
    nights((DAY - 2 * WEEK, 1), (DAY - 8 * ONE, 2), (DAY - WEEK, 3), (DAY - ONE, 4), (DAY, 5))

    assert trend(miao.head) == [Week(DAY - 2 * WEEK, 10, 2, 1), Week(DAY - WEEK, 10, 2, 3), Week(DAY, 10, 2, 5)]


def test_the_turn_of_the_year_keeps_its_order(miao):
    days = [DAY + timedelta(days=n) for n in (28, 35, 42, 49)]
    nights(*[(day, n) for n, day in enumerate(days)])

    assert [week.day for week in trend(miao.head)] == days


def test_what_is_older_than_half_a_year_is_not_drawn(miao):
    nights((DAY - 26 * WEEK, 1), (DAY - 26 * WEEK + ONE, 2), (DAY, 5))

    assert [week.high for week in trend(miao.head)] == [2, 5]


@pytest.mark.parametrize(("ago", "before"), [
    ((7,), 3),
    ((9,), 3),
    ((20,), 3),
    ((21,), None),
    ((6,), None),
    ((), None),
])
def test_a_week_before_is_the_night_nearest_to_it_from_before(miao, ago, before):
    nights(*[(DAY - days * ONE, 3) for days in ago], (DAY, 9))

    assert week_before(miao.head, DAY) == before


def test_campuses_of_one_night_are_added(miao):
    west = Campus.objects.create(code="west", name="西园")
    nights((DAY, 2))
    RiskNight.objects.create(campus=west, day=DAY, families=5, watch=1, high=3, done_at=AT)

    assert trend(miao.head) == [Week(DAY, 15, 3, 5)] and last_night(miao.head) == DAY


def test_before_the_first_night_there_is_nothing(miao):
    cache.clear()

    assert (trend(miao.head), last_night(miao.head), grid(miao.head).labels) == ([], None, [])


def test_a_familys_history_goes_up_to_the_day_oldest_first(miao):
    family = home(1)
    night()
    makers.entry(family, "transfer_signal", DAY + ONE)
    night(DAY + 2 * ONE)

    assert [row.band for row in history(family, DAY + 2 * ONE)] == ["low", "watch"]
    assert [row.band for row in history(family, DAY)] == ["low"]
    assert bands_now([family.pk, 10**9]) == {family.pk: "watch"} and bands_now([]) == {}
