"""Two colleagues, or two workers, at the same moment: one meeting a week, one end, one last word."""
from datetime import timedelta

import pytest

from churn.measures import evaluating, rules
from churn.measures.working import decide, finish, hand_to
from churn.meetings.holding import begin, end, go_to
from churn.models import Evaluation, Measure, Meeting
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY, ONE, home
from tests.churn.measures.makers import measure
from tests.conftest import make_member
from tests.reception.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def row(school, head, on_the_day):
    with tenant_scope(school):
        home(1)
        rules.keep(formula="start", satisfied=4, least=30, span_days=14, by=head)
        return measure(head, DAY - 20 * ONE, due_on=DAY)


def fresh() -> Measure:
    return Measure.objects.get()


def test_a_week_gets_one_meeting(school, head, on_the_day):
    told = at_once(school, *[lambda: begin(by=head, at=AT)] * 4)

    assert told == ["done", "open_already", "open_already", "open_already"]
    with tenant_scope(school):
        assert Meeting.objects.count() == 1


def test_a_meeting_ends_once_and_nothing_is_said_after_it(school, head, on_the_day):
    with tenant_scope(school):
        meeting = begin(by=head, at=AT)
    later = AT + timedelta(minutes=40)
    told = at_once(school, *[lambda: end(meeting, figures={}, summary="", by=head, at=later)] * 3)

    assert told == ["changed", "changed", "done"]
    with tenant_scope(school):
        assert Meeting.objects.get().spent == {"decided": 2400}


def test_two_who_press_space_together_count_the_time_once(school, head, on_the_day):
    with tenant_scope(school):
        meeting = begin(by=head, at=AT)
    later = AT + timedelta(minutes=5)
    told = at_once(school, *[lambda: go_to(meeting, "cases", by=head, at=later)] * 2)

    assert told == ["done", "done"]
    with tenant_scope(school):
        assert (Meeting.objects.get().item, Meeting.objects.get().spent) == ("cases", {"decided": 300, "cases": 0})


def test_two_workers_on_the_same_morning_give_one_last_word(school, head, row):
    told = at_once(school, *[lambda: evaluating.renew(DAY, at=AT)] * 4)

    assert told == ["done"] * 4
    with tenant_scope(school):
        assert list(Evaluation.objects.values_list("is_final", "days")) == [(True, 14)]


def test_two_workers_before_the_days_are_full_leave_one_running_count(school, head, row):
    with tenant_scope(school):
        rules.keep(formula="start", satisfied=4, least=30, span_days=90, by=head)
    told = at_once(school, *[lambda: evaluating.renew(DAY, at=AT)] * 4)

    assert told == ["done"] * 4
    with tenant_scope(school):
        assert list(Evaluation.objects.values_list("is_final", "days")) == [(False, 20)]


def test_counting_again_while_the_morning_runs_keeps_both_words(school, head, row):
    told = at_once(school, lambda: evaluating.renew(DAY, at=AT), lambda: evaluating.again(fresh(), day=DAY, by=head, at=AT))

    assert told == ["done", "done"]
    with tenant_scope(school):
        assert Evaluation.objects.filter(is_final=True).count() in (1, 2)
        assert not Evaluation.objects.filter(is_final=False).exists()


def test_a_measure_is_finished_by_one_of_two(school, head, row):
    told = at_once(school, *[lambda: finish(fresh(), by=head, at=AT)] * 2)

    assert told == ["changed", "done"]


def test_a_measure_is_decided_one_way_even_if_two_decide_differently(school, head, row):
    told = at_once(school, lambda: decide(fresh(), "stopped", lesson="贵", by=head, at=AT),
            lambda: decide(fresh(), "revised", lesson="慢", by=head, at=AT))

    assert told == ["changed", "done"]
    with tenant_scope(school):
        assert (fresh().state, fresh().lesson) in (("stopped", "贵"), ("revised", "慢"))


def test_a_measure_handed_over_while_it_is_decided_has_one_owner_and_one_end(school, head, row):
    other = make_member(school, "relations")
    told = at_once(school, lambda: hand_to(fresh(), other, by=head, at=AT),
            lambda: decide(fresh(), "stopped", lesson="贵", by=head, at=AT))

    assert "done" in told and set(told) <= {"done", "changed"}
    with tenant_scope(school):
        assert fresh().state == "stopped" and fresh().owner_id in (head.pk, other.pk)
