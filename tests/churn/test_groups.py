"""Who leads the two groups and who sits in them (C3, C5)."""
import pytest

from churn.groups import Kind, group, management
from churn.models import ANSWERS_FOR, Area, Department, department_of
from crm.models import WorkingGroup, WorkingGroupMember
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tests.conftest import make_member


@pytest.fixture
def people(school, head):
    return {role: make_member(school, role, role) for role in ("marketing", "operations", "teacher", "agent", "admin",
            "planner")}


def sit(kind, leader, *members):
    row = WorkingGroup.objects.create(kind=kind, name=kind, leader=leader)
    for one in members:
        WorkingGroupMember.objects.create(group=row, member=one)
    return row


@pytest.mark.parametrize(("kind", "role"), [("churn", "marketing"), ("improvement", "operations")])
def test_without_a_group_of_ones_own_the_rule_names_the_leader(people, miao, kind, role):
    assert group(kind).leader == people[role] and group(kind).members == ()


def test_a_school_where_nobody_holds_the_role_has_no_leader(miao, head):
    found = group(Kind.CHURN)

    assert (found.leader, found.everybody) == (None, ())


def test_the_leader_of_ones_own_comes_first_and_is_no_member_beside(people, miao):
    sit("churn", people["planner"], people["planner"], people["teacher"], people["agent"])
    found = group(Kind.CHURN)

    assert found.leader == people["planner"]
    assert list(found.members) == [people["agent"], people["teacher"]]
    assert found.everybody == (people["planner"], people["agent"], people["teacher"])


@pytest.mark.parametrize(("members", "missing"), [
    ((), [Department.TEACHING, Department.SERVICE, Department.ADMINISTRATION]),
    (("teacher",), [Department.SERVICE, Department.ADMINISTRATION]),
    (("teacher", "agent", "admin"), []),
])
def test_departments_that_must_send_somebody_and_have_not_are_named(people, miao, members, missing):
    sit("churn", None, *(people[name] for name in members))
    found = group(Kind.CHURN)

    assert list(found.missing) == missing
    assert found.missing_words == "、".join(str(one.label) for one in missing)


def test_the_improvement_group_is_drawn_per_measure_and_lacks_nobody(people, miao):
    assert group(Kind.IMPROVEMENT).missing == ()


def test_who_has_left_leads_and_sits_nowhere(people, miao):
    sit("churn", people["planner"], people["teacher"])
    for name in ("planner", "teacher"):
        people[name].is_active = False
        people[name].save()
    found = group(Kind.CHURN)

    assert found.leader == people["marketing"] and found.members == ()


def test_the_management_is_head_and_deputy(people, head, school):
    deputy = make_member(school, "deputy", "副")

    with tenant_scope(school):
        assert management() == [head, deputy]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_but_the_management_and_the_inspector_belongs_to_a_department(role):
    assert (department_of(role) == "") == (role in (Role.HEAD, Role.DEPUTY, Role.INSPECTOR))


@pytest.mark.parametrize(("area", "department"), [
    (Area.MARKET, Department.MARKETING),
    (Area.TEACHING, Department.TEACHING),
    (Area.SERVICE, Department.SERVICE),
    (Area.FACILITIES, Department.ADMINISTRATION),
])
def test_each_kind_of_cause_is_answered_for_by_a_department(area, department):
    assert ANSWERS_FOR[area] == department and set(ANSWERS_FOR) == set(Area)
