"""Each department reads its own page, on a desk and on a phone."""
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Satisfaction
from tenancy.scope import tenant_scope
from tests import makers
from tests.browser.test_churn import is_sound
from tests.conftest import make_member, make_school


@pytest.fixture
def school(transactional_db):
    tenant = make_school("miao")
    make_member(tenant, "head")
    today = timezone.localdate()
    with tenant_scope(tenant):
        makers.entry(makers.family("问一", "13700000001", since=today, enrolled=False), "event", today, "开放日")
        family = makers.family(since=today - timedelta(days=400))
        makers.entry(family, "complaint", today, "回电太慢")
        Satisfaction.objects.create(customer=family, score=2, comment="老师总换", answered_on=today)
    return tenant


@pytest.mark.parametrize("width", [390, 1440])
def test_from_department_to_department(school, person, width):
    head = person("miao", width).sign_in("head@miao")
    head.go("churn/departments/")
    head.sees("1 家来问，1 家没报名")
    is_sound(head.page)
    for tab, said in (("教学", "老师总换"), ("客服", "回电太慢"), ("行政", "没有硬件方面的个案")):
        head.page.get_by_label("部门").get_by_role("link", name=tab).click()
        head.sees(said)
        is_sound(head.page)
