"""The front desk's day: a family from a phone call, a contact in two clicks, withdrawal, payment, refund, deletion and back."""
from datetime import date, timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from crm import actions
from crm.models import Attendance, Child, Consent, Customer, CustomerType, Enrolment, EntryKind, Guardian, Payment, TimelineEntry
from crm.queries import search
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, make_school, signed_in

CALL = {"guardian": "罗女士", "phone": "138 0013 8000", "relation": "mother", "child": "周小满",
        "born_on": "2022-05-01", "source": "小红书",
        "note": "问学费"}


@pytest.fixture
def desk(school):
    return make_member(school, "frontdesk")


def test_a_family_from_a_phone_call_is_archived_found_and_on_the_timeline(school, desk):
    with tenant_scope(school):
        campus = Campus.objects.get().pk
    answer = signed_in(desk).post(f"/s/{school.slug}/families/new/", CALL | {"campus": campus})

    with tenant_scope(school):
        made = search(Customer.objects.present(), "zxm").get()
        guardian, child = Guardian.objects.get(), Child.objects.get()
        entry = TimelineEntry.objects.get()

        assert answer.status_code == 302
        assert (made.name, made.source, made.owner) == ("周小满一家", "小红书", desk)
        assert (guardian.phone, guardian.phone_mask, child.age_on(date(2026, 11, 21))) == ("13800138000",
                "138****8000", (4, 6))
        assert (entry.kind, entry.channel, entry.text, entry.by) == ("consultation", "phone", "问学费", desk)


def test_the_same_number_again_is_refused_with_the_family_that_has_it_and_nothing_is_lost(school, desk):
    with tenant_scope(school):
        makers.family("周小满", "13800138000")
        campus = Campus.objects.get().pk
    page = signed_in(desk).post(f"/s/{school.slug}/families/new/", CALL | {"campus": campus})

    assert page.status_code == 422
    assert "这个号码已经在 周小满一家（F-0001）名下" in page.content.decode()
    assert 'value="罗女士"' in page.content.decode() and "打开这一家" in page.content.decode()


def test_a_number_of_a_campus_one_does_not_see_is_refused_without_naming_the_family(db):
    school = make_school("two", east="东园", west="西园")
    with tenant_scope(school):
        east, west = Campus.objects.order_by("id")
        makers.family("周小满", "13800138000", at=west)
    desk = make_member(school, "frontdesk", campuses=[east])
    page = signed_in(desk).post(f"/s/{school.slug}/families/new/", CALL | {"campus": east.pk, "child": "别的"})

    assert page.status_code == 422 and "已经登记在别的园所" in page.content.decode()
    assert "周小满" not in page.content.decode() and "打开这一家" not in page.content.decode()


def test_a_short_phone_says_how_many_digits_are_missing(school, desk):
    with tenant_scope(school):
        campus = Campus.objects.get().pk
    page = signed_in(desk).post(f"/s/{school.slug}/families/new/", CALL | {"campus": campus, "phone": "1380013800"})

    assert "少了 1 位，手机号是 11 位" in page.content.decode()


def test_a_contact_is_logged_on_the_family_page_and_can_be_taken_back_today(school, desk):
    with tenant_scope(school):
        customer = makers.family()
    client = signed_in(desk)
    client.post(f"/s/{school.slug}/families/{customer.pk}/log/", {"kind": "contact", "channel": "wechat", "text": "夸老师"})
    with tenant_scope(school):
        entry = TimelineEntry.objects.get()
        told = (entry.kind, entry.channel, entry.by, entry.day)
    client.post(f"/s/{school.slug}/timeline/{entry.pk}/undo/")

    with tenant_scope(school):
        assert told == ("contact", "wechat", desk, timezone.localdate())
        assert TimelineEntry.objects.count() == 0


def test_somebody_elses_entry_cannot_be_taken_back(school, desk, head):
    with tenant_scope(school):
        entry = actions.log_contact(makers.family(), kind="contact", channel="phone", text="x", by=head, at=timezone.now())
    answer = signed_in(desk).post(f"/s/{school.slug}/timeline/{entry.pk}/undo/")

    assert answer.status_code == 409 and "只能撤销自己今天做的事" in answer.content.decode()


def test_a_number_is_shown_only_on_demand_and_each_time_is_counted(school, desk):
    with tenant_scope(school):
        customer = makers.family()
        guardian = Guardian.objects.get()
    client = signed_in(desk)
    page = client.get(f"/s/{school.slug}/families/{customer.pk}/").content.decode()
    shown = client.post(f"/s/{school.slug}/guardians/{guardian.pk}/reveal/").content.decode()

    with tenant_scope(school):
        assert "13800138000" not in page and "13800138000" in shown
        assert Entry.objects.filter(verb="crm.phone_revealed", actor=desk).count() == 1


def test_opening_a_page_is_one_audit_row_a_child_and_a_list_one_row(school, desk):
    with tenant_scope(school):
        customer = makers.family()
        Child.objects.create(family=customer.family, name="周小树")
    client = signed_in(desk)
    client.get(f"/s/{school.slug}/families/{customer.pk}/")
    client.get(f"/s/{school.slug}/families/")

    with tenant_scope(school):
        assert Entry.objects.filter(verb="crm.child_viewed").count() == 2
        assert Entry.objects.get(verb="crm.listed").data == {"ids": [customer.pk]}


def test_a_withdrawal_ends_the_enrolment_with_its_reason_and_the_timeline_says_so(school, desk):
    with tenant_scope(school):
        customer = makers.family()
        enrolment = Enrolment.objects.get()
    client = signed_in(desk)
    client.post(f"/s/{school.slug}/enrolments/{enrolment.pk}/leave/", {"until_on": "2026-10-31", "outcome": "transferred"})
    again = client.post(f"/s/{school.slug}/enrolments/{enrolment.pk}/leave/",
            {"until_on": "2026-10-31", "outcome": "moved"})

    with tenant_scope(school):
        ended = Enrolment.objects.get()
        assert (ended.until_on, ended.outcome, again.status_code) == (date(2026, 10, 31), "transferred", 422)
        assert TimelineEntry.objects.get(customer=customer, kind=EntryKind.ENROLMENT).title == "离园：转园"


def test_a_child_can_be_enrolled_again_but_not_twice_at_once(school, desk):
    with tenant_scope(school):
        makers.family()
        child, campus = Child.objects.get(), Campus.objects.get()
        with pytest.raises(Refused, match="已经在园"):
            actions.enrol(child, campus=campus, class_group=None, from_on=date(2026, 11, 1), by=desk)
        actions.end_enrolment(Enrolment.objects.get(), until_on=date(2026, 10, 31), outcome="withdrew", by=desk,
                at=timezone.now())
        actions.enrol(child, campus=campus, class_group=None, from_on=date(2026, 11, 1), by=desk)

        assert Enrolment.objects.count() == 2


def test_a_payment_is_taken_and_refunded_but_never_more_than_was_paid(school, head):
    with tenant_scope(school):
        customer = makers.family()
        payment = makers.payment(customer, 800, date(2026, 9, 1))
        actions.refund(payment, amount_fen=300_00, on=date(2026, 9, 5), by=head)
        with pytest.raises(Refused, match="最多还能退 500.00 元"):
            actions.refund(payment, amount_fen=600_00, on=date(2026, 9, 6), by=head)

        assert sorted(Payment.objects.values_list("amount_fen", flat=True)) == [-300_00, 800_00]


@pytest.mark.parametrize("typed,said", [("0", "金额要大于 0"), ("一百", "不是金额"), ("99999999999", "太大了")])
def test_a_payment_that_is_none_is_refused(school, head, typed, said):
    with tenant_scope(school):
        customer = makers.family()
        fee = makers.payment(customer, 1, date(2026, 1, 1)).fee_kind_id
    answer = signed_in(head).post(f"/s/{school.slug}/families/{customer.pk}/pay/", {
        "fee_kind": fee, "amount": typed, "paid_on": "2026-11-01", "method": "微信"})

    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert f'value="{typed}"' in page
    assert 'value="2026-11-01"' in page  # everything typed is still there
    assert f'href="/s/{school.slug}/families/{customer.pk}/"' in page


def test_a_contact_without_words_comes_back_with_what_was_chosen(school, desk):
    with tenant_scope(school):
        customer = makers.family()
    answer = signed_in(desk).post(f"/s/{school.slug}/families/{customer.pk}/log/",
            {"kind": "visit", "channel": "wechat", "text": " "})

    page = answer.content.decode()
    assert answer.status_code == 422 and "记一次沟通" in page
    assert '<option value="visit" selected>' in page and '<option value="wechat" selected>' in page


def test_a_leaving_day_that_is_none_comes_back_with_the_reason_chosen(school, head):
    with tenant_scope(school):
        customer = makers.family()
        enrolment = Enrolment.objects.get()
    answer = signed_in(head).post(f"/s/{school.slug}/enrolments/{enrolment.pk}/leave/",
            {"until_on": "下周", "outcome": "moved"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{customer.name} · 周小满 离园" in page
    assert '<option value="moved" selected>' in page


def test_deleting_asks_for_the_name_hides_the_family_and_can_be_taken_back_for_thirty_days(school, head, now):
    with tenant_scope(school):
        customer = makers.family()
        with pytest.raises(Refused, match="请照写"):
            actions.delete_family(customer, typed_name="周", by=head, at=now)
        actions.delete_family(customer, typed_name=customer.name, by=head, at=now)
        hidden = search(Customer.objects.present(), "周小满").count()
        with pytest.raises(Refused, match="30 天"):
            actions.restore_family(customer, by=head, at=now + timedelta(days=31))
        actions.restore_family(customer, by=head, at=now + timedelta(days=29))

        assert (hidden, search(Customer.objects.present(), "周小满").count()) == (0, 1)


def test_a_guardians_answer_is_a_versioned_record_and_a_new_one_ends_the_old(school, head, now):
    with tenant_scope(school):
        customer = makers.family()
        for granted in (True, False):
            actions.answer_consent(customer.family, guardian=None, granted=granted, notice="3", by=head, at=now)

        assert list(Consent.objects.order_by("id").values_list("granted", "withdrawn_at")) == [(True, now), (False, None)]


def test_health_notes_are_shown_only_with_consent(school, head, head_client, now):
    with tenant_scope(school):
        customer = makers.family()
        child = Child.objects.get()
        child.health = "花生过敏"
        child.save()
    before = head_client.get(f"/s/{school.slug}/families/{customer.pk}/").content.decode()
    with tenant_scope(school):
        actions.answer_consent(customer.family, guardian=None, granted=True, notice="3", by=head, at=now)
    after = head_client.get(f"/s/{school.slug}/families/{customer.pk}/").content.decode()

    assert ("花生过敏" in before, "花生过敏" in after, "没有有效的监护人同意" in before) == (False, True, True)


def test_a_referral_of_oneself_or_in_a_circle_is_refused(school, head):
    with tenant_scope(school):
        first, second = makers.family(phone="13800138001"), makers.family("李四", "13800138002")
        with pytest.raises(Refused, match="不能推荐自己"):
            actions.add_referral(first, name="罗女士", phone="13800138001", on=date(2026, 1, 1), by=head)
        actions.add_referral(first, name="李家", phone="13800138002", on=date(2026, 1, 1), by=head)
        with pytest.raises(Refused, match="绕成一圈"):
            actions.add_referral(second, name="周家", phone="13800138001", on=date(2026, 2, 1), by=head)


def test_a_teacher_may_look_and_log_but_not_export_or_delete(school):
    with tenant_scope(school):
        customer = makers.family()
    client = signed_in(make_member(school, "teacher"))

    answers = [client.get(f"/s/{school.slug}/families/{customer.pk}/"),
            client.get(f"/s/{school.slug}/families/?export=xlsx"),
               client.post(f"/s/{school.slug}/families/{customer.pk}/delete/", {"typed_name": customer.name}),
               client.get(f"/s/{school.slug}/imports/")]

    assert [a.status_code for a in answers] == [200, 403, 403, 403]


def test_a_member_confined_to_a_campus_sees_only_its_families(school, head):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        ours, theirs = makers.family("东园孩", "13800138001"), makers.family("西园孩", "13800138002", at=west)
    client = signed_in(make_member(school, "frontdesk", "西", [west]))

    page = client.get(f"/s/{school.slug}/families/").content.decode()
    answers = [client.get(f"/s/{school.slug}/families/{c.pk}/").status_code for c in (theirs, ours)]

    assert ("西园孩" in page, "东园孩" in page, answers) == (True, False, [200, 404])


def test_a_deactivated_member_is_out_on_the_next_request(school, head, head_client):
    before = head_client.get(f"/s/{school.slug}/").status_code
    with tenant_scope(school):
        Membership.objects.filter(pk=head.pk).update(is_active=False)

    assert (before, head_client.get(f"/s/{school.slug}/").status_code) == (200, 404)


def test_a_view_that_writes_and_then_fails_leaves_no_row(school, head_client, monkeypatch):
    with tenant_scope(school):
        customer = makers.family()
    monkeypatch.setattr("crm.views.filling.redirect", lambda *a: 1 / 0)
    head_client.raise_request_exception = False

    answer = head_client.post(f"/s/{school.slug}/families/{customer.pk}/log/",
            {"kind": "contact", "channel": "phone", "text": "x"})

    with tenant_scope(school):
        assert answer.status_code == 500
        assert TimelineEntry.objects.count() == 0
        assert Entry.objects.count() == 0


def test_customer_types_are_the_schools_own_to_extend(school, head_client):
    answer = head_client.post(f"/s/{school.slug}/admin/crm/customertype/add/",
            {"code": "community", "name": "社区", "half": "partner"})
    twice = head_client.post(f"/s/{school.slug}/admin/crm/customertype/add/",
            {"code": "community", "name": "社区", "half": "partner"})

    with tenant_scope(school):
        assert answer.status_code == 302
        assert CustomerType.objects.filter(code="community").count() == 1
    assert twice.status_code == 200


def test_attendance_is_one_row_a_child_and_day(school):
    with tenant_scope(school):
        makers.family()
        child = Child.objects.get()
        Attendance.objects.create(child=child, day=date(2026, 11, 2), status="present")
        again = Attendance(child=child, day=date(2026, 11, 2), status="leave")
        with pytest.raises(Exception, match="这一天已经登记过考勤"):
            again.validate_constraints()
