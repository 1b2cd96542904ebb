"""A family is won back, and who looks after whom: two stories, each on a phone and at a desk."""
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Customer
from service_levels.models import Leave, StaffProfile, TrainingSession, WinBack, WinBackStep
from service_levels.plans.deriving import rederive
from tenancy.scope import tenant_scope
from tests.browser.test_churn import is_sound
from tests.conftest import make_member, make_school
from tests.service_levels.conftest import family

ONE = timedelta(days=1)
WIDTHS = pytest.mark.parametrize("width", [390, 1440])


@pytest.fixture
def school(transactional_db):
    """A kindergarten with a family that the win-back group looks after, one of tier A, and one of tier C that nobody has."""
    tenant = make_school("miao")
    for role, name in (("head", "许园长"), ("relations", "高敏"), ("agent", "小方")):
        make_member(tenant, role, name)
    today = timezone.localdate()
    with tenant_scope(tenant):
        since = today - 400 * ONE
        tenant.lost, tenant.best, tenant.third = (
            family(number, label, band, since=since) for number, label, band in ((1, "D", "high"), (2, "A", "low"), (3, "C", "low")))
        rederive(today, at=timezone.now())
    return tenant


@WIDTHS
def test_a_family_is_won_back(school, person, width):
    lead = person("miao", width).sign_in("relations高敏@miao")
    lead.go("service/winback/")
    lead.sees("1 户归挽回小组，还没有计划")
    is_sound(lead.page)
    lead.page.get_by_role("link", name="开始").click()
    lead.page.get_by_label("为什么不满意").fill("午睡被吵醒，老师没有回话")
    lead.page.get_by_label("怎么挽回").fill("换到安静的午睡室，每周回一次话")
    is_sound(lead.page)
    lead.press("开始")
    lead.sees("开始了，接着写要做哪几件事")
    is_sound(lead.page)
    lead.page.get_by_label("哪一类").select_option(label="教学：培训教师")
    lead.page.get_by_label("做什么").fill("老师练了怎么回话")
    lead.press("加上")
    lead.sees("加上了，做的同事会收到")
    lead.page.locator("#steps").get_by_text("做好了", exact=True).click()
    lead.page.locator("#steps").get_by_label("结果").fill("当天的问题当天回")
    is_sound(lead.page)
    lead.press("记下")
    lead.sees("记下了，可以给家长看了")
    lead.press("给家长看过了")
    lead.sees("给家长看了（面谈）")
    is_sound(lead.page)

    lead.page.get_by_label("结果怎么样").select_option(label="留住了")
    lead.page.get_by_label("怎么留住的，为什么没留住").fill("换了午睡室，家长放心了")
    lead.press("了结")
    lead.sees("了结了")
    lead.go("service/winback/?tab=kept")
    lead.sees("教学：培训教师")
    is_sound(lead.page)
    lead.go(f"families/{school.lost.pk}/")
    card = lead.page.locator("#win-back")
    assert card.get_by_text("留住了").count() == 1
    with tenant_scope(school):
        assert (WinBack.objects.get().state, WinBackStep.objects.get().shown_how) == ("kept", "face")


@WIDTHS
def test_families_are_shared_out_and_somebody_goes_on_leave(school, person, width):
    head = person("miao", width).sign_in("head许园长@miao")
    head.go("service/team/")
    head.sees("3 户要换人带")
    is_sound(head.page)
    head.page.get_by_role("link", name="高敏", exact=True).click()
    head.page.get_by_label("资深").check()
    head.page.get_by_label("处理投诉纠纷").check()
    head.page.get_by_label("会说的话").fill("普通话、粤语")
    is_sound(head.page)
    head.press("保存")
    head.sees("有经验")
    head.press("3 户照规则交接")
    head.sees("3 户照规则交接好了")
    head.sees("每一户都有合适的人带")
    is_sound(head.page)

    hers = person("miao", width).sign_in("relations高敏@miao")
    hers.go("service/team/")
    hers.page.get_by_role("link", name="我要请假").click()
    hers.page.get_by_label("到哪天").fill(f"{timezone.localdate() + 3 * ONE:%Y-%m-%d}")
    hers.page.get_by_label("谁代班").select_option(label="小方")
    is_sound(hers.page)
    hers.press("保存")
    hers.sees("登记了，代班的同事会收到")
    is_sound(hers.page)
    hers.press("提前结束")
    hers.sees("结束了，家庭还由本人带")
    with tenant_scope(school):
        owners = {row.name: row.owner.name for row in Customer.objects.select_related("owner")}
        assert owners == {"孩1一家": "高敏", "孩2一家": "高敏", "孩3一家": "小方"}
        assert (StaffProfile.objects.get().is_senior, Leave.objects.get().ended_on) == (True, timezone.localdate())


@WIDTHS
def test_training_is_planned_and_held(school, person, width):
    lead = person("miao", width).sign_in("relations高敏@miao")
    lead.go("service/team/training/")
    lead.sees("写下要练什么、多久一次")
    is_sound(lead.page)
    lead.press("列这三项")
    lead.sees("该练的有 9 人次")
    is_sound(lead.page)
    lead.page.get_by_role("link", name="记一次").first.click()
    lead.page.get_by_label("要点").fill("先听再说")
    is_sound(lead.page)
    lead.press("记下")
    lead.sees("该练的有 6 人次")
    is_sound(lead.page)
    with tenant_scope(school):
        assert TrainingSession.objects.get().training.attendances.count() == 3
