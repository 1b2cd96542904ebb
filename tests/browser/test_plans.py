"""A service plan from its draft to the family it concerns: two people, a trial, and the worker that puts it into effect."""
from datetime import timedelta

import pytest
from django.utils import timezone

from service_levels.models import Entitlement, PlanVersion
from service_levels.plans.deriving import rederive
from tenancy.scope import tenant_scope
from tests.browser.test_churn import is_sound
from tests.conftest import make_member, make_school
from tests.service_levels.conftest import family

LOOKS = 60  # times a page is opened again while the worker is on its way


@pytest.fixture
def school(transactional_db):
    """A kindergarten with one family of B that is to be watched, and two colleagues who may write plans."""
    tenant = make_school("miao")
    make_member(tenant, "head", "许园长")
    make_member(tenant, "relations", "陈老师")
    today = timezone.localdate()
    with tenant_scope(tenant):
        tenant.family = family(1, "B", "watch", since=today - timedelta(days=400))
        rederive(today, at=timezone.now())
    return tenant


def until(someone, path: str, words: str) -> None:
    """Open a page again until the worker has done its part."""
    for _look in range(LOOKS):
        someone.go(path)
        if someone.page.get_by_text(words).count():
            return
        someone.page.wait_for_timeout(500)
    raise AssertionError(words)


@pytest.mark.parametrize("width", [390, 1440])
def test_a_manager_publishes_a_plan(school, person, width):
    writer = person("miao", width).sign_in("relations陈老师@miao")
    writer.go("service/")
    writer.sees("1 户各有服务方案")
    is_sound(writer.page)
    writer.press("改方案")
    writer.sees("这一版还没有改什么")
    writer.page.get_by_label("B 级，留意").select_option(label="加强沟通")
    writer.press("保存并试算")
    writer.sees("这一版会让 1 户换方案")
    is_sound(writer.page)
    writer.page.get_by_role("link", name="改内容").nth(2).click()
    writer.page.get_by_label("名称").fill("多听多问")
    writer.page.get_by_label("多久答复（工作分钟）").fill("45")
    is_sound(writer.page)
    writer.press("存草案")
    writer.sees("优质服务 → 多听多问")
    writer.press("提交批准")
    writer.sees("已提交，等另一位同事批准")

    head = person("miao", width).sign_in("head许园长@miao")
    head.go("")
    with tenant_scope(school):
        version = PlanVersion.objects.get(number=2)
    head.go(f"service/draft/{version.pk}/")
    head.sees("1 户里 1 户换方案")
    is_sound(head.page)
    head.press("批准，马上生效")
    head.sees("已生效，正在按它重算谁享什么")
    until(head, f"families/{school.family.pk}/", "45 个工作分钟内答复")
    with tenant_scope(school):
        assert Entitlement.objects.now().get().version == version
        assert PlanVersion.objects.get(number=1).state == "retired"
