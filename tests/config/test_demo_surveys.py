"""The demo's questionnaires: sent and answered by the same verbs as in earnest, with a weak point that somebody puts right."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config import demo_surveys
from crm.models import Improvement, Satisfaction, Survey, SurveyResponse, TimelineEntry, Training
from crm.surveys.analysis import findings
from reception.models import ProcessReview, SopRead
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.reception.makers import NOW

ROLES = (Role.FRONT_DESK, Role.RECEPTION, Role.RELATIONS, Role.ADMINISTRATION, Role.TEACHER)


@pytest.fixture
def rated(school, head, on_the_day):
    """A school with forty families after the demo's questionnaires."""
    people = {role: make_member(school, str(role)) for role in ROLES} | {Role.HEAD: head}
    with tenant_scope(school):
        for n in range(40):
            makers.family(f"孩{n}", f"1380013{n:04d}")
        demo_surveys.rate(people, at=NOW)
        yield people


def test_most_families_have_answered_and_some_wait_for_a_call(rated):
    states = list(SurveyResponse.objects.values_list("state", flat=True))

    assert len(states) == 40 and 20 <= states.count("answered") <= 36 and states.count("open") >= 4
    assert Satisfaction.objects.count() == states.count("answered")
    assert TimelineEntry.objects.filter(kind="survey").count() == states.count("answered")


def test_meals_are_the_weak_point(rated):
    term = Survey.objects.get(name="学期满意度")
    found = findings(rated[Role.HEAD], term, timezone.localdate(NOW) - timedelta(days=60), timezone.localdate(NOW), None)

    assert [one.question.text for one in found.weak] == ["伙食"] and len(found.months) == 2


def test_one_thing_is_done_one_is_late_one_is_due(rated):
    today = timezone.localdate(NOW)
    rows = {row.title: row for row in Improvement.objects.all()}

    assert rows["一周食谱换一轮"].state == "done" and rows["一周食谱换一轮"].level is not None
    assert rows["门口接园分两批"].due_on < today < rows["参观当天停车写进提醒"].due_on


def test_people_were_trained_and_last_month_was_looked_through(rated):
    assert Training.objects.count() == 2 and SopRead.objects.count() == 6
    assert f"{ProcessReview.objects.get().month:%Y-%m}" == "2026-10"
