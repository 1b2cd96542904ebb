"""An agent's morning: whom to call, one tap each, and what became of it; on a phone and at a desk."""
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.days import monday
from crm.models import TimelineEntry
from service_levels.models import Entitlement, Touch
from service_levels.plans.deriving import rederive
from tenancy.scope import tenant_scope
from tests.browser.test_churn import is_sound
from tests.conftest import make_member, make_school
from tests.service_levels.conftest import family


@pytest.fixture
def school(transactional_db):
    """Three families of one agent, each owed its weekly call until today."""
    tenant = make_school("miao")
    agent = make_member(tenant, "agent", "高敏")
    make_member(tenant, "head", "许园长")
    today = timezone.localdate()
    with tenant_scope(tenant):
        tenant.families = [family(1, "A", "high", owner=agent), family(2, "D", "low", owner=agent), family(3, "D", "watch", owner=agent)]
        rederive(today, at=timezone.now())
        Entitlement.objects.update(from_on=today - timedelta(days=60))
        for customer in tenant.families:
            Touch.objects.create(customer=customer, line="K29(a)", text="每周问候", occasion="rhythm", ways="phone,wechat", label="D", band="low",
                                 opens_on=monday(today), due_on=today)
    return tenant


def row(person, number: int):
    return person.page.locator("li.mp-card", has_text=f"孩{number}一家")


@pytest.mark.parametrize("width", [390, 1440])
def test_an_agent_calls_whom_the_plans_owe(school, person, width):
    agent = person("miao", width).sign_in("agent高敏@miao")
    agent.sees("3 户要联系")
    agent.go("service/touches/")
    agent.sees("3 户要联系，都还来得及")
    names = agent.page.locator("li.mp-card h2 a[data-row]").all_inner_texts()
    assert names == ["孩1一家", "孩3一家", "孩2一家"]
    is_sound(agent.page)

    row(agent, 1).get_by_label("说了什么").fill("妈妈说孩子爱来园里")
    row(agent, 1).get_by_role("button", name="打过电话").click()
    agent.sees("孩1一家 这次要联系的都算做到")
    agent.sees("2 户要联系")
    row(agent, 3).get_by_text("没打通、不用联系…").click()
    row(agent, 3).get_by_role("button", name="没打通").click()
    agent.sees("排到今天的最后")
    assert agent.page.locator("li.mp-card h2 a[data-row]").all_inner_texts() == ["孩2一家", "孩3一家"]
    row(agent, 2).get_by_text("没打通、不用联系…").click()
    row(agent, 2).get_by_label("为什么不用").fill("出国两周")
    row(agent, 2).get_by_role("button", name="不用联系").click()
    agent.sees("免了 1 件")

    agent.go(f"families/{school.families[1].pk}/")
    agent.page.locator("#touches").get_by_text("以前的").click()
    agent.sees("出国两周")
    is_sound(agent.page)
    agent.page.locator("#touches").get_by_role("button", name="恢复").click()
    agent.sees("恢复了，又在应触达里")
    with tenant_scope(school):
        assert TimelineEntry.objects.get(customer=school.families[0], kind="contact").text == "妈妈说孩子爱来园里"
        assert Touch.objects.open().count() == 2


def test_the_head_sees_how_much_is_kept(school, person):
    with tenant_scope(school):
        Touch.objects.update(due_on=timezone.localdate() - timedelta(days=7), opens_on=timezone.localdate() - timedelta(days=9))
    head = person("miao", 1440).sign_in("head许园长@miao")
    head.go("service/touches/coverage/")
    head.sees("最近十二周该联系 3 次，0.0% 按时")
    is_sound(head.page)
    head.page.get_by_role("link", name="看晚了的").click()
    head.sees("3 户要联系，3 户晚了")
