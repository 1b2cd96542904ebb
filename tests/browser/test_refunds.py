"""A refund from the application to the save offer, at the desk and on a phone; and another one from the application to the money."""
from datetime import timedelta

import pytest
from django.utils import timezone

from churn.models import ChurnCase, RefundRequest
from crm.models import FeeKind, LessonPackage, Payment
from tenancy.scope import tenant_scope
from tests import makers
from tests.browser.test_churn import is_sound
from tests.churn.cases.conftest import child_of
from tests.conftest import make_member, make_school


@pytest.fixture
def school(transactional_db):
    """A training centre with a family that has paid for thirty lessons and had ten."""
    tenant = make_school("miao", kind="training")
    for role in ("head", "frontdesk", "deputy"):
        make_member(tenant, role)
    day = timezone.localdate() - timedelta(days=60)
    with tenant_scope(tenant):
        family = makers.family(since=day)
        LessonPackage.objects.create(customer=family, child=child_of(family), course="美术", bought_on=day, bought=30,
                used=10)
        makers.payment(family, 3000, day, kind="课程费")
        FeeKind.objects.filter(name="课程费").update(group="tuition")
        tenant.family = family.pk
    return tenant


def ask(desk, school) -> None:
    """From the family's page to the preview."""
    desk.go(f"families/{school.family}/")
    desk.page.locator("section").filter(has=desk.page.get_by_role("heading", name="退费申请")).get_by_role("link",
            name="登记一份").click()
    desk.page.get_by_label("家长说的原因").fill("老师换得太勤")
    desk.press("登记，看能退多少")
    desk.sees("谈之前先看能退多少、挽留要多少")
    desk.sees("赠送的课时一起算")


@pytest.mark.parametrize("width", [390, 1440])
def test_from_the_application_to_the_save_offer(school, person, width):
    desk = person("miao", width).sign_in("frontdesk@miao")
    ask(desk, school)
    is_sound(desk.page)

    desk.page.get_by_label("什么方案").select_option(label="送课时")
    desk.page.get_by_label("怎么做").fill("送四课时，换到王老师")
    desk.page.get_by_label("送几课时").fill("4")
    desk.press("记下方案")
    desk.sees("每 7 家里有一家因此再留一年，就不亏。")
    is_sound(desk.page)

    desk.press("家长接受了")
    desk.sees("留住了，申请已了结")
    with tenant_scope(school):
        assert [row.state for row in RefundRequest.objects.all()] == ["kept"]
        assert not Payment.objects.filter(amount_fen__lt=0).exists()


def test_from_the_application_to_the_money(school, person):
    desk = person("miao").sign_in("frontdesk@miao")
    ask(desk, school)
    desk.page.get_by_text("商定别的金额").click()
    desk.page.get_by_label("商定退（元）").fill("1500")
    desk.page.get_by_label("为什么和规则不同").fill("教材拆了")
    desk.press("重算")
    desk.sees("1 笔和规则算的不同")
    desk.press("提交审批")
    desk.sees("等另一位有权限的同事审批")
    address = desk.page.url

    head = person("miao").sign_in("head@miao")
    head.page.goto(address)
    head.page.get_by_label("审批意见").fill("同意")
    head.press("批准")
    head.sees("已批准")
    head.press("已退款，记账")
    head.sees("已退款，每笔都记进了缴费")
    is_sound(head.page)
    with tenant_scope(school):
        assert list(Payment.objects.filter(amount_fen__lt=0).values_list("amount_fen", flat=True)) == [-150000]
        assert [(case.trigger, case.state) for case in ChurnCase.objects.all()] == [("refund", "open")]


def test_a_school_chooses_its_rules(school, person):
    head = person("miao").sign_in("head@miao")
    head.go("churn/refunds/rules/")
    head.sees("退费按“校外培训（全国）”算")
    is_sound(head.page)
    head.page.get_by_label("自己写条款").check()
    head.page.get_by_label("依据：合同哪一条，或哪份文件").fill("合同第六条")
    for clause in head.page.locator("input[name^=clause_]").all():
        clause.fill("按剩余天数退")
    head.press("以后按这套算")
    head.sees("退费按“本校的退费规则”算")
