"""Two at one 优惠, at the same moment: each story ends as if one had come after the other."""
from dataclasses import replace

import pytest

from service_levels.concessions import budgets, working
from service_levels.models import Concession
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member
from tests.reception.test_races import at_once
from tests.service_levels.concessions.makers import RULES, asked, granted, hold, troubled

pytestmark = pytest.mark.django_db(transaction=True)
State = Concession.State


@pytest.fixture
def people(school, head, deputy):
    return head, deputy, make_member(school, "agent", "高敏")


def put(school, agent, count: int, policy=RULES) -> list[Concession]:
    """So many families, each with an application for the same rule."""
    with tenant_scope(school):
        hold(policy)
        return [asked(troubled(n), agent) for n in range(1, count + 1)]


def states(school) -> list[str]:
    with tenant_scope(school):
        return sorted(Concession.objects.values_list("state", flat=True))


def test_the_last_money_goes_to_one_family(school, people, on_the_day):
    head, _deputy, agent = people
    rows = put(school, agent, 4)

    told = at_once(school, *(lambda row=row: working.grant(row, by=head, at=AT) for row in rows))

    assert told.count("done") == 2 and set(told) <= {"done", "no_budget", "not_by_the_rule"}
    assert states(school) == [State.ASKED] * 2 + [State.GRANTED] * 2
    with tenant_scope(school):
        assert budgets.used(2026) == {"tuition": 100_000}


def test_of_two_who_approve_one_does_and_money_is_taken_once(school, people, on_the_day):
    head, deputy, agent = people
    row, = put(school, agent, 1)

    told = at_once(school, *(lambda who=who: working.grant(row, by=who, at=AT) for who in (head, deputy)))

    assert told == ["changed", "done"]
    with tenant_scope(school):
        assert budgets.used(2026) == {"tuition": 50_000}


def test_one_approves_while_another_withdraws(school, people, on_the_day):
    head, _deputy, agent = people
    row, = put(school, agent, 1)

    at_once(school, lambda: working.grant(row, by=head, at=AT), lambda: working.withdraw(row, by=agent, at=AT))

    with tenant_scope(school):
        row.refresh_from_db()
        assert budgets.used(2026).get("tuition", 0) == (50_000 if row.state == State.GRANTED else 0)


def test_two_rules_approved_at_once_stay_under_what_one_family_may_have(school, people, on_the_day):
    head, deputy, agent = people
    rows = put(school, agent, 1, replace(RULES, most_fen=60_000))
    with tenant_scope(school):
        rows.append(asked(rows[0].customer, agent, 30_000, "free-class"))

    told = at_once(school, *(lambda row=row, who=who: working.grant(row, by=who, at=AT) for row, who in zip(rows, (head, deputy), strict=True)))

    assert told == ["done", "not_by_the_rule"] and states(school) == [State.ASKED, State.GRANTED]


def test_two_who_ask_for_the_same_ask_once(school, people, on_the_day):
    _head, deputy, agent = people
    with tenant_scope(school):
        hold()
        home = troubled()

    told = at_once(school, *(lambda who=who: asked(home, who) for who in (agent, deputy)))

    assert told == ["asked_already", "done"] and states(school) == [State.ASKED]


def test_given_and_lapsed_at_once_takes_the_money_once(school, people, on_the_day):
    head, _deputy, agent = people
    with tenant_scope(school):
        hold()
        row = granted(troubled(), agent, head)
        Concession.objects.update(until_on=DAY)

    at_once(school, lambda: working.give(row, DAY, by=agent, at=AT), lambda: working.lapse(row.until_on, at=AT))

    with tenant_scope(school):
        row.refresh_from_db()
        assert budgets.used(2026) == {"tuition": 50_000 if row.state == State.GIVEN else 0}
