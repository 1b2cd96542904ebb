"""The demo's concessions: rules that two people put in force, and what came of them by the very actions people use."""
from collections import Counter
from datetime import timedelta

import pytest

from config.demo_concessions import MOST_FEN, give
from service_levels.concessions import budgets, known
from service_levels.models import Concession, ConcessionPolicy, Entitlement
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member
from tests.service_levels.concessions.makers import cased, troubled

ROLES = (Role.HEAD, Role.DEPUTY, Role.AGENT, Role.RELATIONS)


@pytest.fixture
def people(school):
    return {role: make_member(school, role) for role in ROLES}


@pytest.fixture
def given(school, people, on_the_day):
    with tenant_scope(school):
        for number in range(1, 11):
            cased(troubled(number), people[Role.AGENT])
        Entitlement.objects.update(from_on=DAY - timedelta(days=60))
        give(people, at=AT)
        yield people


def test_rules_are_in_force_with_budgets_and_a_limit_for_one_family(given):
    version = ConcessionPolicy.objects.get()

    assert (version.state, version.proposed_by.role, version.approved_by.role) == ("in_force", Role.RELATIONS, Role.HEAD)
    assert known.in_force().most_fen == MOST_FEN and all(rule.budget_fen for rule in known.in_force().rules)


def test_eight_families_asked_and_each_state_is_there(given):
    assert Counter(Concession.objects.values_list("state", flat=True)) == {"given": 4, "granted": 2, "asked": 2}


def test_what_was_approved_is_out_of_the_budget(given):
    assert sum(budgets.used(DAY.year).values()) == sum(row.fen for row in Concession.objects.standing())


def test_a_school_without_such_families_has_rules_only(school, people, on_the_day):
    with tenant_scope(school):
        give(people, at=AT)

        assert Concession.objects.count() == 0 and known.version() is not None
