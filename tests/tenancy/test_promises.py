"""The database keeps the promises; what a broken one is called stands with the model, in words for people."""
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from crm.models import Attendance, ClassGroup, Customer, CustomerType, Enrolment, ExtraField, FeeKind, LessonPackage, Referral
from tenancy.models import Campus, Membership
from tenancy.promises import GENERAL, broken_promise
from tenancy.scope import tenant_scope
from tests import makers


def words(act):
    """What is said when an act breaks a promise."""
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        act()
    return broken_promise(broken.value)


@pytest.fixture
def miao(school, head):
    with tenant_scope(school):
        yield head


def test_a_second_row_of_one_name_is_told_in_the_models_words(miao):
    kind = CustomerType.objects.first()

    assert words(lambda: FeeKind.objects.create(name="保教费")) == "已经有同名的收费项目。"
    assert words(lambda: CustomerType.objects.create(code=kind.code, name="x")) == "这个代码已经有客户类型在用，换一个。"
    assert words(lambda: Campus.objects.create(code="main", name="x")) == "这个代码已经有园所在用，换一个。"
    assert words(lambda: [ExtraField.objects.create(name="过敏") for _ in range(2)]) == "已经有同名的资料项。"
    assert words(lambda: Membership.objects.create(user=miao.user, role="head", name="x")) == "这个账号已经是本机构的成员。"


def test_promises_about_people_are_told_too(miao):
    customer = makers.family()
    child = customer.family.children.get()

    assert words(lambda: Customer.objects.create(type=customer.type, campus=customer.campus,
            external_ref=customer.external_ref, name="x",
                                                 since=date(2026, 1, 1))) == "这个编号已经有客户在用。"
    assert words(lambda: [Attendance.objects.create(child=child, day=date(2026, 9, 1),
            status="leave") for _ in range(2)]) == \
        "这一天已经登记过考勤。"
    assert words(lambda: [ClassGroup.objects.create(campus=customer.campus,
            name="小一班") for _ in range(2)]) == "这个园所已经有同名的班级。"
    assert words(lambda: Referral.objects.create(referrer=customer, referred=customer,
            referred_on=date(2026, 9, 1))) == "不能推荐自己。"


def test_promises_about_spans_and_balances_are_told_too(miao):
    customer = makers.family()
    child = customer.family.children.get()

    assert words(lambda: Enrolment.objects.create(child=child, campus=customer.campus, from_on=date(2026, 9, 1),
                                                  until_on=date(2026, 8, 31))) == "离园日期不能早于入园日期。"
    assert words(lambda: LessonPackage.objects.create(customer=customer, course="钢琴", bought_on=date(2026, 9, 1),
            bought=10, used=11)) == \
        "已上课时不能多于购买和赠送之和。"


def test_a_link_to_what_is_not_there_is_told_in_general(miao):
    assert words(lambda: ClassGroup.objects.create(campus_id=10**12, name="x")) == str(GENERAL["23503"])


def test_another_schools_link_is_told_as_a_missing_one(school, other_school):
    with tenant_scope(other_school):
        theirs = Campus.objects.get().pk
    with tenant_scope(school):
        foreign, missing = (words(lambda pk=pk: ClassGroup.objects.create(campus_id=pk, name="x")) for pk in (theirs,
                10**12))

    assert foreign == missing == str(GENERAL["23503"])


def test_an_error_that_is_no_promise_is_left_alone():
    assert broken_promise(IntegrityError("x")) is None


def test_a_broken_promise_on_a_page_is_a_conflict_in_words(school, head_client):
    answer = head_client.post(f"/s/{school.slug}/admin/crm/feekind/add/",
            {"name": "保教费", "group": "other", "counts": "on"})

    assert answer.status_code in (200, 409) and "已经有同名的收费项目" in answer.content.decode()
