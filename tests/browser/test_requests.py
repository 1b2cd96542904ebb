"""An agent's request from the telephone to a rated answer: the clock, a pause, the department, the family's word; at a desk and on a phone."""
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Satisfaction
from crm.opening import work_calendar
from crm.timetable import add_days
from service_levels.models import Clock, Entitlement, RequestEvent, ServiceRequest
from service_levels.plans.deriving import rederive
from tenancy.scope import tenant_scope
from tests.browser.test_churn import is_sound
from tests.conftest import make_member, make_school
from tests.service_levels.conftest import family


@pytest.fixture
def school(transactional_db):
    """A school that is open around the clock today and tomorrow, so that the story is the same at any hour; one family of A."""
    tenant = make_school("miao")
    make_member(tenant, "agent", "高敏")
    head = make_member(tenant, "head", "许园长")
    today = timezone.localdate()
    with tenant_scope(tenant):
        add_days(work_calendar(), first=today - timedelta(days=1), last=today + timedelta(days=2), kind="opening", name="", hours="0:00-24:00",
                 by=head)
        tenant.family = family(1, "A", "low")
        rederive(today, at=timezone.now())
        assert Entitlement.objects.count() == 1
    return tenant


def fold(person, title: str):
    """One of the folded forms, unfolded."""
    form = person.page.locator("details.mp-fold", has=person.page.get_by_text(title, exact=True))
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    return form


@pytest.mark.parametrize("width", [390, 1440])
def test_from_the_telephone_to_a_rated_answer(school, person, width):
    agent = person("miao", width).sign_in("agent高敏@miao")
    agent.go("service/requests/")
    agent.sees("没有等您的请求")
    is_sound(agent.page)
    agent.go(f"service/requests/new/?customer={school.family.pk}")
    agent.page.get_by_label("哪一类").select_option(label="要办的事")
    agent.page.get_by_label("什么事").fill("换一床被子")
    is_sound(agent.page)
    agent.press("登记")
    agent.sees("时限开始走了")
    agent.sees("没人接")
    is_sound(agent.page)
    agent.press("我来接")
    agent.sees("您接手了")

    form = fold(agent, "答复家长")
    form.get_by_label("怎么答复的").fill("好的，请问要什么颜色")
    form.get_by_role("button").click()
    agent.sees("答复记下了")
    form = fold(agent, "暂停，等家长")
    form.get_by_label("在等什么").fill("等家长定颜色")
    form.get_by_role("button").click()
    agent.sees("时限停下了")
    form = fold(agent, "家长又说了")
    form.get_by_label("家长说了什么").fill("要蓝色")
    form.get_by_role("button").click()
    agent.sees("家长已回复，该恢复了")
    is_sound(agent.page)
    agent.press("恢复计时")
    agent.sees("时限接着走")
    form = fold(agent, "转部门、转同事")
    form.get_by_label("转给哪个部门").select_option(label="行政")
    form.get_by_role("button").click()
    agent.sees("转过去了")
    form = fold(agent, "办结")
    form.get_by_label("怎么处理的，能讲给家长听").fill("换了蓝色的")
    form.get_by_role("button").click()
    agent.sees("办结了")
    form = fold(agent, "回访")
    form.get_by_label("家长打几分（5 最满意）").select_option(label="5")
    form.get_by_role("button").click()
    agent.sees("回访记下了")
    agent.go("service/requests/?tab=done")
    agent.sees("换一床被子")
    is_sound(agent.page)
    with tenant_scope(school):
        row = ServiceRequest.objects.get()
        assert [event.verb for event in RequestEvent.objects.filter(request=row)] == [
            "opened", "taken", "replied", "paused", "heard", "resumed", "handed", "resolved", "confirmed"]
        assert [clock.kept for clock in Clock.objects.filter(request=row)] == [True, True]
        assert Satisfaction.objects.get().score == 5
