"""Four more stories of keeping families: a slip from a phone to its answer, a report to its signature, the policy to its readers,
a dispute to its decision."""
from datetime import timedelta

import pytest
from django.utils import timezone

from churn.cases.opening import open_by_hand
from churn.cases.working import End, close, name_cause
from churn.models import Analysis, Cause, Confirmation, Finding, PolicyReceipt
from crm.actions import log_contact
from crm.models import Concern, Customer, Dispute
from tenancy.scope import tenant_scope
from tests import makers
from tests.browser.test_churn import is_sound
from tests.conftest import make_member, make_school

PEOPLE = {"head": "许园长", "marketing": "沈市场", "supervisor": "周主管", "relations": "陆关系", "agent": "谷客服", "teacher": "梁老师"}


@pytest.fixture
def school(transactional_db):
    """A kindergarten whose people are all there."""
    tenant = make_school("miao")
    tenant.people = {role: make_member(tenant, role, name) for role, name in PEOPLE.items()}
    return tenant


def enter(person, school, role: str, width: int = 1440):
    """Signed in as the colleague of a role."""
    return person("miao", width).sign_in(f"{role}{PEOPLE[role]}@miao")


# -- the suggestion box ----------------------------------------------------------------------------------------------------------------
@pytest.fixture
def on_a_phone(chromium, product):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page, product
    context.close()


def test_a_slip_goes_from_a_parent_s_phone_to_its_answer(school, person, on_a_phone):
    page, address = on_a_phone
    page.goto(f"{address}/t/miao/box/")
    page.get_by_label("投诉还是意见").select_option(label="投诉")
    page.get_by_label("关于什么").select_option(label="安全")
    page.get_by_label("什么事").fill("滑梯的螺丝松了")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="放进意见箱").click()
    page.get_by_text("收到了，谢谢您").wait_for()

    desk = enter(person, school, "agent")
    desk.go("concerns/")
    desk.sees("1 件投诉、0 条意见没办结")
    desk.sees("滑梯的螺丝松了")
    is_sound(desk.page)
    desk.page.get_by_placeholder("怎么处理的，能讲给家长听").fill("当天换了螺丝，全园查了一遍")
    desk.press("办结")
    desk.sees("投诉和意见都办结了")
    with tenant_scope(school):
        assert [(row.source, row.answer) for row in Concern.objects.all()] == [("box", "当天换了螺丝，全园查了一遍")]


# -- the report ------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def losses(school):
    """Two families that were lost this quarter, for causes that are on record."""
    head, today = school.people["head"], timezone.localdate()
    with tenant_scope(school):
        for number, (yuan, cause) in enumerate(((9000, "换老师太多"), (1000, "停车难"))):
            family = makers.family(f"周小{number}", f"1380013800{number}", since=today - timedelta(days=400))
            makers.payment(family, yuan, today - timedelta(days=30))
            case = open_by_hand(family, None, note="要走", owner=None, by=head, at=timezone.now())
            name_cause(case, Cause.objects.get(name=cause), weight=10, evidence="家长说的", by=head)
            close(case, End("lost"), by=head, at=timezone.now())


def test_a_manager_reads_the_report_and_signs_it(school, losses, person):
    market = enter(person, school, "marketing")
    market.go("churn/report/")
    market.sees("1 个原因占了 90.0%：换老师太多")
    is_sound(market.page)
    market.page.get_by_label("分析和建议").fill("主班老师一年里不换，家长会上说清楚。")
    market.press("写好，交签发")
    market.sees("报告写好了，等签发")
    address = market.page.url

    head = enter(person, school, "head")
    head.page.goto(address)
    head.sees("主班老师一年里不换")
    is_sound(head.page)
    head.press("签发")
    head.sees("已签发")
    with head.page.expect_download() as taken:
        head.page.get_by_role("link", name="PDF").click()
    assert taken.value.suggested_filename.startswith("流失分析报告")
    with tenant_scope(school):
        assert [row.signed_by for row in Analysis.objects.all()] == [school.people["head"]]


# -- the policy ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("width", [390, 1440])
def test_the_policy_is_published_and_a_teacher_confirms_it(school, person, width):
    head = enter(person, school, "head")
    head.go("churn/policy/")
    head.sees("流失管理制度还没有发布")
    head.page.get_by_label("这次改了什么、为什么").fill("头一版")
    head.press("按现在的设置发布")
    head.sees("第 1 版已发布")
    is_sound(head.page)

    teacher = enter(person, school, "teacher", width)
    teacher.go("churn/policy/")
    teacher.sees("指导原则：以学员为中心")
    is_sound(teacher.page)
    teacher.press("我读过了")
    teacher.sees("已确认，您读过这一版")
    head.go("churn/policy/")
    head.sees("5 位还没确认")
    with tenant_scope(school):
        assert [receipt.member for receipt in PolicyReceipt.objects.all()] == [school.people["teacher"]]


# -- a department's week ---------------------------------------------------------------------------------------------------------------
def test_a_teacher_enters_what_she_saw_and_confirms_the_week(school, person):
    teacher = enter(person, school, "teacher")
    teacher.go("churn/departments/")
    teacher.page.get_by_label("哪方面").select_option(label="上课")
    teacher.page.get_by_label("看到什么").fill("午睡后一小时没有活动")
    teacher.press("登记")
    teacher.sees("午睡后一小时没有活动")
    is_sound(teacher.page)
    teacher.press("确认本周数据真实、完整")
    teacher.sees("梁老师已确认本周的数据")
    with tenant_scope(school):
        assert Finding.objects.get().department == "teaching"
        assert Confirmation.objects.get().by == school.people["teacher"]


# -- whose family it is ----------------------------------------------------------------------------------------------------------------
@pytest.fixture
def reached(school):
    """A family that the one reached ten days ago and the other two days ago."""
    now = timezone.now()
    with tenant_scope(school):
        family = makers.family(enrolled=False, owner=school.people["relations"])
        for role, days, said in (("relations", 10, "打电话问学费"), ("agent", 2, "带来看园")):
            log_contact(family, kind="contact", channel="phone", text=said, by=school.people[role], at=now - timedelta(days=days))
        return family


def test_a_dispute_goes_from_its_evidence_to_the_decision_and_back(school, reached, person):
    agent = enter(person, school, "agent")
    agent.go("ownership/")
    agent.sees("1 家最近有两位同事在接触")
    agent.page.get_by_role("link", name="提出来").click()
    agent.page.get_by_label("怎么回事").fill("看园是我带的")
    agent.press("提出来")
    agent.sees("按规则归陆关系")
    address = agent.page.url

    judge = enter(person, school, "supervisor")
    judge.page.goto(address)
    judge.sees("2 位同事，2 条记录")
    is_sound(judge.page)
    judge.page.get_by_label("归谁").select_option(label="谷客服")
    judge.page.get_by_label("理由，双方都会看到").fill("看园是她安排的")
    judge.press("裁决")
    judge.sees("已裁决，双方会收到")
    with tenant_scope(school):
        assert Customer.objects.get(pk=reached.pk).owner == school.people["agent"]
    judge.press("撤销裁决")
    judge.sees("裁决已撤销，回到等裁决")
    with tenant_scope(school):
        assert Customer.objects.get(pk=reached.pk).owner == school.people["relations"]
        assert Dispute.objects.get().state == "open"
