"""A concession from the family's page to the day it is given, and a change of plan from the night to the family's phone."""
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import ParentMessage
from service_levels.concessions import budgets
from service_levels.models import Concession, Entitlement, ServiceNotice
from service_levels.notices import noting
from service_levels.plans.deriving import rederive
from tenancy.scope import tenant_scope
from tests.browser.test_churn import is_sound
from tests.browser.test_plans import LOOKS
from tests.conftest import make_member, make_school
from tests.service_levels.concessions.makers import hold
from tests.service_levels.conftest import family, rated

ONE = timedelta(days=1)


@pytest.fixture
def school(transactional_db):
    """A kindergarten with rules in force, a family of tier D, and one that went from B to A today."""
    tenant = make_school("miao")
    make_member(tenant, "head", "许园长")
    make_member(tenant, "agent", "高敏")
    today, now = timezone.localdate(), timezone.now()
    with tenant_scope(tenant):
        hold()
        tenant.troubled, tenant.risen = family(1, "D", "high", since=today - 400 * ONE), family(2, "B", "low", since=today - 400 * ONE)
        rederive(today - 9 * ONE, at=now)
        rated(tenant.risen, "A", since=today)
        rederive(today, at=now)
        noting.note(today)
    return tenant


@pytest.mark.parametrize("width", [390, 1440])
def test_one_asks_another_approves_and_the_family_has_it(school, person, width):
    agent = person("miao", width).sign_in("agent高敏@miao")
    agent.go(f"families/{school.troubled.pk}/")
    agent.page.locator("#concessions").get_by_role("link", name="申请").first.click()
    agent.sees("这一家的服务方案里有这一项")
    is_sound(agent.page)
    agent.page.get_by_label("多少（元）").fill("900")
    agent.page.get_by_label("为什么给").fill("爸爸换工作，手头紧")
    agent.press("提交批准")
    agent.sees("不合规则：每次最多 500 元")
    assert agent.page.get_by_label("为什么给").input_value() == "爸爸换工作，手头紧"
    agent.page.get_by_label("多少（元）").fill("500")
    agent.press("提交批准")
    agent.sees("交上去了，另一位同事批了就能给")
    is_sound(agent.page)

    head = person("miao", width).sign_in("head许园长@miao")
    head.go("")
    head.sees("1 份等您批准")
    head.page.locator("section", has_text="份等您批准").get_by_role("link", name="孩1一家").click()
    head.sees("规则要的，现在合不合")
    is_sound(head.page)
    head.press("批准")
    head.sees("批了，钱从今年的预算里留出来了")

    agent.go("service/concessions/?tab=granted")
    agent.sees("用了 500 元，共 1,200 元")
    is_sound(agent.page)
    agent.page.get_by_role("link", name="孩1一家").click()
    agent.press("兑现了")
    agent.sees("兑现了，往来里也写了")
    with tenant_scope(school):
        row = Concession.objects.get()
        assert (row.state, row.given_by.name) == ("given", "高敏")
        assert budgets.used(timezone.localdate().year) == {"tuition": 50_000}


def test_a_family_hears_what_it_has_more_of_once_somebody_approves(school, person):
    head = person("miao", 390).sign_in("head许园长@miao")
    head.go("service/notices/")
    head.sees("1 户多了服务，还没告诉家长")
    head.sees("家长您好，miao机构为您家多了这些服务：由专人对接")
    is_sound(head.page)
    head.press("发给这 1 户")
    head.sees("正在发给 1 户")

    agent = person("miao", 1440).sign_in("agent高敏@miao")
    agent.go(f"families/{school.risen.pk}/")
    agent.page.locator("#notices").get_by_role("button", name="说过了").click()
    agent.sees("记下了，这一家说过了")
    is_sound(agent.page)
    with tenant_scope(school):
        assert set(ServiceNotice.objects.values_list("kind", "state")) == {("more", "sent"), ("less", "told")}
        assert Entitlement.objects.now().get(customer=school.risen).plan == "dedicated"
    written(school, head)


def written(school, someone) -> None:
    """Until the worker has written it; at night it waits for the morning."""
    for _look in range(LOOKS):
        with tenant_scope(school):
            texts = [row.text for row in ParentMessage.objects.filter(kind="service.entitled")]
        if texts:
            assert texts[0].startswith("罗女士您好，miao机构为您家多了这些服务：由专人对接")
            return
        someone.page.wait_for_timeout(500)
    assert not 8 <= timezone.localtime().hour < 20, "by day it is written at once"
