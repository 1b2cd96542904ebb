"""培训计划: for whom it is time, what was held, and who says so."""
from datetime import date, timedelta

import pytest

from crm import training as trainings
from crm.models import Training, TrainingAttendance
from service_levels.models import TrainingPlan, TrainingSession
from service_levels.team import training
from service_levels.team.training import Held
from tenancy.refusals import Forbidden, Refused
from tests.churn.conftest import DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.team.makers import held, planned

ONE = timedelta(days=1)


@pytest.fixture
def gao(inside):
    return colleague("agent", "高敏")


def waiting(plan, day=DAY) -> list[str]:
    """For whom it is time, by the list of what is due."""
    return [one.name for due in training.due(day) if due.plan == plan for one in due.members]


# -- plans -------------------------------------------------------------------------------------------------------------------------------------
def test_the_three_of_the_rule_are_written_with_one_button(chief):
    assert training.begin(by=chief) == 3

    assert sorted(TrainingPlan.objects.values_list("about", flat=True)) == ["childhood", "communication", "crm"]
    with pytest.raises(Refused) as told:
        training.begin(by=chief)
    assert told.value.code == "begun"


def test_one_more_is_written_and_changed(chief):
    row = training.keep(TrainingPlan(subject="处理投诉", every_months=3, roles=["agent"]), by=chief)
    row.every_months = 4

    training.keep(row, by=chief)

    assert (TrainingPlan.objects.get().every_months, str(row)) == (4, "处理投诉")


def test_not_by_everybody(gao):
    for act in (lambda: training.begin(by=gao), lambda: training.keep(TrainingPlan(subject="x"), by=gao), lambda: held(planned(), gao, gao)):
        with pytest.raises(Forbidden):
            act()


# -- for whom it is time -----------------------------------------------------------------------------------------------------------------------
def test_who_was_never_there_is_due(chief, gao):
    assert waiting(planned()) == sorted(["head", "高敏"], key=lambda name: name)


@pytest.mark.parametrize(("on", "is_due"), [(date(2026, 5, 20), True), (date(2026, 5, 21), False), (DAY, False)])
def test_who_was_there_is_due_again_after_so_many_months(chief, gao, on, is_due):
    plan = planned(every_months=6)
    held(plan, chief, gao, on=on)

    assert ("高敏" in waiting(plan)) is is_due


def test_the_last_time_counts(chief, gao):
    plan = planned()
    for on in (date(2025, 1, 1), date(2026, 9, 1)):
        held(plan, chief, gao, on=on)

    assert "高敏" not in waiting(plan)


def test_only_the_roles_that_are_named(chief, gao):
    assert waiting(planned(roles=["agent"])) == ["高敏"]
    assert waiting(planned(subject="别的", roles=["teacher"])) == []


def test_a_training_by_another_plan_does_not_count(chief, gao):
    first, second = planned(), planned(subject="别的")
    held(first, chief, gao)

    assert "高敏" in waiting(second) and "高敏" not in waiting(first)


def test_nor_one_that_belongs_to_no_plan(chief, gao):
    trainings.train("怎么和家长沟通", "care", on=DAY, trainer=chief, members=[gao], by=chief)

    assert "高敏" in waiting(planned())


def test_a_plan_out_of_use_asks_nobody(chief, gao):
    planned(is_on=False)

    assert training.due(DAY) == []


def test_who_left_is_not_asked(chief, gao):
    gao.is_active = False
    gao.save(update_fields=["is_active"])

    assert waiting(planned()) == ["head"]


def test_how_many_are_up_to_date(chief, gao):
    plan = planned()
    held(plan, chief, gao)

    assert [(due.plan, due.fresh, len(due.members)) for due in training.due(DAY)] == [(plan, 1, 1)]


# -- held --------------------------------------------------------------------------------------------------------------------------------------
def test_what_was_held_is_a_training_like_any_other(chief, gao):
    plan = planned()

    session = training.hold(plan, Held(DAY, chief, [gao, chief, gao], "先听再说"), by=chief)

    row = Training.objects.get()
    assert (row.subject, row.topic, row.on, row.trainer, row.notes) == ("怎么和家长沟通", "consultation", DAY, chief, "先听再说")
    assert TrainingAttendance.objects.filter(training=row).count() == 2
    assert (session.plan, session.training, str(session)) == (plan, row, str(row.pk))


@pytest.mark.parametrize(("about", "topic"), [("childhood", "teaching"), ("communication", "consultation"), ("crm", "other"), ("other", "other")])
def test_each_kind_counts_to_a_topic(chief, about, topic):
    held(planned(about=about), chief, chief)

    assert Training.objects.get().topic == topic


def test_not_without_anybody(chief):
    with pytest.raises(Refused) as told:
        held(planned(), chief)

    assert told.value.field == "members" and Training.objects.count() == 0


def test_written_down_by_mistake_it_counts_no_more(chief, gao):
    plan = planned()
    session = held(plan, chief, gao)

    trainings.forget(session.training, by=chief)

    assert TrainingSession.objects.count() == 0 and "高敏" in waiting(plan)
