"""A meeting that is held, and the people who sit in it."""
import pytest

from churn.meetings.holding import begin
from crm.models import WorkingGroup, WorkingGroupMember
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT
from tests.conftest import make_member


@pytest.fixture
def sitting(school, head):
    """市场 leads; 教学, 客服, 行政 send one each."""
    people = {role: make_member(school, role, role) for role in ("marketing", "teacher", "agent", "admin")}
    with tenant_scope(school):
        row = WorkingGroup.objects.create(kind="churn", name="分析小组", leader=people["marketing"])
        for role in ("teacher", "agent", "admin"):
            WorkingGroupMember.objects.create(group=row, member=people[role])
    return people


@pytest.fixture
def meeting(school, sitting, on_the_day):
    with tenant_scope(school):
        return begin(by=sitting["marketing"], at=AT)
