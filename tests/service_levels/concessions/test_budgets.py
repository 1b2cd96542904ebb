"""优惠预算: taken from and given back by one statement each, never below nothing, never beyond the budget, a year at a time."""
import pytest
from django.db import IntegrityError, transaction

from service_levels.concessions import budgets
from service_levels.models import ConcessionBudget
from tenancy.scope import tenant_scope
from tests.reception.test_races import at_once
from tests.service_levels.concessions.makers import RULES


def test_a_year_begins_with_nothing_used(miao):
    assert budgets.used(2026) == {}
    assert budgets.left(RULES, "tuition", 2026) == 120_000


def test_what_is_taken_is_used_up_to_the_last_fen(miao):
    assert budgets.take("tuition", 2026, 50_000, budget=120_000)
    assert budgets.take("tuition", 2026, 70_000, budget=120_000)

    assert not budgets.take("tuition", 2026, 1, budget=120_000)
    assert budgets.used(2026) == {"tuition": 120_000} and budgets.left(RULES, "tuition", 2026) == 0


def test_what_does_not_reach_takes_nothing(miao):
    budgets.take("tuition", 2026, 100_000, budget=120_000)

    assert not budgets.take("tuition", 2026, 20_001, budget=120_000)
    assert budgets.used(2026) == {"tuition": 100_000}


def test_rules_and_years_have_a_budget_each(miao):
    budgets.take("tuition", 2026, 50_000, budget=50_000)

    assert budgets.take("free-class", 2026, 30_000, budget=30_000)
    assert budgets.take("tuition", 2027, 50_000, budget=50_000)
    assert (budgets.used(2026), budgets.used(2027)) == ({"tuition": 50_000, "free-class": 30_000}, {"tuition": 50_000})


def test_what_is_given_back_is_there_again(miao):
    budgets.take("tuition", 2026, 50_000, budget=50_000)
    budgets.give_back("tuition", 2026, 50_000)

    assert budgets.take("tuition", 2026, 50_000, budget=50_000)


def test_the_database_lets_nobody_give_back_what_was_not_taken(miao):
    budgets.take("tuition", 2026, 100, budget=100)

    with pytest.raises(IntegrityError), transaction.atomic():
        budgets.give_back("tuition", 2026, 101)
    assert budgets.used(2026) == {"tuition": 100}


def test_a_budget_that_was_cut_after_it_was_spent_leaves_less_than_nothing(miao):
    budgets.take("tuition", 2026, 200_000, budget=300_000)

    assert budgets.left(RULES, "tuition", 2026) == -80_000
    assert not budgets.take("tuition", 2026, 1, budget=120_000)


def test_a_rule_that_is_gone_has_nothing_left(miao):
    assert budgets.left(RULES, "gone", 2026) == 0


def test_each_school_spends_its_own(school, other_school):
    for tenant in (school, other_school):
        with tenant_scope(tenant):
            assert budgets.take("tuition", 2026, 50_000, budget=50_000)

    with tenant_scope(other_school):
        assert ConcessionBudget.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_never_spend_more_than_there_is(school):
    def take() -> None:
        assert budgets.take("tuition", 2026, 30_000, budget=100_000) or True

    at_once(school, *[take] * 10)

    with tenant_scope(school):
        assert budgets.used(2026) == {"tuition": 90_000}


@pytest.mark.django_db(transaction=True)
def test_without_the_condition_they_would(school, monkeypatch):
    """The planted fault: a budget that is only read before it is taken from is overdrawn."""
    monkeypatch.setattr(budgets, "TAKE", budgets.TAKE.split(" AND used_fen")[0])

    at_once(school, *[lambda: budgets.take("tuition", 2026, 30_000, budget=100_000)] * 10)

    with tenant_scope(school):
        assert budgets.used(2026) == {"tuition": 300_000}
