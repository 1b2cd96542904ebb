"""A family's page lists its cases and opens the door to a new one."""
from churn.cases.panels import cases_of
from crm.models import Customer
from tenancy.scope import tenant_scope
from tests.churn.conftest import DAY, ONE
from tests.conftest import make_member


def test_the_familys_cases_and_the_door_to_a_new_one(school, head, case):
    with tenant_scope(school):
        shown = cases_of(head, Customer.objects.get(), DAY)

        assert ([row.pk for row in shown["rows"]], shown["may_open"]) == ([case.pk], True)
        assert cases_of(head, Customer.objects.get(), DAY - ONE)["rows"] == []


def test_who_only_inspects_has_no_door_and_the_front_desk_sees_nothing(school, case):
    inspector, desk = make_member(school, "inspector"), make_member(school, "frontdesk")
    with tenant_scope(school):
        family = Customer.objects.get()

        assert cases_of(inspector, family, DAY)["may_open"] is False
        assert cases_of(desk, family, DAY) is None
        assert cases_of(inspector, family, DAY - ONE) is None
