"""分配规则: experience first, then room; nobody who is away, nobody who has no time for families."""
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_levels.team.assigning import Colleague, Need, spread, suited

WEEKS = st.builds(Colleague, st.integers(1, 40), st.booleans(), st.fractions(0, 900), st.fractions(0, 1200), st.booleans())
TEAMS = st.lists(WEEKS, max_size=8, unique_by=lambda one: one.pk)
NEEDS = st.lists(st.builds(Need, st.integers(1, 99), st.fractions(1, 120), st.booleans()), max_size=12, unique_by=lambda one: one.pk)


def week(pk: int, minutes: int = 0, capacity: int = 600, *, experienced: bool = False, away: bool = False) -> Colleague:
    return Colleague(pk, experienced, Fraction(minutes), Fraction(capacity), away)


def order(need: Need, *team: Colleague) -> list[int]:
    return [one.pk for one in suited(need, team)]


# -- one family ----------------------------------------------------------------------------------------------------------------------------
def test_whose_week_is_least_full_stands_first():
    assert order(Need(1, Fraction(30)), week(1, 300), week(2, 60), week(3, 200, 2000)) == [3, 2, 1]


def test_the_family_itself_counts():
    assert order(Need(1, Fraction(100)), week(1, 0, 200), week(2, 100, 1000)) == [2, 1], "half a week against a fifth of one"


def test_who_is_alike_stands_by_number():
    assert order(Need(1, Fraction(30)), week(7), week(3)) == [3, 7]


@pytest.mark.parametrize(("team", "there"), [
    (week(1, experienced=True), [1]), (week(1), []), (week(1, experienced=True, away=True), []), (week(1, capacity=0, experienced=True), [])])
def test_whom_the_plan_puts_first_goes_to_experienced_colleagues(team, there):
    assert order(Need(1, Fraction(30), wants_experience=True), team) == there


def test_nobody_who_is_away_or_has_no_time_for_families():
    assert order(Need(1, Fraction(30)), week(1, away=True), week(2, capacity=0), week(3)) == [3]


def test_a_full_week_is_the_last_choice_and_still_one():
    assert order(Need(1, Fraction(30)), week(1, 900), week(2, 590)) == [2, 1]


@pytest.mark.parametrize(("minutes", "more", "share"), [(300, 0, Fraction(1, 2)), (300, 300, Fraction(1)), (0, 0, Fraction(0)), (900, 0, Fraction(3, 2))])
def test_how_full_a_week_is(minutes, more, share):
    assert week(1, minutes).share(Fraction(more)) == share


# -- many --------------------------------------------------------------------------------------------------------------------------------------
def test_families_are_spread_so_that_weeks_fill_evenly():
    needs = [Need(number, Fraction(60)) for number in range(1, 7)]

    found = spread(needs, [week(1), week(2), week(3)])

    assert sorted(found.values()) == [1, 1, 2, 2, 3, 3]


def test_those_that_want_experience_are_placed_first():
    needs = [Need(1, Fraction(500)), Need(2, Fraction(60), wants_experience=True)]

    assert spread(needs, [week(1, experienced=True), week(2)]) == {2: 1, 1: 2}


def test_where_nobody_suits_it_stays_as_it_is():
    assert spread([Need(1, Fraction(60), wants_experience=True), Need(2, Fraction(60))], [week(1)]) == {2: 1}


def test_without_colleagues_or_families_there_is_nothing():
    assert spread([], [week(1)]) == {} and spread([Need(1, Fraction(1))], []) == {}


@given(NEEDS, TEAMS)
def test_nobody_is_given_a_family_that_does_not_suit_them(needs, team):
    weeks, wants = {one.pk: one for one in team}, {one.pk: one for one in needs}

    for family, who in spread(needs, team).items():
        assert not weeks[who].is_away and weeks[who].capacity > 0
        assert weeks[who].is_experienced or not wants[family].wants_experience


@given(NEEDS, TEAMS)
def test_every_family_is_placed_for_which_somebody_suits(needs, team):
    found = spread(needs, team)

    assert set(found) == {need.pk for need in needs if suited(need, team)}


@given(NEEDS, TEAMS)
def test_the_order_in_which_they_are_named_does_not_matter(needs, team):
    assert spread(needs, team) == spread(list(reversed(needs)), list(reversed(team)))


@given(st.lists(st.fractions(1, 60), min_size=1, max_size=20), st.integers(2, 5))
def test_alike_weeks_differ_by_one_family_at_most(minutes, count):
    needs = [Need(number, amount) for number, amount in enumerate(minutes, 1)]

    found = spread(needs, [week(number) for number in range(1, count + 1)])

    loads = [sum((need.minutes for need in needs if found[need.pk] == number), Fraction(0)) for number in range(1, count + 1)]
    assert max(loads) - min(loads) <= max(minutes), "longest first, to whose week is least full"
