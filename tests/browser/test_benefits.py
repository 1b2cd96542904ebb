"""What families are given beside the hours: points and prizes at the desk, a say, and services at the right time; on a phone and a desk."""
from datetime import timedelta

import pytest
from django.utils import timezone

from service_levels.models import Cooperation, Entitlement, PointsRules, Prize, Recommendation
from service_levels.plans.deriving import rederive
from service_levels.points import booking
from tenancy.scope import tenant_scope
from tests import makers
from tests.browser.test_churn import is_sound
from tests.conftest import make_member, make_school
from tests.service_levels.conftest import family

ONE = timedelta(days=1)
WIDTHS = pytest.mark.parametrize("width", [390, 1440])


@pytest.fixture
def school(transactional_db):
    """A kindergarten with a family of tier A and one of tier B, both at two events this month."""
    tenant = make_school("miao")
    for role, name in (("head", "许园长"), ("agent", "高敏"), ("planner", "苏晴")):
        make_member(tenant, role, name)
    today = timezone.localdate()
    with tenant_scope(tenant):
        since, born = today - 400 * ONE, today - 5 * 365 * ONE
        tenant.first, tenant.second = family(1, "A", "low", since=since, born_on=born), family(2, "B", "low", since=since, born_on=born)
        rederive(today, at=timezone.now())
        Entitlement.objects.update(from_on=today - 60 * ONE)
        for customer in (tenant.first, tenant.second):
            for days, title in ((9, "亲子运动会"), (2, "家长讲座")):
                makers.entry(customer, "event", today - days * ONE, title)
    return tenant


@WIDTHS
def test_points_are_set_up_earned_and_spent_at_the_desk(school, person, width):
    planner = person("miao", width).sign_in("planner苏晴@miao")
    planner.go("service/points/")
    planner.sees("还没有积分规则，参加活动不加积分")
    is_sound(planner.page)
    planner.page.get_by_role("link", name="积分规则").click()
    planner.page.get_by_label("参加一次活动几分").fill("15")
    planner.page.get_by_label("从哪天的活动算起").fill(f"{timezone.localdate() - 30 * ONE:%Y-%m-%d}")
    is_sound(planner.page)
    planner.press("保存")
    planner.sees("已保存，今天夜里按它加积分")
    planner.page.get_by_role("link", name="写一个奖品").click()
    planner.page.get_by_label("叫什么").fill("绘本")
    planner.page.get_by_label("几分换一份").fill("20")
    planner.page.get_by_label("还有几份").fill("1")
    planner.press("保存")
    planner.sees("还有 1 份")
    with tenant_scope(school):
        assert booking.nightly(timezone.localdate(), at=timezone.now()) == (4, 0)

    agent = person("miao", width).sign_in("agent高敏@miao")
    agent.go("service/points/")
    agent.sees("2 户手里有 60 分")
    is_sound(agent.page)
    agent.page.get_by_role("link", name="孩1一家").click()
    agent.page.locator("#points").get_by_role("button", name="换").click()
    agent.sees("换了一份“绘本”，交给家长吧")
    card = agent.page.locator("#points")
    assert card.get_by_role("heading").inner_text().endswith("10 分") and card.get_by_text("换完了").count() == 1
    is_sound(agent.page)
    card.get_by_text("最近的几笔").click()
    card.get_by_role("button", name="撤回").click()
    agent.sees("撤回了，两笔都留着")
    with tenant_scope(school):
        assert booking.balance(school.first.pk) == 30
        assert (Prize.objects.get().stock, PointsRules.objects.get().an_event) == (1, 15)


@WIDTHS
def test_a_family_has_a_say_and_hears_what_came_of_it(school, person, width):
    agent = person("miao", width).sign_in("agent高敏@miao")
    agent.go("service/cooperation/")
    agent.sees("1 户一年没请教过了")
    is_sound(agent.page)
    agent.page.get_by_role("link", name="记一次").click()
    agent.page.get_by_label("谈什么").select_option(label="课程研发")
    agent.page.get_by_label("家长的意见").fill("希望加科学实验课")
    is_sound(agent.page)
    agent.press("记下")
    agent.sees("等管方案的同事给结论")

    head = person("miao", width).sign_in("head许园长@miao")
    head.go("service/cooperation/")
    head.page.get_by_role("link", name="希望加科学实验课").click()
    head.page.get_by_label("采纳没有").select_option(label="采纳一部分")
    head.page.get_by_label("怎么做的，或为什么不做").fill("下学期每月一次")
    is_sound(head.page)
    head.press("写下结论")
    head.sees("有结论了，谈的同事会回给家长")

    agent.go("service/cooperation/?tab=told")
    agent.page.get_by_role("link", name="希望加科学实验课").click()
    agent.press("回过了")
    agent.sees("记下了，家长知道了")
    is_sound(agent.page)
    with tenant_scope(school):
        row = Cooperation.objects.get()
        assert (row.outcome, row.told_on) == ("partly", timezone.localdate())


@WIDTHS
def test_a_course_is_recommended_at_the_right_time(school, person, width):
    planner = person("miao", width).sign_in("planner苏晴@miao")
    planner.go("service/recommending/")
    planner.page.get_by_role("link", name="写一项").click()
    planner.page.get_by_label("叫什么").fill("小画家班")
    planner.page.get_by_label("怎么跟家长说").fill("手眼协调，敢画敢说")
    planner.page.get_by_label("从几个月大").fill("48")
    planner.page.get_by_label("到几个月大").fill("72")
    is_sound(planner.page)
    planner.press("保存")
    planner.sees("现在正合适推荐的，有 1 人次")
    is_sound(planner.page)
    planner.page.get_by_role("link", name="1", exact=True).click()
    planner.sees("1 个孩子正合适“小画家班”")
    is_sound(planner.page)
    planner.press("推荐过了")
    planner.sees("0 个孩子正合适")

    planner.go("service/recommending/")
    planner.page.get_by_text("家长答复了").click()
    planner.press("不要")
    planner.sees("请写为什么不要，下次好知道。")
    planner.page.get_by_text("家长答复了").click()
    planner.page.get_by_label("原话，不要就写为什么").fill("周末没空")
    planner.press("不要")
    planner.go("service/recommending/?tab=declined")
    planner.sees("周末没空")
    is_sound(planner.page)
    with tenant_scope(school):
        row = Recommendation.objects.get()
        assert (row.answer, row.words, row.customer) == ("declined", "周末没空", school.second)
