"""Reads of the team: how full everybody's week is, which families are misplaced and who would suit; each by campus."""
from datetime import timedelta
from fractions import Fraction

import pytest

from service_levels.models import StaffRules
from service_levels.plans.book import People
from service_levels.plans.presets import KINDERGARTEN
from service_levels.team import queries
from tenancy.models import Campus
from tests.churn.conftest import DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import derive, family
from tests.service_levels.team.makers import agent, away

ONE = timedelta(days=1)
PLANS = {plan.code: plan for plan in KINDERGARTEN.plans}


def person(member, day=DAY) -> queries.Person:
    return next(one for one in queries.people(day) if one.member.pk == member.pk)


def placed(member) -> list[tuple[str, str, str]]:
    """(family, why, to whom) of those that are not where the rules want them."""
    return [(one.customer.name, one.why, one.to.name if one.to else "") for one in queries.misplaced(member, queries.people(DAY))]


# -- weeks -------------------------------------------------------------------------------------------------------------------------------------
def test_a_week_is_filled_by_what_the_plans_promise(chief):
    gao = agent("高敏")
    family(1, "A", "low", owner=gao), family(2, "A", "low", owner=gao), family(3, "C", "low", owner=gao)
    derive()

    found = person(gao)

    minutes = 2 * PLANS["dedicated"].minutes_a_week + PLANS["closer"].minutes_a_week
    assert (found.families, found.week.minutes, found.week.capacity) == (3, minutes, Fraction(900))
    assert found.share == float(minutes / 900) and not found.is_over


@pytest.mark.parametrize(("role", "capacity"), [("agent", 900), ("relations", 900), ("supervisor", 900), ("teacher", 0), ("planner", 0), ("frontdesk", 0)])
def test_whose_work_it_is_has_minutes_for_families(inside, role, capacity):
    assert person(colleague(role, "x")).week.capacity == capacity


def test_what_the_profile_says_goes_before_the_rule(inside):
    StaffRules.objects.create(years=3, minutes_week=600)
    usual, own, none, teacher = agent("一"), agent("二", minutes_week=300), agent("三", minutes_week=0), agent("四", role="teacher", minutes_week=60)

    assert [person(one).week.capacity for one in (usual, own, none, teacher)] == [600, 300, 0, 60]
    assert person(none).share is None and not person(none).is_over


def test_a_week_that_is_too_full(inside):
    gao = agent("高敏", minutes_week=1)
    family(1, "A", "low", owner=gao)
    derive()

    assert person(gao).is_over and queries.people(DAY)[0].member == gao, "whose week is fullest stands first"


@pytest.mark.parametrize(("days", "is_away"), [(-1, False), (0, True), (2, True), (3, False)])
def test_who_is_away_today(inside, days, is_away):
    gao = agent("高敏")
    away(gao, agent("小方"), last=DAY + 2 * ONE)

    found = person(gao, DAY + days * ONE)

    assert (found.week.is_away, found.leave is not None) == (is_away, is_away)


def test_who_left_is_not_there(inside):
    gone = agent("走了的")
    gone.is_active = False
    gone.save(update_fields=["is_active"])

    assert gone.pk not in [one.member.pk for one in queries.people(DAY)]


def test_families_in_the_bin_fill_no_week(inside):
    gao = agent("高敏")
    home = family(1, "A", "low", owner=gao)
    derive()
    type(home).objects.filter(pk=home.pk).update(deleted_at="2026-11-19T00:00:00Z")

    assert (person(gao).families, person(gao).week.minutes) == (0, 0)


# -- experience --------------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("code", "wants"), [("dedicated", True), ("hold", True), ("win-back", True), ("quality", False), ("closer", False)])
def test_whom_a_plan_puts_first_and_gives_people_wants_experience(code, wants):
    assert queries.wants_experience(PLANS[code]) is wants


def test_a_family_without_anybody_goes_to_whose_week_is_emptiest(chief):
    busy, free = agent("忙的"), agent("空的")
    family(1, "C", "low", owner=busy), family(2, "C", "low")
    derive()

    assert placed(chief) == [("孩2一家", "nobody", "空的")]
    assert free.pk != busy.pk


def test_a_family_that_the_plan_puts_first_goes_to_experience(chief):
    young, old = agent("新来的"), agent("老师傅", senior=True)
    family(1, "A", "low", owner=young), family(2, "A", "low", owner=old), family(3, "C", "low", owner=young)
    derive()

    assert placed(chief) == [("孩1一家", "inexperienced", "老师傅")]


def test_where_nobody_is_experienced_it_says_so(chief):
    family(1, "A", "low", owner=agent("新来的"))
    derive()

    assert placed(chief) == [("孩1一家", "inexperienced", "")]


def test_a_family_whose_colleague_left(chief):
    gone, here = agent("走了的"), agent("在的")
    family(1, "C", "low", owner=gone)
    derive()
    gone.is_active = False
    gone.save(update_fields=["is_active"])

    assert placed(chief) == [("孩1一家", "left", "在的")] and here.pk


def test_nobody_who_is_away_is_proposed(chief):
    gone, here = agent("请假的"), agent("在的")
    away(gone, here, last=DAY + ONE)
    family(1, "C", "low")
    derive()

    assert placed(chief) == [("孩1一家", "nobody", "在的")]


def test_several_are_spread(chief):
    agent("一"), agent("二")
    for number in range(1, 5):
        family(number, "C", "low")
    derive()

    assert sorted(to for _family, _why, to in placed(chief)) == ["一", "一", "二", "二"]


def test_who_is_where_the_rules_want_it_is_not_named(chief):
    family(1, "A", "low", owner=agent("老师傅", senior=True)), family(2, "C", "low", owner=agent("新来的")), family(3)
    derive()

    assert placed(chief) == []


def test_a_campus_is_looked_after_by_its_own(chief):
    west = Campus.objects.create(name="西园", code="west")
    east = Campus.objects.order_by("pk").first()
    agent("东的", campuses=[east]), agent("西的", campuses=[west])
    family(1, "C", "low"), family(2, "C", "low", at=west)
    derive()

    assert placed(chief) == [("孩1一家", "nobody", "东的"), ("孩2一家", "nobody", "西的")]


def test_one_sees_the_families_of_ones_own_campus(chief):
    west = Campus.objects.create(name="西园", code="west")
    family(1, "C", "low"), family(2, "C", "low", at=west)
    derive()

    assert [name for name, _why, _to in placed(colleague("relations", "西园关系", [west]))] == ["孩2一家"]


def test_who_helps_itself_first_needs_nobody():
    assert all(plan.people is not People.SELF for plan in KINDERGARTEN.plans), "only the training centre's fourth level does"


# -- one family --------------------------------------------------------------------------------------------------------------------------------
def test_who_would_suit_one_family(chief):
    agent("新来的"), agent("老师傅", senior=True), agent("忙的老师傅", senior=True, minutes_week=1)
    home = family(1, "A", "low")
    derive()

    assert [one.member.name for one in queries.for_one(chief, home, DAY)] == ["老师傅", "忙的老师傅"]


def test_who_would_suit_a_family_without_a_plan(chief):
    agent("新来的")

    assert [one.member.name for one in queries.for_one(chief, family(1), DAY)] == ["新来的"]
