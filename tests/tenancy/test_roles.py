"""Who may do what, written a second time by hand: a right that is given or taken shows here as well, or the test is red."""
import pytest

from tenancy.roles import RIGHTS, Role, may

EVERY_RIGHT = {"crm.view", "crm.change", "crm.log", "crm.reveal", "crm.money", "crm.refund", "crm.import",
        "crm.export", "crm.merge",
               "crm.delete", "tiering.view", "tiering.compute", "tiering.review", "tiering.override", "tiering.edit_scheme",
               "tiering.publish", "tiering.sign", "tenancy.members", "tenancy.campuses", "audit.view", "crm.calendar", "reception.view", "reception.book",
               "reception.manage", "reception.contract", "reception.approve", "notifications.parents", "notifications.manage",
               "reception.visit", "reception.costs", "crm.survey", "churn.view", "churn.speak", "service.view", "service.edit", "service.publish", "service.concessions", "service.concede", "service.organise", "service.inform",
               "churn.rules", "churn.case", "churn.plan", "churn.oversee", "churn.refund", "crm.referee"}
HOLDERS = {  # the right, and every role that holds it beside head and deputy, who hold all
    "crm.view": {"supervisor", "frontdesk", "teacher", "agent", "planner", "relations", "marketing", "operations",
            "admin", "inspector"},
    "crm.change": {"supervisor", "frontdesk", "agent", "relations", "marketing"},
    "crm.log": {"supervisor", "frontdesk", "teacher", "agent", "planner", "relations", "marketing"},
    "crm.reveal": {"supervisor", "frontdesk", "agent", "relations", "marketing"},
    "crm.money": {"frontdesk", "admin"},
    "crm.refund": {"admin"},
    "crm.import": {"supervisor", "marketing", "admin"},
    "crm.export": {"supervisor", "marketing", "operations"},
    "crm.merge": {"marketing"},
    "crm.delete": set(),
    "tiering.view": {"supervisor", "teacher", "agent", "planner", "relations", "marketing", "operations", "inspector"},
    "tiering.compute": {"operations"},
    "tiering.review": {"relations", "marketing", "operations"},
    "tiering.override": set(),
    "tiering.edit_scheme": set(),
    "tiering.publish": set(),
    "tiering.sign": set(),
    "tenancy.members": set(),
    "tenancy.campuses": {"admin"},
    "audit.view": {"inspector"},
    "crm.calendar": {"supervisor", "admin"},
    "churn.speak": {"supervisor", "frontdesk", "teacher", "agent", "planner", "relations", "marketing", "operations",
            "admin", "inspector"},
    "service.view": {"supervisor", "frontdesk", "teacher", "agent", "planner", "relations", "marketing", "operations",
            "admin", "inspector"},
    "service.edit": {"relations", "operations"},
    "service.publish": set(),
    "service.concessions": {"supervisor", "agent", "relations", "marketing", "operations", "inspector"},
    "service.organise": {"planner", "relations"},
    "service.inform": {"marketing", "relations"},
    "service.concede": {"supervisor", "agent", "relations", "marketing"},
    "reception.view": {"supervisor", "frontdesk", "teacher", "agent", "planner", "relations", "marketing",
            "operations", "admin", "inspector"},
    "reception.book": {"supervisor", "frontdesk", "agent", "relations", "marketing"},
    "reception.manage": {"supervisor"},
    "reception.visit": {"supervisor", "frontdesk", "agent", "relations", "marketing", "teacher"},
    "reception.contract": {"supervisor", "frontdesk", "agent", "relations", "marketing"},
    "reception.approve": set(),
    "reception.costs": {"supervisor", "marketing", "operations", "admin"},
    "notifications.parents": {"supervisor", "frontdesk", "agent", "relations", "marketing"},
    "notifications.manage": {"supervisor"},
    "crm.survey": {"supervisor", "relations", "operations"},
    "churn.view": {"supervisor", "teacher", "agent", "planner", "relations", "marketing", "operations", "admin",
            "inspector"},
    "churn.rules": {"marketing"},
    "churn.plan": {"marketing", "operations"},
    "churn.oversee": set(),
    "crm.referee": {"supervisor", "marketing"},
    "churn.refund": {"supervisor", "frontdesk", "agent", "relations", "admin"},
    "churn.case": {"supervisor", "teacher", "agent", "planner", "relations", "marketing", "operations", "admin"},
}


@pytest.mark.parametrize("right", sorted(EVERY_RIGHT))
def test_a_right_is_held_by_these_roles_and_no_others(right):
    assert {str(role) for role in Role if may(role, right)} == HOLDERS[right] | {"head", "deputy"}


def test_no_other_right_exists():
    assert set().union(*RIGHTS.values()) == EVERY_RIGHT == set(HOLDERS)


def test_every_role_has_its_row():
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize(("role", "right"), [("janitor", "crm.view"), ("", "crm.view"), ("head", "crm.fly"), ("head", "")])
def test_who_or_what_is_unknown_is_refused(role, right):
    assert may(role, right) is False


def test_the_inspector_changes_nothing_and_speaks_like_everybody():
    reading = {"crm.view", "reception.view", "tiering.view", "audit.view", "churn.view", "service.concessions"}

    assert RIGHTS[Role.INSPECTOR] == reading | {"churn.speak", "service.view"}


def test_two_people_can_approve_so_that_one_can_propose():
    assert {role for role in Role if may(role, "tiering.publish")} == {Role.HEAD, Role.DEPUTY}
