"""A manager's quarter on a desktop, and a teacher's morning on a phone."""
from datetime import date

import pytest

from crm.models import Attendance, ClassGroup, Enrolment
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import NOW, make_member, make_school
from tests.tiering.steps import JUNE, SEPTEMBER, published


@pytest.fixture
def school(transactional_db):
    """Two quarters published: one family fell, one stayed."""
    made = make_school("miao")
    head, deputy = make_member(made, "head"), make_member(made, "deputy")
    make_member(made, "teacher")
    with tenant_scope(made):
        rich, poor = makers.family("周小满", "13800138001", date(2023, 9, 1)), makers.family("李小树", "13800138002",
                date(2025, 9, 1))
        makers.payment(rich, 30_000, date(2026, 3, 1))
        group = ClassGroup.objects.create(campus=Campus.objects.get(), name="小一班")
        Enrolment.objects.filter(child__family__customer=poor).update(class_group=group)
        published(head, deputy, NOW, JUNE)
        makers.entry(rich, "transfer_signal", date(2026, 9, 1))
        published(head, deputy, NOW, SEPTEMBER)
    return made


def test_from_the_report_to_the_family_that_fell(school, person):
    head = person("miao").sign_in("head@miao")

    head.go("tiering/report/")
    head.sees("2026 Q3 客户分级报告")
    head.sees("升级 0 户、降级 1 户")
    head.page.locator("a[href*='/movers/']").first.click()
    head.page.get_by_role("link", name="周小满一家").first.click()
    head.sees("90 天内有转园倾向记录时，最高 D 级")


def test_a_teacher_marks_the_class_with_a_thumb(school, person):
    teacher = person("miao", width=390).sign_in("teacher@miao")

    teacher.go("attendance/")
    teacher.sees("李小树")
    teacher.page.get_by_text("请假", exact=True).first.click()
    teacher.page.get_by_role("button", name="保存").first.click()
    teacher.sees("1 个孩子")

    with tenant_scope(school):
        assert list(Attendance.objects.values_list("status", flat=True)) == ["leave"]
