"""An event from the first word to what was learnt of it: planned at a desk, answered and signed in to on a phone, looked back upon."""
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import TimelineEntry
from service_levels.events import interests, inviting, links, planning
from service_levels.models import Event, EventTask, Invitation
from tenancy.scope import tenant_scope
from tests.browser.test_churn import is_sound
from tests.browser.test_parents_booking import phone  # noqa: F401  (a fixture)
from tests.conftest import make_member, make_school
from tests.service_levels.conftest import family

HOUR = timedelta(hours=1)
WIDTHS = pytest.mark.parametrize("width", [390, 1440])


@pytest.fixture
def school(transactional_db):
    """A kindergarten with three families, of which one cares for picture books."""
    tenant = make_school("miao")
    for role, name in (("head", "许园长"), ("agent", "高敏"), ("planner", "苏晴")):
        tenant.planner = make_member(tenant, role, name)
    with tenant_scope(tenant):
        tenant.homes = [family(number) for number in (1, 2, 3)]
        books = interests.add("绘本", by=tenant.planner)
        interests.keep(tenant.homes[1], [books], by=tenant.planner)
    return tenant


def the(school) -> Invitation:
    with tenant_scope(school):
        return Invitation.objects.select_related("event", "customer").get()


def link_to(school, door: bool = False) -> str:
    with tenant_scope(school):
        row = Invitation.objects.select_related("event").first()
        return f"/e/{links.door_token(row.event)}/here/" if door else f"/e/{links.token_of(row)}/"


def it_is_time(school, ended: bool = False) -> None:
    """The event goes on now, or has just ended."""
    now = timezone.now()
    with tenant_scope(school):
        Event.objects.update(starts_at=now - 3 * HOUR, ends_at=now - HOUR / 4 if ended else now + HOUR)


def planned_by(someone, school) -> None:
    """Fill in the form for a reading morning in nine days."""
    someone.go("service/events/")
    someone.sees("策划第一场活动")
    is_sound(someone.page)
    someone.page.get_by_role("link", name="策划活动").click()
    someone.page.get_by_label("叫什么").fill("亲子阅读会")
    someone.page.get_by_label("做什么，对孩子和家长有什么好处").fill("读三本绘本，回家接着读。")
    someone.page.get_by_label("在哪里").fill("多功能厅")
    someone.page.get_by_label("哪天", exact=True).fill(f"{timezone.localdate() + timedelta(days=9):%Y-%m-%d}")
    someone.page.get_by_label("几点开始").fill("09:30")
    someone.page.get_by_label("几点结束").fill("11:00")
    someone.page.get_by_label("最多几个人").fill("6")
    someone.page.get_by_label("合什么兴趣").select_option(label="绘本")
    is_sound(someone.page)
    someone.press("保存")
    someone.sees("写好了，接着列清单、挑请谁")


@WIDTHS
def test_an_event_is_planned_prepared_and_its_invitations_go_out(school, person, width):
    planner = person("miao", width).sign_in("planner苏晴@miao")
    planned_by(planner, school)
    planner.press("列一份常用清单")
    planner.sees("备好 0 / 6 项")
    is_sound(planner.page)
    planner.page.locator("#tasks").get_by_role("button", name="好了").first.click()
    planner.sees("备好 1 / 6 项")

    planner.page.get_by_role("link", name="挑请谁").click()
    planner.sees("3 户合适，还没请")
    is_sound(planner.page)
    assert planner.page.locator("input[name=family]:checked").count() == 1, "who cares for picture books is ticked"
    planner.press("请勾上的")
    planner.sees("加了 1 户")
    planner.press("给 1 户发出邀请")
    planner.sees("邀请发出去了，1 户")
    is_sound(planner.page)

    planner.page.get_by_text("更多").click()
    planner.page.get_by_label("讲什么，做什么").fill("怎么在家讲绘本")
    planner.press("请做分享嘉宾")
    planner.sees("分享嘉宾：怎么在家讲绘本")
    is_sound(planner.page)
    planner.page.get_by_role("link", name="门口的签到码").click()
    planner.sees("扫一扫，填手机号签到")
    is_sound(planner.page)
    with tenant_scope(school):
        assert EventTask.objects.exclude(done_at=None).count() == 1
        assert (Event.objects.get().stands(timezone.now()), Invitation.objects.get().customer.name) == ("open", "孩2一家")


def asked(school) -> None:
    """The first family was asked to an event in nine days."""
    soon = timezone.now() + timedelta(days=9)
    with tenant_scope(school):
        event = planning.keep(Event(title="亲子阅读会", about="读三本绘本。", place="多功能厅", starts_at=soon, ends_at=soon + HOUR), by=school.planner,
                              at=timezone.now())
        inviting.invite(event, school.homes[:1], by=school.planner, at=timezone.now())
        planning.open_invitations(event, by=school.planner, at=timezone.now())


def test_a_parent_answers_signs_in_and_says_how_it_was(school, phone):  # noqa: F811
    asked(school)
    hers = phone()
    hers.page.goto(f"{hers.address}{link_to(school)}")
    hers.sees("亲子阅读会")
    hers.is_sound()
    hers.page.get_by_label("来", exact=True).check()
    hers.page.get_by_label("一共几个人，连孩子").fill("3")
    hers.page.get_by_role("button", name="告诉园里").click()
    hers.sees("给您家留了 3 个位置")
    hers.sees("到了给老师扫")
    hers.is_sound()
    hers.page.get_by_label("这次不来").check()
    hers.page.get_by_role("button", name="改成这样").click()
    hers.sees("这次不来，记下了")
    hers.page.get_by_label("来", exact=True).check()
    hers.page.get_by_role("button", name="改成这样").click()
    hers.sees("给您家留了 3 个位置")

    it_is_time(school)
    hers.page.reload()
    hers.page.get_by_role("button", name="我们到了，签到").click()
    hers.sees("签到好了，谢谢您家来")
    hers.is_sound()
    hers.page.get_by_label("满意", exact=True).check()
    hers.page.get_by_label("哪里好，下次怎么办更好").fill("时间短了一点")
    hers.page.get_by_role("button", name="告诉园里").click()
    hers.sees("您说的收到了，谢谢")
    hers.is_sound()
    row = the(school)
    assert (row.answer, row.people, row.score, row.opinion, row.came_by) == ("yes", 3, 4, "时间短了一点", None)
    with tenant_scope(school):
        assert TimelineEntry.objects.filter(customer=row.customer, kind="event", channel="sign_in").count() == 1


def test_who_scans_the_poster_types_a_number(school, phone):  # noqa: F811
    asked(school)
    hers = phone()
    hers.page.goto(f"{hers.address}{link_to(school, door=True)}")
    hers.sees("活动前一小时到结束后一小时可以签到")
    hers.is_sound()
    it_is_time(school)
    hers.page.reload()
    hers.page.get_by_label("手机").fill("123")
    hers.page.get_by_role("button", name="签到").click()
    hers.sees("手机号是 11 位")
    hers.is_sound()
    hers.page.get_by_label("手机").fill("138 0013 8003")
    hers.page.get_by_role("button", name="签到").click()
    hers.sees("签到收到了")
    hers.is_sound()
    with tenant_scope(school):
        here = Invitation.objects.came().select_related("customer")
        assert [row.customer.name for row in here] == ["孩3一家"], "it was not asked, and is welcome"


@WIDTHS
def test_a_colleague_signs_in_who_is_here_and_it_is_looked_back_upon(school, person, width):
    asked(school)
    it_is_time(school)
    agent = person("miao", width).sign_in("agent高敏@miao")
    agent.go(f"service/events/guests/{the(school).pk}/")
    agent.sees("2 个人")
    is_sound(agent.page)
    agent.press("签到")
    agent.sees("签到好了")
    is_sound(agent.page)

    it_is_time(school, ended=True)
    planner = person("miao", width).sign_in("planner苏晴@miao")
    planner.go("service/events/")
    planner.sees("1 场活动办完了，等总结")
    planner.page.get_by_role("link", name="等总结").click()
    planner.page.get_by_role("link", name="亲子阅读会").click()
    planner.sees("写总结")
    is_sound(planner.page)
    planner.page.get_by_label("效果怎么样").fill("来的家庭都说好")
    planner.page.get_by_label("下次怎么做").fill("分两场，一场十二家")
    planner.press("写下总结")
    planner.sees("总结好了")
    is_sound(planner.page)
    planner.go("service/events/effects/")
    planner.sees("近一年 1 场")
    planner.sees("分两场，一场十二家")
    is_sound(planner.page)
