"""A period with losses, who writes its report and who signs it."""
from datetime import date

import pytest

from churn.models import Analysis
from churn.reports.writing import write
from tenancy.models import Campus, MembershipCampus
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.churn.reports.test_queries import lost
from tests.conftest import make_member

FIRST = date(2026, 10, 1)


def written(by, campus=None, summary="主班要稳定", at=AT) -> Analysis:
    return write(FIRST, DAY, campus, summary, by=by, at=at)


@pytest.fixture
def deputy(school):
    return make_member(school, "deputy")


@pytest.fixture
def teacher(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def confined(school):
    """Marketing of another campus."""
    member = make_member(school, "marketing", "西")
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        MembershipCampus.objects.create(membership=member, campus=west)
    return member


@pytest.fixture
def pair(school, head, deputy, teacher, marketing, confined, on_the_day):
    with tenant_scope(school):
        yield [lost(1, head, 9000, ("换老师太多", 10)), lost(2, head, 1000, ("停车难", 10))]
