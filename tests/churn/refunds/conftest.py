"""A training school and a family that has bought thirty lessons and had ten."""
from datetime import timedelta

import pytest

from tenancy.scope import tenant_scope
from tests.churn.conftest import DAY, home
from tests.churn.refunds.makers import asks, package, paid
from tests.conftest import make_member

BOUGHT_ON = DAY - timedelta(days=60)


@pytest.fixture
def centre(school):
    """The school as a training centre: one shipped pack, which holds without being chosen."""
    school.kind = "training"
    school.save(update_fields=["kind"])
    return school


@pytest.fixture
def frontdesk(school):
    return make_member(school, "frontdesk")


@pytest.fixture
def deputy(school):
    return make_member(school, "deputy")


@pytest.fixture
def family(centre, head, frontdesk, deputy, on_the_day):
    with tenant_scope(centre):
        customer = home(1)
        package(customer, 30, 10, BOUGHT_ON)
        paid(customer, 3000, BOUGHT_ON)
        return customer


@pytest.fixture
def row(centre, family, frontdesk):
    with tenant_scope(centre):
        return asks(family, frontdesk)
