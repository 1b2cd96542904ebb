"""Reads of 优惠: tabs and their counts, search, budgets, what a family's plan leads to."""
from dataclasses import replace
from datetime import timedelta

import pytest

from service_levels.concessions import known, queries, working
from service_levels.concessions.policy import Policy
from service_levels.concessions.queries import Spent
from tenancy.models import Campus
from tenancy.refusals import Forbidden
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member
from tests.service_levels.concessions.makers import CLASS, RULES, TUITION, asked, colleague, hold, troubled

ONE = timedelta(days=1)


@pytest.fixture
def agent(school):
    return make_member(school, "agent", "高敏")


@pytest.fixture
def inside(school, head, agent, on_the_day):
    with tenant_scope(school):
        hold()
        yield school


@pytest.fixture
def five(inside, head, agent):
    """One of each: waiting, granted, given, refused, withdrawn."""
    homes = [troubled(n) for n in range(1, 6)]
    rows = [asked(home, agent, 10_000) for home in homes]
    for row in rows[1:3]:
        working.grant(row, by=head, at=AT)
    working.give(rows[2], DAY, by=agent, at=AT)
    working.refuse(rows[3], "不", by=head, at=AT)
    working.withdraw(rows[4], by=agent, at=AT)
    return rows


@pytest.mark.parametrize(("tab", "places"), [("waiting", [0]), ("granted", [1]), ("given", [2]), ("all", [0, 1, 2, 3, 4]), ("x", [0])])
def test_a_tab_shows_what_is_in_it(five, head, tab, places):
    assert sorted(row.pk for row in queries.listed(head, tab)) == sorted(five[place].pk for place in places)


def test_every_tab_says_how_many(five, head):
    assert queries.counts(head) == {"waiting": 1, "granted": 1, "given": 1, "all": 5}


def test_a_list_is_searched_by_family_and_narrowed_by_rule(five, head):
    assert [row.pk for row in queries.listed(head, "all", "孩3")] == [five[2].pk]
    assert queries.listed(head, "all", rule="free-class").count() == 0
    assert queries.listed(head, "all", rule="tuition").count() == 5


def test_the_latest_stands_first(inside, head, agent):
    first, second = asked(troubled(1), agent, at=AT - ONE), asked(troubled(2), agent, at=AT)

    assert list(queries.listed(head, "waiting")) == [second, first]


def test_who_may_not_see_concessions_sees_none(five, school):
    with pytest.raises(Forbidden):
        queries.listed(colleague("teacher"), "all")


def test_another_campus_sees_its_own(five, school):
    west = Campus.objects.create(name="西园", code="west")
    theirs = colleague("agent", "西园的", campuses=[west])

    assert queries.listed(theirs, "all").count() == 0 and queries.counts(theirs)["all"] == 0


def test_what_stands_out_of_a_years_budget(five, head):
    assert queries.of_the_year(head, 2026) == {"count": 2, "fen": 20_000}
    assert queries.of_the_year(head, 2025) == {"count": 0, "fen": 0}


def test_each_rule_says_what_of_its_budget_is_used(five):
    assert queries.spent(RULES, 2026) == [Spent(TUITION, 20_000), Spent(CLASS, 0)]


@pytest.mark.parametrize(("used", "left", "share", "short"), [
    (0, 120_000, 0.0, False), (60_000, 60_000, 0.5, False), (70_001, 49_999, 0.5833, True), (130_000, 0, 1.0833, True)])
def test_a_budget_is_short_when_the_largest_no_longer_fits(used, left, share, short):
    spent = Spent(TUITION, used)

    assert (spent.left_fen, round(spent.share, 4), spent.is_short) == (left, share, short)


def test_a_rule_without_a_budget_has_used_none_of_it():
    assert Spent(replace(TUITION, budget_fen=0), 0).share == 0.0


# -- a family's page ---------------------------------------------------------------------------------------------------------------
def offered(home, policy=RULES, day=DAY) -> list[tuple]:
    found = queries.offered(home, known.plan_of(home, day), policy, day)
    return [(one.line.text, one.rule.code if one.rule else "", one.last.state if one.last else "") for one in found]


def test_a_familys_plan_leads_to_its_rules(inside):
    assert offered(troubled()) == [("学费优惠", "tuition", ""), ("免费兴趣班", "free-class", "")]


def test_a_promise_without_a_rule_is_shown_as_such(inside):
    assert offered(troubled(), Policy((CLASS,))) == [("学费优惠", "", ""), ("免费兴趣班", "free-class", "")]


def test_what_it_was_given_last_stands_beside_the_rule(inside, head, agent):
    home = troubled()
    working.refuse(asked(home, agent, 100, at=AT - ONE), "不", by=head, at=AT - ONE)
    asked(home, agent, 200)

    assert offered(home) == [("学费优惠", "tuition", "asked"), ("免费兴趣班", "free-class", "")]


def test_promises_that_no_rule_keeps_are_named(inside):
    assert [line.key for line in queries.unruled(RULES)] == []
    assert [line.key for line in queries.unruled(Policy((CLASS,)))] == ["K30(a)"]


def test_the_draft_is_the_one_somebody_works_on(inside):
    assert queries.draft() is None
    row = hold()
    type(row).objects.filter(pk=row.pk).update(state="submitted")
    assert queries.draft() == row
