"""The weekly meeting is held with the space bar: what was decided last time, cases, causes, effects, one sentence that becomes a measure, minutes."""
from datetime import timedelta

import pytest
from django.utils import timezone

from churn.cases.opening import open_by_hand
from churn.measures.working import Plan, plan
from churn.models import Measure, Meeting
from tenancy.scope import tenant_scope
from tests import makers
from tests.browser.test_churn import is_sound
from tests.conftest import make_member, make_school


@pytest.fixture
def school(transactional_db):
    tenant = make_school("miao")
    head, leader = make_member(tenant, "head", "傅主任"), make_member(tenant, "marketing", "唐老师")
    today = timezone.localdate()
    with tenant_scope(tenant):
        family = makers.family(since=today - timedelta(days=400))
        open_by_hand(family, None, note="妈妈说要走", owner=head, by=head, at=timezone.now())
        plan(Plan("门口划临停位", "admin", head, today - timedelta(days=9), today, "churn"), by=head,
                at=timezone.now(), steps=[("和物业谈", None)])
    return tenant, leader


@pytest.mark.parametrize("width", [390, 1440])
def test_a_meeting_from_its_agenda_to_its_minutes(school, person, width):
    who = person("miao", width).sign_in("marketing唐老师@miao")
    page = who.page
    who.go("churn/meetings/")
    who.sees("议程已经好了")
    is_sound(page)

    who.press("开始例会")
    who.sees("1 件在做，都没有逾期")
    is_sound(page)
    for said in ("1 个新个案", "本季还没有流失", "没有等着定的措施", "还没有记下决定"):
        page.locator("h1").click()
        page.keyboard.press("Space")
        who.sees(said)
        is_sound(page)
    page.get_by_label("决定什么，谁，到哪天").fill("换老师前两周告诉家长，傅主任，12-31")
    page.get_by_label("看哪个指标有没有变好").select_option(label="满意度")
    page.get_by_role("button", name="记下").first.click()
    who.sees("已记成措施：换老师前两周告诉家长，傅主任，12-31")

    page.get_by_label("小结").fill("先管换老师")
    who.press("结束例会")
    who.sees("流失例会纪要")
    who.sees("先管换老师")
    is_sound(page)
    page.get_by_role("link", name="换老师前两周告诉家长").first.click()
    who.sees("今晚数第一次")
    is_sound(page)
    with tenant_scope(school[0]):
        assert Measure.objects.get(title="换老师前两周告诉家长").meeting == Meeting.objects.get()
