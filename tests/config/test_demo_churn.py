"""The demo's quarter of churn: nights that show a trend, cases with causes, some of them closed, by the actions people use."""
from churn.models import ChurnCase, RiskNight, RiskStanding
from config import demo, demo_churn
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tests.churn.conftest import DAY
from tests.conftest import make_member


def test_a_quarter_is_there_to_be_looked_at(school, on_the_day):
    people = {role: make_member(school, role) for role in (Role.RELATIONS, Role.AGENT, Role.TEACHER, Role.MARKETING)}
    with tenant_scope(school):
        demo.make(school, families=120, seed=20260901, today=DAY)
        demo_churn.leave(people, DAY)

        assert len(set(RiskNight.objects.values_list("day", flat=True))) == demo_churn.WEEKS
        assert {"low", "watch", "high"} == set(RiskStanding.objects.now().values_list("band", flat=True))
        assert ChurnCase.objects.filter(causes__isnull=False).exists()
        assert all(case.causes.exists() for case in ChurnCase.objects.filter(state="lost"))
