"""What is known when somebody asks for an 优惠: rules, promises, what the family had, whether there is a case with causes."""
from dataclasses import replace
from datetime import timedelta

import pytest

from service_levels.concessions import known, working
from service_levels.concessions.policy import Facts, Policy
from service_levels.models import Concession, PlanVersion
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member
from tests.service_levels.concessions.makers import CLASS, RULES, TUITION, asked, cased, granted, hold, troubled
from tests.service_levels.conftest import derive, family

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
def home(inside):
    return troubled()


def facts(home, rule=TUITION, policy=RULES, day=DAY) -> Facts:
    return known.facts_of(home, policy, rule, day)


def test_without_a_version_in_force_there_are_no_rules(inside):
    assert known.in_force() == RULES
    known.version().delete()
    assert known.version() is None and known.in_force() == Policy()


def test_the_plans_promise_what_they_say_needs_a_rule(inside):
    assert {key: line.text for key, line in known.promised().items()} == {"K30(a)": "学费优惠", "K30(b)": "免费兴趣班"}


def test_plans_that_are_not_in_force_promise_nothing(inside):
    PlanVersion.objects.update(state="retired")

    assert known.promised() == {}


def test_a_family_that_had_nothing(home):
    assert facts(home) == Facts(frozenset({"K30(a)", "K30(b)"}), None, 0, False, 120_000)


def test_a_family_without_a_plan(inside):
    assert facts(family(9)) == Facts(frozenset(), None, 0, False, 120_000)


def test_what_it_was_given_counts_from_the_approval(home, head, agent):
    granted(home, agent, head)

    assert facts(home) == Facts(frozenset({"K30(a)", "K30(b)"}), DAY, 50_000, False, 70_000)
    assert facts(home, CLASS) == Facts(frozenset({"K30(a)", "K30(b)"}), None, 50_000, False, 90_000)


def test_what_waits_or_was_refused_or_withdrawn_counts_for_nothing(home, head, agent):
    asked(home, agent)
    working.refuse(asked(home, agent, 100, "free-class"), "不", by=head, at=AT)

    assert facts(home).given_fen == 0 and facts(home).last_on is None


def test_what_was_given_more_than_a_year_ago_does_not_add_up(home, head, agent):
    row = granted(home, agent, head)
    Concession.objects.filter(pk=row.pk).update(decided_at=AT - 365 * ONE)

    assert facts(home).given_fen == 0 and facts(home).last_on == DAY - 365 * ONE


def test_the_day_before_it_still_does(home, head, agent):
    row = granted(home, agent, head)
    Concession.objects.filter(pk=row.pk).update(decided_at=AT - 364 * ONE)

    assert facts(home).given_fen == 50_000


@pytest.mark.parametrize("caused", [True, False])
def test_a_case_counts_with_its_causes(home, agent, caused):
    cased(home, agent, caused=caused)

    assert facts(home).has_causes is caused


def test_a_case_that_is_closed_does_not(home, agent):
    case = cased(home, agent)
    type(case).objects.filter(pk=case.pk).update(state="kept", closed_on=DAY)

    assert not facts(home).has_causes


def test_another_familys_case_and_money_are_not_this_ones(home, head, agent):
    other = troubled(2)
    cased(other, agent)
    granted(other, agent, head)

    assert facts(home) == Facts(frozenset({"K30(a)", "K30(b)"}), None, 0, False, 70_000)


def test_next_years_budget_is_another(home, head, agent):
    granted(home, agent, head)

    assert facts(home, day=DAY + 60 * ONE).left_fen == 120_000


def test_the_rules_for_a_family_are_those_of_its_plan(home, inside):
    derived = family(2, "A", "low")
    derive()
    price = replace(TUITION, code="price", name="专属价格", line="S10(a)")

    assert known.rules_for(home, Policy((price, CLASS)), DAY) == [CLASS]
    assert known.rules_for(derived, RULES, DAY) == [] and known.rules_for(family(3), RULES, DAY) == []


def test_what_holds_and_what_does_not_is_told_in_order(home):
    told = [(check.holds, str(check.said)) for check in known.checks_of(home, RULES, replace(TUITION, caused=True), 60_000, DAY)]

    assert told == [(True, "这一家的服务方案里有这一项"), (False, "每次最多 500 元"), (True, "以前没有给过"),
                    (False, "有在办的流失个案，原因写清楚了"), (True, "今年的预算还剩 1,200 元")]
