"""What the database itself refuses of voices and oversights."""
import pytest
from django.db import IntegrityError, transaction

from churn.models import Measure, Oversight, Voice
from churn.voices.forms import OversightForm, VoiceForm
from churn.voices.working import oversee, speak
from tests.churn.conftest import AT


@pytest.fixture
def rows(miao, head, on_the_day):
    return speak("opinion", "x", by=head, at=AT), oversee("churn", "guidance", "x", by=head, at=AT)


@pytest.mark.parametrize("fields", [
    {"state": "agreed"},
    {"state": "agreed", "answer": "好"},
    {"state": "agreed", "answered_at": AT},
    {"answered_at": AT},
])
def test_a_voice_is_answered_wholly_or_not_at_all(rows, fields):
    with pytest.raises(IntegrityError, match="voice_answered"), transaction.atomic():
        Voice.objects.update(**fields)


@pytest.mark.parametrize("fields", [
    {"answer": "好"},
    {"answered_at": AT},
])
def test_an_oversight_is_answered_wholly_or_not_at_all(rows, fields):
    with pytest.raises(IntegrityError, match="oversight_answered"), transaction.atomic():
        Oversight.objects.update(**fields)


def test_the_open_ones_are_those_without_an_answer(rows):
    Voice.objects.create(kind="help", text="y", by=rows[0].by, at=AT, state="answered", answer="z", answered_at=AT)

    assert [row.text for row in Voice.objects.open()] == ["x"]


def test_groups_that_are_overseen_are_the_two_of_the_rule():
    assert [code for code, _word in Oversight.GROUPS] == ["churn", "improvement"]


@pytest.mark.parametrize(("typed", "wrong"), [
    ({"kind": "opinion", "text": "x"}, set()),
    ({"kind": "", "text": "x"}, {"kind"}),
    ({"kind": "opinion", "text": ""}, {"text"}),
    ({"kind": "opinion", "text": "x", "measure": "9"}, {"measure"}),
])
def test_the_form_of_a_voice(rows, typed, wrong):
    made = VoiceForm(typed, measures=Measure.objects.undecided())
    made.is_valid()

    assert set(made.errors) == wrong


def test_who_may_not_read_measures_is_not_asked_for_one(rows):
    assert list(VoiceForm(measures=Measure.objects.none()).fields) == ["kind", "text"]


@pytest.mark.parametrize(("typed", "wrong"), [
    ({"to": "churn", "kind": "guidance", "text": "x"}, set()),
    ({"to": "win_back", "kind": "guidance", "text": "x"}, {"to"}),
    ({"to": "churn", "kind": "x", "text": "x"}, {"kind"}),
    ({"to": "churn", "kind": "guidance", "text": ""}, {"text"}),
])
def test_the_form_of_an_oversight(rows, typed, wrong):
    made = OversightForm(typed)
    made.is_valid()

    assert set(made.errors) == wrong
