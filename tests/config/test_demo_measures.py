"""The demo's measures and meetings: groups, verdicts, something late, minutes with a decision, by the actions people use."""
from churn.groups import Kind, group
from churn.measures.queries import counts
from churn.models import Evaluation, Measure, Meeting, MeetingNote
from config import demo, demo_churn, demo_measures
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tests.churn.conftest import DAY
from tests.conftest import make_member

ROLES = (Role.RELATIONS, Role.AGENT, Role.TEACHER, Role.MARKETING, Role.ADMINISTRATION, Role.OPERATIONS)


def test_measures_and_meetings_are_there_to_be_looked_at(school, on_the_day):
    people = {role: make_member(school, role, f"{role}某") for role in ROLES}
    with tenant_scope(school):
        demo.make(school, families=60, seed=20260901, today=DAY)
        demo_churn.leave(people, DAY)
        demo_measures.improve(people, DAY)

        assert group(Kind.CHURN).missing == ()
        assert group(Kind.CHURN).leader == people[Role.MARKETING]
        assert Evaluation.objects.filter(is_final=True).count() == 2
        assert Evaluation.objects.count() == 5
        assert counts(people[Role.OPERATIONS], DAY).late == 2
        assert Measure.objects.exclude(meeting=None).count() == 1
        assert Meeting.objects.exclude(ended_at=None).count() == demo_measures.WEEKS
        assert MeetingNote.objects.count() == 9
