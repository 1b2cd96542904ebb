"""What the demo's families and departments said, by the actions people use."""
from churn.models import Backtest, Confirmation, Finding, Oversight, Policy, PolicyReceipt, Voice
from config import demo, demo_heard
from crm.models import Concern
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member

ROLES = (Role.HEAD, Role.DEPUTY, Role.FRONT_DESK, Role.RELATIONS, Role.AGENT, Role.TEACHER, Role.MARKETING)


def test_slips_calls_findings_and_the_policy_are_there_to_be_looked_at(school, on_the_day):
    people = {role: make_member(school, role, f"{role}某") for role in ROLES}
    with tenant_scope(school):
        demo.make(school, families=20, seed=20260901, today=DAY)
        demo_heard.hear(people, at=AT)

        said = Concern.objects.exclude(source="talk")
        assert (said.count(), said.open().count()) == (5, 4)
        assert (Finding.objects.count(), Finding.objects.open().count()) == (5, 4)
        assert [row.department for row in Confirmation.objects.all()] == ["teaching"]
        assert [row.state for row in Voice.objects.order_by("pk")] == ["agreed", "open"]
        assert (Oversight.objects.count(), Backtest.objects.count()) == (1, 1)
        assert (Policy.objects.get().number, PolicyReceipt.objects.count()) == (1, 1)
