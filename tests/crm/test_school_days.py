"""Attendance by class, lesson packages, the school's own fields, addresses, partners, withdrawn consent."""
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from crm import actions, facts
from crm.models import (
    Attendance,
    Child,
    ClassGroup,
    Customer,
    CustomerType,
    Enrolment,
    ExtraField,
    ExtraValue,
    Family,
    FeeKind,
    LessonPackage,
)
from crm.queries import consent_on, search
from tenancy.models import Campus
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import NOW, make_member, make_school, signed_in

pytestmark = pytest.mark.usefixtures("on_the_day")
TODAY = timezone.localdate(NOW)
DAY = TODAY - timedelta(days=1)


@pytest.fixture
def group(school):
    """小一班 with two children since a month."""
    with tenant_scope(school):
        made = ClassGroup.objects.create(campus=Campus.objects.get(), name="小一班", grade="小班")
        for number, name in enumerate(("周小满", "李小树")):
            makers.family(name, f"1380013800{number}", TODAY - timedelta(days=30))
        Enrolment.objects.update(class_group=made)
    return made


def marks():
    return dict(Attendance.objects.values_list("child__name", "status"))


# -- 考勤 ------------------------------------------------------------------------------------------------
def test_a_class_is_taken_on_one_page_and_saved_again_it_is_replaced(school, head_client, group):
    with tenant_scope(school):
        first, second = Child.objects.order_by("id")
    form = {"class": group.pk, "day": DAY.isoformat(), f"child-{first.pk}": "present", f"child-{second.pk}": "leave"}
    head_client.post(f"/s/{school.slug}/attendance/", form)
    head_client.post(f"/s/{school.slug}/attendance/", form | {f"child-{second.pk}": "absent"})

    with tenant_scope(school):
        assert marks() == {"周小满": "present", "李小树": "absent"}


def test_the_page_shows_what_was_marked_and_everybody_else_as_present(school, head_client, group):
    with tenant_scope(school):
        child = Child.objects.get(name="李小树")
        Attendance.objects.create(child=child, day=DAY, status="leave")
    page = head_client.get(f"/s/{school.slug}/attendance/?class={group.pk}&day={DAY}").content.decode()

    assert f'name="child-{child.pk}" value="leave" checked' in page
    assert page.count('value="present" checked') == 1


def test_a_child_of_another_class_or_with_a_word_nobody_knows_is_left_out(school, head, group):
    with tenant_scope(school):
        other = makers.family("外班孩", "13900139009", TODAY - timedelta(days=30)).family.children.get()
        first, second = Child.objects.filter(enrolments__class_group=group).order_by("id")
        count = facts.take_attendance(group, DAY, {first.pk: "present", second.pk: "sleeping", other.pk: "present"},
                today=TODAY, by=head)

        assert (count, marks()) == (1, {"周小满": "present"})


def test_a_day_that_has_not_come_is_refused(school, head, group):
    with tenant_scope(school), pytest.raises(Refused, match="还没到"):
        facts.take_attendance(group, TODAY + timedelta(days=1), {}, today=TODAY, by=head)


def test_a_school_without_classes_is_told_how_to_get_them(school, head_client):
    assert "还没有班级" in head_client.get(f"/s/{school.slug}/attendance/").content.decode()


# -- 课时包 ---------------------------------------------------------------------------------------------
def test_lessons_are_sold_used_and_never_overdrawn(db):
    centre = make_school("qi", "training")
    desk = make_member(centre, "head")
    with tenant_scope(centre):
        customer = makers.family()
        package = facts.sell_lessons(customer, child=None, course="美术", bought=10, gifted=2, on=TODAY,
                expires_on=None, by=desk)
        facts.use_lessons(package, 11, by=desk)
        with pytest.raises(Refused, match="只剩 1 课时"):
            facts.use_lessons(package, 2, by=desk)
        with pytest.raises(Refused, match="只剩 1 课时"):
            facts.use_lessons(package, 0, by=desk)

        package.refresh_from_db()
        assert (package.used, package.left, str(package)) == (11, 1, "美术，剩 1 课时")


def test_an_expiry_before_the_purchase_is_refused(school, head):
    with tenant_scope(school), pytest.raises(Refused, match="有效期不能早于"):
        facts.sell_lessons(makers.family(), child=None, course="美术", bought=1, gifted=0, on=TODAY, expires_on=DAY,
                by=head)


def test_lessons_are_sold_and_used_on_the_familys_page(school, head_client):
    with tenant_scope(school):
        customer = makers.family()
    place = f"/s/{school.slug}/families/{customer.pk}"
    head_client.post(f"{place}/record/lessons/", {"course": "围棋", "bought": "20", "gifted": "0", "on": TODAY.isoformat()})
    with tenant_scope(school):
        package = LessonPackage.objects.get()
    head_client.post(f"{place}/record/use/", {"package": package.pk, "count": "3"})

    assert "剩 17 课时" in head_client.get(f"{place}/").content.decode()


# -- 自定义资料 ------------------------------------------------------------------------------------------
@pytest.fixture
def fields(school):
    with tenant_scope(school):
        return [ExtraField.objects.create(name="血型", kind="choice", choices="A、B、O、AB"),
                ExtraField.objects.create(name="接送方式"), ExtraField.objects.create(name="保险到期", kind="date"),
                ExtraField.objects.create(name="旧项", is_open=False)]


def test_a_school_adds_its_own_fields_and_they_are_filled_on_the_familys_page(school, head_client, fields):
    with tenant_scope(school):
        customer = makers.family()
    blood, ride, insured, closed = fields
    place = f"/s/{school.slug}/families/{customer.pk}"
    form = head_client.get(f"{place}/record/extras/").content.decode()
    head_client.post(f"{place}/record/extras/", {f"extra-{blood.pk}": "O", f"extra-{ride.pk}": "校车",
            f"extra-{insured.pk}": "2027-06-30"})
    page = head_client.get(f"{place}/").content.decode()

    assert "血型" in form and "旧项" not in form
    assert "校车" in page and "2027-06-30" in page


def test_what_is_written_is_sealed_and_an_emptied_field_is_gone(school, head, fields):
    with tenant_scope(school):
        customer = makers.family()
        facts.write_extras(customer, {fields[1].pk: "校车 3 号线"}, by=head)
        sealed = bytes(ExtraValue.objects.get().value_sealed)
        facts.write_extras(customer, {fields[1].pk: " "}, by=head)

        assert "校车".encode() not in sealed and ExtraValue.objects.count() == 0


def test_a_choice_that_is_offered_no_more_is_still_shown_where_it_was_chosen(school, head, head_client, fields):
    with tenant_scope(school):
        customer = makers.family()
        facts.write_extras(customer, {fields[0].pk: "O"}, by=head)
        ExtraField.objects.filter(pk=fields[0].pk).update(choices="A、B")
    form = head_client.get(f"/s/{school.slug}/families/{customer.pk}/record/extras/").content.decode()

    assert '<option value="O" selected>' in form


def test_two_fields_of_one_name_are_refused_with_a_sentence(school, head_client, fields):
    answer = head_client.post(f"/s/{school.slug}/admin/crm/extrafield/add/",
            {"name": "血型", "kind": "text", "choices": "", "is_open": "on"})

    assert answer.status_code == 200 and "已经有同名的资料项" in answer.content.decode()


def test_choices_are_read_whatever_separates_them(school):
    with tenant_scope(school):
        assert ExtraField(choices="A，B、 C,D、").options() == ["A", "B", "C", "D"]


# -- first contact, partners -----------------------------------------------------------------------------
def test_address_and_occupation_are_taken_at_the_first_contact(school, head_client):
    with tenant_scope(school):
        campus = Campus.objects.get().pk
    head_client.post(f"/s/{school.slug}/families/new/", {
        "guardian": "罗女士", "phone": "13800138000", "relation": "mother", "child": "周小满", "address": "河畔里3号", "occupation": "医生",
        "campus": campus, "source": "", "note": ""})

    with tenant_scope(school):
        family = Family.objects.get()
        assert (family.address, family.guardians.get().occupation) == ("河畔里3号", "医生")
        assert "河畔里".encode() not in bytes(family.address_sealed)


def test_a_family_moves_and_its_address_is_shown_to_who_may_see_numbers(school, head_client):
    with tenant_scope(school):
        customer = makers.family()
    place = f"/s/{school.slug}/families/{customer.pk}"
    head_client.post(f"{place}/record/address/", {"address": "文昌路9号"})
    seen = head_client.get(f"{place}/").content.decode()
    hidden = signed_in(make_member(school, "teacher")).get(f"{place}/").content.decode()

    assert "文昌路9号" in seen and "文昌路9号" not in hidden


def test_a_partner_is_entered_by_hand_once(school, head_client):
    with tenant_scope(school):
        campus, kind = Campus.objects.get().pk, CustomerType.objects.get(code="partner").pk
    form = {"name": "区图书馆", "type": kind, "contact": "文老师", "phone": "010-62345678", "field": "绘本借阅",
            "campus": campus,
            "since": "2026-03-01"}
    made = head_client.post(f"/s/{school.slug}/partners/new/", form)
    twice = head_client.post(f"/s/{school.slug}/partners/new/", form)

    with tenant_scope(school):
        partner = Customer.objects.get(type_id=kind)
        assert (made.status_code, twice.status_code, partner.name, partner.partner.phone) == (302, 422, "区图书馆",
                "01062345678")
        assert search(Customer.objects.present(), "qtsg").get() == partner


def test_a_further_type_of_family_can_be_chosen_at_the_first_contact(school, head_client):
    plain = head_client.get(f"/s/{school.slug}/families/new/").content.decode()
    with tenant_scope(school):
        CustomerType.objects.create(code="community", name="社区家庭", half="family")
    richer = head_client.get(f"/s/{school.slug}/families/new/").content.decode()

    assert "社区家庭" not in plain and "社区家庭" in richer


# -- complaints, consent, money --------------------------------------------------------------------------
def test_a_complaint_on_the_timeline_waits_for_an_answer_in_the_list(school, head_client):
    with tenant_scope(school):
        customer = makers.family()
    head_client.post(f"/s/{school.slug}/families/{customer.pk}/log/",
            {"kind": "complaint", "channel": "phone", "text": "午睡室闷热"})

    assert "周小满一家" in head_client.get(f"/s/{school.slug}/admin/crm/concern/?closed_at__isempty=1").content.decode()


def test_a_withdrawn_consent_hides_what_rested_on_it_and_stays_on_record(school, head, head_client):
    with tenant_scope(school):
        customer = makers.family()
        child = Child.objects.get()
        child.health = "花生过敏"
        child.save()
        actions.answer_consent(customer.family, guardian=None, granted=True, notice="3", by=head,
                at=timezone.now() - timedelta(days=9))
    place = f"/s/{school.slug}/families/{customer.pk}"
    before = head_client.get(f"{place}/").content.decode()
    head_client.post(f"{place}/record/withdraw/", {"sure": "on"})
    after = head_client.get(f"{place}/").content.decode()
    again = head_client.post(f"{place}/record/withdraw/", {"sure": "on"})

    with tenant_scope(school):
        assert ("花生过敏" in before, "花生过敏" in after, again.status_code) == (True, False, 422)
        assert consent_on(customer, TODAY - timedelta(days=2)).granted
        assert consent_on(customer, TODAY) is None


def test_a_fee_that_the_law_limits_says_so_when_it_is_taken(db):
    centre = make_school("qi", "training")
    client = signed_in(make_member(centre, "head"))
    with tenant_scope(centre):
        customer, fee = makers.family(), FeeKind.objects.get(name="课程费")
    answer = client.post(f"/s/{centre.slug}/families/{customer.pk}/pay/", {
        "fee_kind": fee.pk, "amount": "4800", "paid_on": TODAY.isoformat(), "method": "微信", "receipt": ""}, follow=True)

    assert "一次收费不得超过 3 个月或 60 课时" in answer.content.decode()


def test_a_payment_names_the_child_only_where_there_are_several(school, head_client):
    with tenant_scope(school):
        customer = makers.family()
    one = head_client.get(f"/s/{school.slug}/families/{customer.pk}/").content.decode()
    with tenant_scope(school):
        second = Child.objects.create(family=customer.family, name="周小树")
        fee = FeeKind.objects.get(name="保教费")
    two = head_client.get(f"/s/{school.slug}/families/{customer.pk}/").content.decode()
    head_client.post(f"/s/{school.slug}/families/{customer.pk}/pay/", {
        "fee_kind": fee.pk, "amount": "1480.50", "paid_on": TODAY.isoformat(), "method": "微信", "receipt": "", "child": second.pk})

    with tenant_scope(school):
        paid = customer.payments.get()
        assert ("哪个孩子" in one, "哪个孩子" in two) == (False, True)
        assert (paid.child, paid.amount_fen) == (second, 148050)


def test_every_act_of_the_day_is_in_the_log(school, head, group):
    with tenant_scope(school):
        facts.take_attendance(group, DAY, {}, today=TODAY, by=head)

        assert Entry.objects.get(verb="crm.attendance_taken").data == {"day": DAY.isoformat(), "children": 0}
