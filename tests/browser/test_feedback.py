"""A parent's complaint from a phone to a rated answer: the agent answers at her desk, the parent follows it by a link and nothing else.

And one who finds the answer before anybody has to be asked.
"""
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Concern
from crm.opening import work_calendar
from crm.timetable import add_days
from notifications.models import ParentMessage
from service_levels.answers import keeping
from service_levels.models import Attachment, Faq, FaqDay, ServiceRequest
from service_levels.requests import links
from service_levels.requests.working import Wish, open_request
from tenancy.scope import tenant_scope
from tests.browser.test_churn import is_sound
from tests.browser.test_parents_booking import phone  # noqa: F401  (a fixture)
from tests.conftest import make_member, make_school
from tests.service_levels.requests.test_files import picture


@pytest.fixture
def school(transactional_db):
    """Open around the clock, so that the story is the same at any hour; one question is written down already."""
    tenant = make_school("miao")
    make_member(tenant, "relations", "高敏")
    head = make_member(tenant, "head", "许园长")
    today = timezone.localdate()
    with tenant_scope(tenant):
        add_days(work_calendar(), first=today - timedelta(days=1), last=today + timedelta(days=2), kind="opening", name="",
                 hours="0:00-24:00", by=head)
        keeping.keep_faq(Faq(question="请假几天，餐费怎么退", answer="按天退，月底一起结。", about="fees"), by=head, at=timezone.now())
    return tenant


def the(school) -> ServiceRequest:
    with tenant_scope(school):
        return ServiceRequest.objects.get()


def test_from_a_complaint_to_a_rated_answer(school, phone, person):  # noqa: F811
    hers = phone()
    hers.page.goto(f"{hers.address}/t/miao/feedback/")
    hers.is_sound()
    hers.page.get_by_label("不满意，要投诉").check()
    hers.page.get_by_label("说说看").fill("午饭太凉了，孩子不吃")
    hers.page.get_by_role("button", name="下一步").click()
    hers.sees("怎么答复您")
    hers.page.get_by_label("手机").fill("123")
    hers.page.get_by_role("button", name="发给园里").click()
    hers.sees("手机号是 11 位")
    hers.is_sound()
    hers.page.get_by_label("怎么称呼您").fill("小周妈妈")
    hers.page.get_by_label("手机").fill("13900139000")
    hers.page.get_by_label("照片或 PDF").set_input_files({"name": "午饭.jpg", "mimeType": "image/jpeg", "buffer": picture(exif=True)})
    hers.page.get_by_role("button", name="发给园里").click()
    hers.sees("存下这个链接")
    hers.sees("前答复您")
    hers.is_sound()
    own = hers.page.url.partition("?")[0]
    assert re.fullmatch(rf"{hers.address}/f/{school.public_id}_[0-9a-f]{{32}}/", own)

    agent = person("miao", 1440).sign_in("relations高敏@miao")
    agent.go("service/requests/")
    agent.page.get_by_role("link", name="午饭太凉了，孩子不吃").click()
    agent.sees("家长自己写的")
    is_sound(agent.page)
    with agent.page.expect_response("**/service/files/**") as seen:
        agent.page.get_by_role("link", name="午饭.jpg").click()
    assert seen.value.headers["content-type"] == "image/jpeg"
    agent.go(f"service/requests/{the(school).pk}/")
    agent.page.keyboard.press("r")
    agent.page.keyboard.type("对不起，哪一天的午饭？")
    assert agent.page.get_by_label("怎么联系的").input_value() == "online"
    agent.press("记下答复")
    agent.sees("答复记下了")

    hers.page.goto(own)
    hers.sees("对不起，哪一天的午饭？")
    hers.page.get_by_text("补充一句，或补发照片").click()
    hers.page.get_by_label("补充一句").fill("昨天和今天")
    hers.page.get_by_role("button", name="发给园里").click()
    hers.sees("昨天和今天")
    hers.is_sound()

    agent.go(f"service/requests/{the(school).pk}/")
    agent.sees("昨天和今天")
    agent.page.get_by_text("办结", exact=True).first.click()
    agent.page.get_by_label("怎么处理的，能讲给家长听").fill("今天起用保温箱送餐")
    assert agent.page.get_by_label("发消息请家长看结果、打分").is_checked()
    agent.press("办结")
    agent.sees("办结了")

    hers.page.goto(own)
    hers.sees("今天起用保温箱送餐")
    hers.is_sound()
    hers.page.get_by_label("很满意", exact=True).check()
    hers.page.get_by_label("想说的话").fill("谢谢")
    hers.page.get_by_role("button", name="告诉园里").click()
    hers.sees("谢谢您，记下了")
    hers.is_sound()

    row = the(school)
    with tenant_scope(school):
        assert (row.score, row.kind, Concern.objects.get().closed_at is not None) == (5, "complaint", True)
        assert Attachment.objects.get().event.verb == "opened"
        told = list(ParentMessage.objects.order_by("id"))
        assert {one.kind for one in told} <= {"service.answered", "service.settled"}  # in the quiet hours they wait for the morning
        assert all(links.token_of(row) in one.text and "午饭" not in one.text for one in told)


def test_who_finds_the_answer_first_asks_nobody(school, phone):  # noqa: F811
    hers = phone()
    hers.page.goto(f"{hers.address}/t/miao/feedback/")
    hers.page.get_by_label("想问一件事").check()
    hers.page.get_by_label("说说看").fill("请假三天，餐费退不退")
    hers.page.get_by_role("button", name="下一步").click()
    hers.sees("先看看，也许不用等")
    hers.page.get_by_text("请假几天，餐费怎么退").click()
    hers.sees("按天退，月底一起结。")
    hers.is_sound()
    hers.page.get_by_role("button", name="这就够了，不用发了").click()
    hers.sees("解决了就好")
    hers.is_sound()
    hers.page.get_by_label("想问什么").fill("火星")
    hers.page.get_by_role("button", name="搜索").click()
    hers.sees("没有找到相近的")
    hers.is_sound()

    with tenant_scope(school):
        assert (FaqDay.objects.get().shown, FaqDay.objects.get().helped, ServiceRequest.objects.count()) == (1, 1, 0)


def test_a_list_that_others_work_on_renews_itself(school, person):
    agent = person("miao", 1440).sign_in("relations高敏@miao")
    agent.page.clock.install()
    agent.go("service/requests/?tab=all")
    agent.sees("没有等您的请求")
    with tenant_scope(school):
        open_request(Wish("service", "换一床被子"), by=None, at=timezone.now())

    agent.page.clock.run_for(31_000)

    agent.sees("换一床被子")
    agent.sees("1 件等您，都没有逾期")
