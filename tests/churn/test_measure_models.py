"""What the database itself refuses of measures, evaluations and meetings."""
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from churn.models import EffectRules, Evaluation, Measure, Meeting, MeetingPresence
from tests.churn.conftest import AT, DAY, ONE
from tests.churn.measures.makers import measure
from tests.churn.measures.test_views import final


@pytest.fixture
def row(miao, head, on_the_day):
    return measure(head, DAY)


def refused(do) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        do()
    return str(caught.value)


@pytest.mark.parametrize(("fields", "name"), [
    ({"due_on": DAY - ONE}, "measure_span"),
    ({"state": "stopped"}, "measure_decided"),
    ({"state": "stopped", "decided_on": DAY}, "measure_decided"),
    ({"decided_on": DAY}, "measure_decided"),
    ({"progress": 101}, "measure_progress"),
])
def test_a_measure_that_contradicts_itself_is_refused(row, fields, name):
    assert name in refused(lambda: Measure.objects.update(**fields))


def test_a_measure_has_one_running_evaluation_and_any_number_of_last_words(row):
    final(row, is_final=False)
    final(row)
    final(row)

    assert "evaluation_one_running" in refused(lambda: final(row, is_final=False))
    assert Evaluation.objects.count() == 3


def test_an_evaluation_without_somebody_beside_has_no_tally_of_them(row):
    assert (final(row).tally("control_before"), final(row).tally("before")["answered"]) == (None, 100)


def test_a_school_has_one_row_of_rules(row):
    EffectRules.objects.create()

    assert "effect_rules_one" in refused(lambda: EffectRules.objects.create())


def test_a_meeting_is_one_a_week_and_begins_the_week_on_monday(row, head):
    usual = {"host": head, "opened_at": AT, "item_at": AT}
    meeting = Meeting.objects.create(week_on=date(2026, 11, 16), **usual)
    MeetingPresence.objects.create(meeting=meeting, member=head, state="here")

    assert "meeting_one_a_week" in refused(lambda: Meeting.objects.create(week_on=date(2026, 11, 16), **usual))
    assert "meeting_monday" in refused(lambda: Meeting.objects.create(week_on=date(2026, 11, 17), **usual))
    assert "meeting_presence_once" in refused(lambda: MeetingPresence.objects.create(meeting=meeting, member=head,
            state="here"))


def test_measures_and_meetings_are_called_by_their_names(row, head):
    assert (str(row), str(Meeting(week_on=date(2026, 11, 16)))) == ("主班一年不换", "2026-11-16")
