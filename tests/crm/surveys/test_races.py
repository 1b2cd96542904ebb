"""Two at one moment, over real connections: a parent and a colleague answer one sheet, two ask for one reason, two publish."""

import pytest

from crm.models import Answer, Satisfaction, SurveyResponse, SurveyVersion, TimelineEntry
from crm.surveys.asking import Subject, answer, ask, decline
from crm.surveys.writing import Asked, publish, write
from notifications.models import Outbox
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.crm.surveys.makers import asked, given, visit_survey
from tests.reception.makers import NOW
from tests.reception.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def row(school, fang) -> SurveyResponse:
    with tenant_scope(school):
        return asked()


def test_a_parent_and_a_colleague_answer_one_sheet_once(school, fang, row):
    with tenant_scope(school):
        told = given(4, words="好")

    said = at_once(
        school,
        lambda: answer(row, told, channel="online", by=None, at=NOW),
        lambda: answer(row, told, channel="phone", by=fang, at=NOW),
        lambda: answer(row, told, channel="face", by=fang, at=NOW),
    )

    with tenant_scope(school):
        assert said == ["changed", "changed", "done"]
        assert Answer.objects.count() == 2 and Satisfaction.objects.count() == 1
        assert TimelineEntry.objects.filter(kind="survey").count() == 1


def test_answering_and_declining_at_one_moment_end_in_one_of_both(school, fang, row):
    with tenant_scope(school):
        told = given(5)

    said = at_once(
        school,
        lambda: answer(row, told, channel="online", by=None, at=NOW),
        lambda: decline(row, by=fang, at=NOW),
    )

    with tenant_scope(school):
        row.refresh_from_db()
        assert said == ["changed", "done"]
        assert Answer.objects.exists() == (row.state == "answered")


def test_a_reason_asks_once_however_many_ask(school, fang):
    with tenant_scope(school):
        family, survey = makers.family(), visit_survey()

    at_once(
        school,
        *(lambda: ask(survey, family, Subject("visit-9", family.campus), by=fang, at=NOW) for _ in range(4)),
    )

    with tenant_scope(school):
        row = SurveyResponse.objects.get()
        asked_for = Outbox.objects.filter(topic="crm.survey_send")
        assert row.key == "visit-9"
        assert {tuple(one.payload["responses"]) for one in asked_for} == {(row.pk,)}


def test_two_who_publish_one_draft_publish_it_once(school, fang):
    with tenant_scope(school):
        survey = visit_survey()
        write(survey, [Asked("总体", "five", is_overall=True)], greeting="", thanks="", by=fang)

    said = at_once(school, *(lambda: publish(survey, by=fang, at=NOW) for _ in range(3)))

    with tenant_scope(school):
        states = SurveyVersion.objects.filter(survey=survey).order_by("number").values_list("number", "state")
        assert said == ["changed", "changed", "done"]
        assert list(states) == [(1, "retired"), (2, "published")]
