"""A family with a case, and who works on it."""
import pytest

from churn.cases.opening import open_by_hand
from churn.models import Cause
from crm.models import Child, Enrolment
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, home
from tests.conftest import make_member


def child_of(customer) -> Child:
    return Child.objects.get(family__customer=customer)


def leave(customer, on, outcome="withdrew"):
    Enrolment.objects.filter(child__family__customer=customer).update(until_on=on, outcome=outcome)
    return customer


def opened(customer, by, note="妈妈说要走", child=None):
    return open_by_hand(customer, child, note=note, owner=None, by=by, at=AT)


def cause(name="换老师太多") -> Cause:
    return Cause.objects.get(name=name)


@pytest.fixture
def case(school, head, on_the_day):
    with tenant_scope(school):
        return opened(home(1), head)


@pytest.fixture
def teacher(school):
    return make_member(school, "teacher")
