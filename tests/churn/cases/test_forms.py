"""What is typed about a case reads as what was meant; what cannot be read is named at its field."""
import pytest

from churn.cases.forms import CauseForm, EndForm, OpenForm, TalkForm, workers
from churn.cases.working import End
from crm.models import Child
from tenancy.scope import tenant_scope
from tests.churn.cases.conftest import cause
from tests.churn.conftest import DAY
from tests.conftest import make_member


def test_only_who_may_work_on_cases_and_is_here_can_be_given_one(school, head):
    names = [make_member(school, role, name) for role, name in (("frontdesk", "前"), ("inspector", "监"), ("teacher",
            "师"), ("agent", "客"))]
    with tenant_scope(school):
        names[3].is_active = False
        names[3].save()

        assert {row.name for row in workers()} == {"head", "师"}


def test_an_end_reads_as_what_was_typed(miao):
    form = EndForm({"state": "lost", "went_to": "育才", "left_on": "2026-11-20", "result": "x"})

    assert form.is_valid() and form.end() == End("lost", "x", "", DAY, "育才")


@pytest.mark.parametrize(("typed", "field"), [
    ({"state": "open"}, "state"),
    ({"state": "kept", "left_on": "31.12.2026x"}, "left_on"),
    ({"state": "natural", "natural": "withdrew"}, "natural"),
    ({"state": "kept", "result": "x" * 301}, "result"),
    ({"state": "lost", "went_to": "x" * 61}, "went_to"),
    ({}, "state"),
])
def test_an_end_that_cannot_be_read_is_named(miao, typed, field):
    assert list(EndForm(typed).errors) == [field]


def test_answers_stand_beside_their_questions(miao):
    form = TalkForm({"way": "interview", "on": "2026-11-20", "answer_1": "太远"}, guide=["为什么？", "哪里？"])

    assert form.is_valid() and form.answers() == [("为什么？", ""), ("哪里？", "太远")]


def test_a_questionnaire_is_not_typed_in_by_hand(miao):
    assert "way" in TalkForm({"way": "survey", "on": "2026-11-20"}, guide=[]).errors


@pytest.mark.parametrize(("weight", "sound"), [
    ("1", True),
    ("10", True),
    ("0", False),
    ("11", False),
    ("", False),
    ("x", False),
])
def test_a_cause_takes_one_to_ten_tenths(miao, weight, sound):
    assert CauseForm({"cause": cause().pk, "weight": weight, "evidence": "x"}).is_valid() is sound


def test_a_case_is_about_one_of_the_familys_children_or_the_family(miao):
    assert OpenForm({"note": "x"}, children=Child.objects.all()).is_valid()
    assert "child" in OpenForm({"note": "x", "child": "7"}, children=Child.objects.none()).errors
