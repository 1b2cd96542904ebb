"""The doors of churn: by right, by campus, by school."""
from datetime import timedelta

import pytest

from churn import access
from churn.access import backtest_for, backtests, standings
from churn.meetings.holding import begin, note
from churn.models import Backtest
from tenancy.models import Campus
from tenancy.refusals import Absent, Forbidden
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY, ONE
from tests.churn.measures.makers import measure
from tests.conftest import make_member, make_school


def test_standings_are_those_of_present_families_of_ones_campuses(school, head, judged):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    western = make_member(school, "relations", "西", campuses=[west])
    with tenant_scope(school):
        assert (standings(head).count(), standings(western).count()) == (3, 0)
        judged[0].deleted_at = f"{DAY}T00:00Z"
        judged[0].save(update_fields=["deleted_at"])
        assert standings(head).count() == 2


def test_the_front_desk_has_no_door(school):
    desk = make_member(school, "frontdesk")
    with tenant_scope(school):
        for door in (standings, backtests):
            with pytest.raises(Forbidden):
                door(desk)


def test_another_schools_back_test_is_as_absent_as_none(school, head):
    other = make_school("qi")
    with tenant_scope(other):
        theirs = Backtest.objects.create(as_of=DAY - 90 * ONE, until=DAY)
    with tenant_scope(school):
        for pk in (theirs.pk, 10**12, "x"):
            with pytest.raises(Absent):
                backtest_for(head, pk)


# -- measures and meetings ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def western(school):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    return make_member(school, "operations", "西", campuses=[west])


def test_a_measure_of_the_whole_school_is_seen_by_everybody_and_one_of_a_campus_by_its_people(school, head, western,
        on_the_day):
    with tenant_scope(school):
        everywhere = measure(head, DAY, title="全部")
        here = measure(head, DAY, title="本部", campus=Campus.objects.get(code="main"))
        there = measure(head, DAY, title="西园", campus=Campus.objects.get(code="west"))

        assert {row.pk for row in access.measures(western)} == {everywhere.pk, there.pk}
        assert {row.pk for row in access.measures(head)} == {everywhere.pk, here.pk, there.pk}
        assert access.measure_for(western, there.pk).title == "西园"
        with pytest.raises(Absent):
            access.measure_for(western, here.pk)


def test_a_step_belongs_to_its_measure(school, head, on_the_day):
    with tenant_scope(school):
        one, other = (measure(head, DAY, steps=[("x", None)]) for _n in range(2))

        assert access.step_for(head, one, one.steps.get().pk).measure == one
        with pytest.raises(Absent):
            access.step_for(head, one, other.steps.get().pk)


def test_a_line_belongs_to_its_meeting_and_front_desk_reads_neither(school, head, on_the_day):
    desk = make_member(school, "frontdesk", "前")
    with tenant_scope(school):
        meeting = begin(by=head, at=AT)
        line = note(meeting, "cases", "x", by=head, at=AT)
        later = begin(by=head, at=AT + timedelta(days=7))

        assert access.note_for(head, meeting, line.pk) == line
        assert access.meeting_for(head, meeting.pk) == meeting
        with pytest.raises(Absent):
            access.note_for(head, later, line.pk)
        for look in (lambda: access.meeting_for(desk, meeting.pk), lambda: access.measures(desk)):
            with pytest.raises(Forbidden):
                look()
