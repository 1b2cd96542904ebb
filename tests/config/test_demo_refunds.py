"""The demo's refund applications: one at each step, made by the actions people use."""
from churn.models import RefundRequest, SaveOffer
from config import demo, demo_churn, demo_refunds
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tests.churn.conftest import DAY
from tests.conftest import make_member

ROLES = (Role.HEAD, Role.FRONT_DESK, Role.RELATIONS, Role.AGENT, Role.TEACHER, Role.MARKETING)


def test_applications_stand_at_every_step(school, on_the_day):
    people = {role: make_member(school, role, f"{role}某") for role in ROLES}
    with tenant_scope(school):
        demo.make(school, families=60, seed=20260901, today=DAY)
        demo_churn.leave(people, DAY)
        demo_refunds.ask("kindergarten", people, DAY)

        assert sorted(RefundRequest.objects.values_list("state", flat=True)) == ["asked", "kept", "paid", "proposed"]
        assert SaveOffer.objects.count() == 3
