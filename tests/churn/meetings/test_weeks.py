"""Four weeks one after the other: what is decided is carried over until it is done, judged, and decided again."""
from datetime import date, timedelta

import pytest

from churn.cases.opening import open_by_hand
from churn.measures import evaluating, rules
from churn.measures.queries import lessons
from churn.measures.working import decide, finish, plan, tell_due, tick
from churn.meetings import agenda, holding
from churn.models import Measure, Meeting
from crm.models import Satisfaction
from notifications.models import Message
from tenancy.scope import tenant_scope
from tests import makers
from tests.churn.conftest import AT, DAY, home
from tests.churn.measures.makers import planned

WEEK = timedelta(days=7)


def hold(sitting, number: int, *lines: str) -> Meeting:
    """The meeting of a week with its decisions, ended."""
    by, at = sitting["marketing"], AT + number * WEEK
    meeting = holding.begin(by=by, at=at)
    for line in lines:
        holding.decide(meeting, line, sitting.values(), by=by, at=at)
    holding.end(meeting, figures={}, summary="", by=by, at=at)
    return meeting


def titles(rows) -> list[str]:
    return [row.title for row in rows]


@pytest.fixture
def weeks(school, sitting, head, on_the_day):
    with tenant_scope(school):
        rules.keep(formula="start", satisfied=4, least=30, span_days=14, by=head)
    return sitting


def test_what_is_open_is_carried_from_week_to_week_until_it_is_done(school, head, weeks):
    with tenant_scope(school):
        hold(weeks, 0, "停车位，admin，11-27", "告诉家长，teacher，12-30")
        first = agenda.agenda(head, None, DAY + WEEK)
        hold(weeks, 1)
        finish(Measure.objects.get(title="停车位"), by=weeks["admin"], at=AT + 2 * WEEK)
        second = agenda.agenda(head, None, DAY + 2 * WEEK)

        assert titles(first.carried) == ["停车位", "告诉家长"] and titles(first.late) == []
        assert titles(second.carried) == ["告诉家长"] and titles(second.finished) == ["停车位"]


def test_what_is_late_in_the_second_week_has_been_told_to_the_leader_and_in_the_third_to_the_management(school, head,
        weeks):
    with tenant_scope(school):
        hold(weeks, 0, "停车位，admin，11-27")
        for days in range(22):
            tell_due(DAY + timedelta(days=days), at=AT)
        told = [(m.member.role, m.title) for m in Message.objects.filter(title__contains="停车位").select_related("member").order_by("pk")]

        assert told == [
            ("admin", "改进措施“停车位”今天到期"),
            ("admin", "改进措施“停车位”逾期 1 天，admin负责"),
            ("head", "改进措施“停车位”逾期 7 天，admin负责"),
        ]
        assert titles(agenda.agenda(head, None, DAY + 2 * WEEK).late) == ["停车位"]


def test_what_failed_comes_back_until_somebody_decides_and_what_was_learnt_stays(school, head, weeks):
    with tenant_scope(school):
        meeting = hold(weeks, 0, "停车位，admin，11-27")
        evaluating.renew(DAY + 2 * WEEK, at=AT)
        coming, after = (agenda.agenda(head, None, DAY + number * WEEK) for number in (2, 3))
        decide(Measure.objects.get(), "stopped", lesson="物业不肯", by=head, at=AT + 3 * WEEK)
        last = agenda.agenda(head, None, DAY + 4 * WEEK)

        assert [one.measure.title for one in coming.effects] == [one.measure.title for one in after.effects] == ["停车位"]
        assert coming.effects[0].evaluation.verdict == "too_few"
        assert last.effects == []
        assert last.carried == []
        assert titles(lessons(head, "物业")) == ["停车位"]
        assert Measure.objects.get().meeting == meeting


def test_cases_are_spoken_about_once_in_the_week_they_are_new(school, head, weeks):
    with tenant_scope(school):
        hold(weeks, 0)
        open_by_hand(home(1), None, note="x", owner=None, by=head, at=AT + timedelta(days=2))
        new = agenda.agenda(head, None, DAY + WEEK)
        hold(weeks, 1)
        later = agenda.agenda(head, None, DAY + 2 * WEEK)

        assert len(new.cases) == 1 and later.cases == []


def test_from_a_decision_to_the_rules_of_the_house(school, head, weeks):
    with tenant_scope(school):
        for number in range(40):
            customer = makers.family(f"孩{number}", f"1390000{number:04d}", since=date(2025, 9, 1))
            for day, good in ((DAY - timedelta(days=3), 5), (DAY + timedelta(days=3), 35)):
                Satisfaction.objects.create(customer=customer, answered_on=day, score=5 if number < good else 1)
        row = plan(planned(head, DAY, indicator="satisfaction", due_on=DAY + WEEK), by=head, at=AT,
                steps=[("排名单", None)])
        tick(row.steps.get(), True, by=head, at=AT)
        row.refresh_from_db()
        finish(row, by=head, at=AT + WEEK)
        evaluating.renew(DAY + 2 * WEEK, at=AT)
        waiting = agenda.agenda(head, None, DAY + 2 * WEEK).effects
        decide(row, "adopted", lesson="主班不换，家长就放心", by=head, at=AT + 2 * WEEK)

        assert [(one.evaluation.verdict, round(one.seen.found.net, 2)) for one in waiting] == [("effective", 0.75)]
        assert (row.state, row.progress, titles(lessons(head, state="adopted"))) == ("adopted", 100, ["主班一年不换"])
