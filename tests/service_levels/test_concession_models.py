"""优惠 as rows: what the database itself keeps out, and how rows say what they are."""
import pytest
from django.db import IntegrityError, transaction

from service_levels.concessions.policy import Policy
from service_levels.models import Concession, ConcessionBudget, ConcessionPolicy
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member
from tests.service_levels.concessions.makers import RULES, asked, granted, hold, troubled


@pytest.fixture
def agent(school):
    return make_member(school, "agent")


def test_a_version_is_its_rules_exactly(miao):
    row = hold()

    assert row.as_policy() == RULES and str(row) == "1"


def test_one_version_is_in_force(miao):
    hold()

    with pytest.raises(IntegrityError), transaction.atomic():
        ConcessionPolicy.objects.create(number=2, state="in_force", policy={"rules": [], "most_fen": 0})


def test_two_versions_have_two_numbers(miao):
    hold(Policy())

    with pytest.raises(IntegrityError), transaction.atomic():
        ConcessionPolicy.objects.create(number=1, policy={"rules": [], "most_fen": 0})


def test_a_budget_is_one_row_a_year(miao):
    row = ConcessionBudget.objects.create(rule="tuition", year=2026)

    assert str(row) == "tuition 2026"
    with pytest.raises(IntegrityError), transaction.atomic():
        ConcessionBudget.objects.create(rule="tuition", year=2026)


@pytest.mark.parametrize("wrong", [{"fen": 0}, {"state": "granted"}, {"state": "given", "decided_at": AT}, {"state": "lapsed"}])
def test_a_concession_is_something_and_was_decided(agent, miao, on_the_day, wrong):
    hold()
    row = asked(troubled(), agent)

    with pytest.raises(IntegrityError), transaction.atomic():
        Concession.objects.filter(pk=row.pk).update(**wrong)


def test_one_application_waits_for_a_rule_and_a_family(agent, miao, on_the_day):
    hold()
    row = asked(troubled(), agent)

    with pytest.raises(IntegrityError), transaction.atomic():
        Concession.objects.create(customer=row.customer, rule=row.rule, name="x", says="x", fen=1, why="x", asked_by=agent, asked_at=AT)


def test_what_stands_is_what_took_money(agent, miao, on_the_day):
    hold()
    row = granted(troubled(1), agent, miao.head)
    waits = asked(troubled(2), agent)

    assert list(Concession.objects.standing()) == [row] and list(Concession.objects.waiting()) == [waits]
    assert str(row) == "学费优惠" and row.until_on > DAY
