"""A teacher calls for help from her measure on a phone; the head answers at the desk; she reads the answer."""
from datetime import timedelta

import pytest
from django.utils import timezone

from churn.measures.working import Plan, plan
from churn.models import Voice
from tenancy.scope import tenant_scope
from tests.browser.test_churn import is_sound
from tests.conftest import make_member, make_school


@pytest.fixture
def school(transactional_db):
    tenant = make_school("miao")
    head, teacher = make_member(tenant, "head"), make_member(tenant, "teacher")
    today = timezone.localdate()
    with tenant_scope(tenant):
        made = Plan("主班一年不换", "teaching", teacher, today, today + timedelta(days=9), "churn")
        plan(made, by=head, at=timezone.now(), steps=[("排出名单", None)])
    return tenant


def test_from_the_call_for_help_to_its_answer(school, person):
    hers = person("miao", 390).sign_in("teacher@miao")
    hers.go("churn/measures/?owner=me")
    hers.page.get_by_role("link", name="主班一年不换").last.click()
    is_sound(hers.page)
    hers.page.get_by_role("link", name="求助").click()
    hers.page.get_by_label("说什么").fill("名单排不出来")
    hers.press("说出来")
    hers.sees("已写下，对方会收到")
    is_sound(hers.page)

    boss = person("miao", 1440).sign_in("head@miao")
    boss.go("churn/voices/")
    boss.sees("1 件等答复")
    boss.page.get_by_label("答复", exact=True).fill("我来协调")
    boss.press("同意")
    boss.sees("已答复")
    is_sound(boss.page)

    hers.go("churn/voices/?show=mine")
    hers.sees("我来协调")
    with tenant_scope(school):
        assert Voice.objects.get().state == "agreed"
