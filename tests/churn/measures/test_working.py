"""What is done with a measure: planning, steps, checks, moving, handing over, deciding, and who is told when it is late."""
import pytest

from audit.models import Entry
from churn.measures.working import (
    add_step,
    check,
    decide,
    drop_step,
    finish,
    hand_to,
    may_work,
    move,
    plan,
    tell_due,
    tick,
    undecide,
    unfinish,
)
from churn.models import Measure, MeasureCheck
from crm.models import ClassGroup, WorkingGroup
from notifications.models import Message
from tenancy.models import Campus
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.churn.cases.conftest import cause
from tests.churn.conftest import AT, DAY, ONE
from tests.churn.measures.makers import measure, planned
from tests.churn.measures.test_views import final
from tests.conftest import make_member


@pytest.fixture
def frontdesk(school):
    return make_member(school, "frontdesk")


@pytest.fixture
def row(head, relations, frontdesk, miao, on_the_day):
    return measure(head, DAY, cause=cause(), steps=[("排名单", DAY + ONE), ("说明", None)])


def refusal(do) -> Refused:
    with pytest.raises(Refused) as caught:
        do()
    return caught.value


# -- planning ----------------------------------------------------------------------------------------------------------------------
def test_a_measure_holds_what_was_planned_and_is_recorded(row, head):
    assert (row.state, row.progress, row.opened_on, row.by_id, row.cause.name) == ("running", 0, DAY, head.pk, "换老师太多")
    assert [(step.text, step.due_on) for step in row.steps.order_by("pk")] == [("排名单", DAY + ONE), ("说明", None)]
    assert Entry.objects.filter(verb="churn.measure_planned").count() == 1


def test_the_owner_learns_of_it_and_who_plans_for_themselves_does_not(relations, head, miao, on_the_day):
    measure(head, DAY, owner=relations)
    measure(head, DAY)

    assert [(m.member_id, m.title) for m in Message.objects.all()] == [(relations.pk,
            "有一项改进措施交给您，最晚 2026-12-20")]


def test_a_class_brings_its_campus(miao, head, on_the_day):
    group = ClassGroup.objects.create(campus=Campus.objects.get(code="main"), name="朝阳班")

    assert measure(head, DAY, class_group=group).campus_id == group.campus_id


@pytest.mark.parametrize(("more", "field"), [
    ({"title": "  "}, "title"),
    ({"due_on": DAY - ONE}, "due_on"),
    ({"starts_on": DAY - 9 * ONE, "due_on": DAY - ONE}, "due_on"),
])
def test_what_is_no_plan_is_refused_at_its_field(miao, head, on_the_day, more, field):
    assert refusal(lambda: measure(head, DAY, **more)).field == field
    assert not Measure.objects.exists()


def test_who_has_left_or_may_not_work_on_cases_owns_no_measure(school, head, frontdesk, on_the_day):
    gone = make_member(school, "agent", "走了")

    with tenant_scope(school):
        gone.is_active = False
        gone.save()
        for owner in (gone, frontdesk):
            assert refusal(lambda owner=owner: measure(head, DAY, owner=owner)).field == "owner"


def test_a_class_of_another_campus_is_refused(miao, head, on_the_day):
    west = Campus.objects.create(code="west", name="西园")
    group = ClassGroup.objects.create(campus=west, name="朝阳班")

    assert refusal(lambda: measure(head, DAY, class_group=group,
            campus=Campus.objects.get(code="main"))).field == "class_group"


def test_who_works_for_one_campus_plans_for_that_one_only(school, on_the_day):

    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    western = make_member(school, "operations", "西", campuses=[west])
    with tenant_scope(school):
        assert measure(western, DAY, campus=west).campus_id == west.pk
        assert refusal(lambda: measure(western, DAY)).field == "campus"
        assert refusal(lambda: measure(western, DAY, campus=Campus.objects.get(code="main"))).field == "campus"


def test_who_may_not_plan_does_not(relations, miao, on_the_day):
    with pytest.raises(Forbidden):
        plan(planned(relations, DAY), by=relations, at=AT)


# -- steps and checks --------------------------------------------------------------------------------------------------------------
def test_progress_follows_from_the_steps_that_are_done(row, head):
    first, second = row.steps.order_by("pk")
    tick(first, True, by=head, at=AT)
    half = Measure.objects.get().progress
    tick(second, True, by=head, at=AT)
    whole = Measure.objects.get().progress
    tick(first, False, by=head, at=AT)
    first.refresh_from_db()

    assert (half, whole, Measure.objects.get().progress) == (50, 100, 50)
    assert (first.done_on, first.done_by) == (None, None)


def test_a_step_is_added_and_dropped(row, head):
    made = add_step(row, "  写手册 ", DAY, by=head)
    drop_step(row.steps.get(text="说明"), by=head)

    assert made.text == "写手册"
    assert sorted(row.steps.values_list("text", flat=True)) == ["写手册", "排名单"]
    assert refusal(lambda: add_step(row, " ", None, by=head)).field == "text"


def test_a_check_keeps_how_far_it_is_and_what_stands_in_the_way(row, head):
    check(row, progress=35, problem="教务没空", answer="改到周五", by=head, at=AT)

    found = MeasureCheck.objects.get()
    assert (found.progress, found.problem, found.answer, found.on) == (35, "教务没空", "改到周五", DAY)
    assert Measure.objects.get().progress == 35


@pytest.mark.parametrize(("typed", "field"), [
    ({"progress": 101, "problem": "", "answer": ""}, "progress"),
    ({"progress": -1, "problem": "", "answer": ""}, "progress"),
    ({"progress": 1, "problem": " ", "answer": "x"}, "problem"),
])
def test_a_check_that_makes_no_sense_is_refused(row, head, typed, field):
    assert refusal(lambda: check(row, **typed, by=head, at=AT)).field == field
    assert not MeasureCheck.objects.exists()


def test_the_owner_works_on_it_and_another_colleague_does_not(school, head, relations, on_the_day):

    agent = make_member(school, "agent", "客")
    with tenant_scope(school):
        mine = measure(head, DAY, owner=relations)

        assert (may_work(mine, relations), may_work(mine, head), may_work(mine, agent)) == (True, True, False)
        check(mine, progress=1, problem="", answer="", by=relations, at=AT)
        for do in (lambda: check(mine, progress=1, problem="", answer="", by=agent, at=AT),
                lambda: finish(mine, by=agent, at=AT),
                   lambda: add_step(mine, "x", None, by=agent), lambda: move(mine, DAY + 9 * ONE, why="x",
                           by=relations, at=AT),
                   lambda: decide(mine, "stopped", lesson="x", by=relations, at=AT), lambda: hand_to(mine, agent,
                           by=relations, at=AT)):
            with pytest.raises(Forbidden):
                do()


# -- finishing, moving, handing over -----------------------------------------------------------------------------------------------
def test_what_is_done_waits_for_its_evaluation_and_can_be_undone(row, head):
    finish(row, by=head, at=AT)
    done = (row.state, row.done_on, row.progress)
    unfinish(row, by=head)

    assert done == ("done", DAY, 100) and (row.state, row.done_on) == ("running", None)


def test_a_state_that_has_changed_in_the_meantime_is_said(row, head):
    finish(row, by=head, at=AT)

    assert refusal(lambda: finish(row, by=head, at=AT)).code == "changed"
    assert refusal(lambda: move(row, DAY + 40 * ONE, why="x", by=head, at=AT)).code == "changed"
    unfinish(row, by=head)
    assert refusal(lambda: unfinish(row, by=head)).code == "changed"
    assert refusal(lambda: undecide(row, by=head)).code == "changed"


def test_moving_keeps_the_reason_and_begins_its_reminders_anew(row, head, relations):
    Measure.objects.update(owner=relations, due_on=DAY)
    tell_due(DAY, at=AT)
    before = Message.objects.filter(read_at=None).count()
    move(Measure.objects.get(), DAY + 40 * ONE, why="等教务", by=head, at=AT)

    assert before == 1 and not Message.objects.filter(read_at=None).exists()
    assert MeasureCheck.objects.get().problem == "改期：2026-11-20 → 2026-12-30，等教务"
    assert Measure.objects.get().due_on == DAY + 40 * ONE


@pytest.mark.parametrize(("due", "why", "field"), [(DAY - ONE, "x", "due_on"), (DAY + ONE, " ", "why")])
def test_moving_without_a_reason_or_into_the_past_is_refused(row, head, due, why, field):
    assert refusal(lambda: move(row, due, why=why, by=head, at=AT)).field == field


def test_a_measure_is_handed_to_a_colleague_who_learns_of_it(row, head, relations, frontdesk):
    hand_to(row, relations, by=head, at=AT)

    assert row.owner_id == relations.pk and Message.objects.get().member_id == relations.pk
    assert refusal(lambda: hand_to(row, frontdesk, by=head, at=AT)).field == "owner"


# -- deciding ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["revised", "stopped"])
def test_a_decision_needs_no_verdict_unless_it_goes_into_the_rules(row, head, state):
    decide(row, state, lesson="太慢", by=head, at=AT)

    assert (row.state, row.lesson, row.decided_on) == (state, "太慢", DAY)


@pytest.mark.parametrize("verdict", ["effective", "ineffective", "too_few", None])
def test_only_what_the_rule_found_effective_is_written_into_the_policy(row, head, verdict):
    if verdict:
        final(row, verdict)
    if verdict == "effective":
        decide(row, "adopted", lesson="留得住人", by=head, at=AT)
    else:
        assert refusal(lambda: decide(row, "adopted", lesson="x", by=head, at=AT)).field == "state"

    assert (Measure.objects.get().state == "adopted") == (verdict == "effective")


def test_only_the_last_word_counts(row, head):
    final(row, "effective", on=DAY - 9 * ONE)
    final(row, "ineffective", on=DAY)

    assert refusal(lambda: decide(row, "adopted", lesson="x", by=head, at=AT)).field == "state"


@pytest.mark.parametrize(("state", "lesson", "field"), [
    ("running", "x", "state"),
    ("x", "x", "state"),
    ("stopped", " ", "lesson"),
])
def test_a_decision_without_its_lesson_or_that_is_none_is_refused(row, head, state, lesson, field):
    assert refusal(lambda: decide(row, state, lesson=lesson, by=head, at=AT)).field == field


def test_what_is_decided_stays_as_it_is_until_it_is_reopened(row, head):
    finish(row, by=head, at=AT)
    decide(row, "stopped", lesson="x", by=head, at=AT)
    step = row.steps.first()

    assert refusal(lambda: check(row, progress=1, problem="", answer="", by=head, at=AT)).code == "changed"
    step.refresh_from_db()
    assert refusal(lambda: tick(step, True, by=head, at=AT)).code == "changed"
    undecide(row, by=head)
    assert (row.state, row.lesson, row.decided_on) == ("done", "", None)


# -- late --------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def people(school, head):
    return {role: make_member(school, role, role) for role in ("relations", "operations", "deputy")}


def told() -> list[tuple[str, str]]:
    return sorted((message.member.role, message.title) for message in Message.objects.select_related("member"))


@pytest.mark.parametrize(("late", "roles"), [
    (-1, []),
    (0, ["relations"]),
    (1, ["relations"]),
    (3, ["operations", "relations"]),
    (7, ["deputy", "head", "operations", "relations"]),
])
def test_who_learns_of_a_late_measure_goes_up_step_by_step(people, miao, head, on_the_day, late, roles):
    measure(head, DAY, owner=people["relations"])
    Message.objects.all().delete()
    Measure.objects.update(due_on=DAY)

    assert tell_due(DAY + late * ONE, at=AT) == (late >= 0)
    assert [role for role, _title in told()] == roles


def test_each_is_told_once_however_often_the_morning_comes(people, miao, head, on_the_day):
    measure(head, DAY, owner=people["relations"])
    Message.objects.all().delete()
    Measure.objects.update(due_on=DAY)
    for days in (0, 0, 1, 2, 3, 3, 4, 8):
        tell_due(DAY + days * ONE, at=AT)

    assert told() == [("deputy", "改进措施“主班一年不换”逾期 8 天，relations负责"),
            ("head", "改进措施“主班一年不换”逾期 8 天，relations负责"),
                      ("operations", "改进措施“主班一年不换”逾期 3 天，relations负责"), ("relations",
                              "改进措施“主班一年不换”今天到期"),
                      ("relations", "改进措施“主班一年不换”逾期 1 天，relations负责")]


def test_the_groups_own_leader_comes_before_the_one_of_the_rule(people, miao, head, on_the_day):
    WorkingGroup.objects.create(kind="improvement", name="执行小组", leader=people["deputy"])
    measure(head, DAY, owner=people["relations"])
    Message.objects.all().delete()
    Measure.objects.update(starts_on=DAY - 9 * ONE, due_on=DAY - 3 * ONE)
    tell_due(DAY, at=AT)

    assert [role for role, _title in told()] == ["deputy", "relations"]


def test_nobody_is_reminded_of_what_is_done(people, miao, head, on_the_day):
    finish(measure(head, DAY), by=head, at=AT)

    assert tell_due(DAY + 90 * ONE, at=AT) == 0 and not Message.objects.exists()
