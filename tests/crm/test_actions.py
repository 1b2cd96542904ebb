"""The daily acts: what each writes, what each refuses, and what each leaves in the log."""
from datetime import UTC, date, datetime, timedelta

import pytest

from audit.models import Entry
from crm.actions import (
    RESTORE_DAYS,
    add_family,
    add_partner,
    add_referral,
    answer_consent,
    delete_family,
    end_enrolment,
    enrol,
    family_with_phone,
    log_contact,
    move_home,
    refund,
    restore_family,
    reveal,
    take_payment,
)
from crm.models import (
    Child,
    ClassGroup,
    Concern,
    Consent,
    Customer,
    CustomerType,
    Enrolment,
    EntryKind,
    FeeKind,
    Guardian,
    Outcome,
    Payment,
    Referral,
    TimelineEntry,
)
from crm.queries import search
from tenancy.models import Campus
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member

TODAY = date(2026, 11, 20)


@pytest.fixture
def customer(miao):
    return makers.family("周小满", "13800138000", date(2025, 9, 1))


def called(miao, now, **values):
    known = dict(guardian="罗女士", phone="13900139000", relation="mother", child="孙小果", born_on=date(2023, 5, 1),
            campus=makers.campus(),
                 source="小红书", note="", by=miao.head, at=now)
    return add_family(**(known | values))


def verbs():
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


# -- a family from a phone call -------------------------------------------------------------------------------------------
def test_a_family_is_made_with_guardian_child_owner_and_number(miao, now):
    made = called(miao, now, address=" 河畔里 12 号 ", occupation=" 护士 ")
    guardian, child = Guardian.objects.get(), Child.objects.get()

    assert (made.name, made.external_ref, made.owner, made.since, made.source) == ("孙小果一家", "F-0001", miao.head,
            TODAY, "小红书")
    assert (guardian.name, guardian.phone, guardian.decides, guardian.occupation) == ("罗女士", "13900139000", True, "护士")
    assert (child.name, child.born_on, made.family.address) == ("孙小果", date(2023, 5, 1), "河畔里 12 号")


@pytest.mark.parametrize("words", ["孙小果", "sxg", "罗女士", "9000", "13900139000", "f-0001"])
def test_a_new_family_is_found_at_once(miao, now, words):
    made = called(miao, now)

    assert list(search(Customer.objects.present(), words)) == [made]


@pytest.mark.parametrize("child", ["", "  "])
def test_a_family_whose_child_is_not_known_yet_is_called_by_the_guardian(miao, now, child):
    made = called(miao, now, child=child)

    assert (made.name, Child.objects.count()) == ("罗女士一家", 0)


def test_what_was_said_stands_on_the_timeline_as_a_consultation(miao, now):
    entry = called(miao, now, note=" 想参观 ").timeline.get()

    assert (entry.kind, entry.channel, entry.text, entry.day) == ("consultation", "phone", "想参观", TODAY)


def test_nothing_said_leaves_the_timeline_empty(miao, now):
    assert not called(miao, now, note="  ").timeline.exists()


def test_a_call_before_eight_is_of_the_campuss_day(miao):
    made = called(miao, datetime(2026, 11, 19, 18, 30, tzinfo=UTC), note="x")

    assert (made.since, made.timeline.get().day) == (TODAY, TODAY)


@pytest.mark.parametrize(("phone", "why"), [("1390013900", "少了 1 位"), ("", "没有电话号码"), ("abc",
        "没有电话号码"), ("139001390001", "多了 1 位")])
def test_a_number_that_is_none_is_refused_and_nothing_is_made(miao, now, phone, why):
    with pytest.raises(Refused, match=why) as refusal:
        called(miao, now, phone=phone)

    assert (refusal.value.field, Customer.objects.count()) == ("phone", 0)


def test_a_number_somebody_has_names_the_family_and_points_at_it(miao, customer, now):
    with pytest.raises(Refused, match="已经在 周小满一家（F-0001）名下") as refusal:
        called(miao, now, phone="138 0013 8000")

    assert (refusal.value.code, refusal.value.about) == ("known_phone", customer)


def test_a_number_of_a_family_in_the_bin_is_free(miao, customer, now):
    Customer.objects.update(deleted_at=now)

    assert called(miao, now, phone="13800138000").external_ref == "F-0002"
    assert family_with_phone("13800138000") != customer


def test_a_further_type_is_taken(miao, now):
    kind = CustomerType.objects.create(code="alumni", name="校友", half="family")

    assert called(miao, now, type=kind).type == kind


# -- partners ------------------------------------------------------------------------------------------------------------------
def partner(miao, **values):
    known = dict(name="市图书馆", contact="钱馆长", phone="0571-88001234", field="绘本借阅", campus=makers.campus(),
                 type=CustomerType.objects.get(code="partner"), since=TODAY, by=miao.head)
    return add_partner(**(known | values))


def test_a_partner_is_made_with_contact_and_number(miao):
    made = partner(miao)

    assert (made.name, made.external_ref, made.partner.contact, made.partner.phone, made.partner.field) == (
        "市图书馆", "P-0001", "钱馆长", "057188001234", "绘本借阅")
    assert list(search(Customer.objects.present(), "stsg")) == [made]


def test_a_partner_may_have_no_number(miao):
    assert partner(miao, phone=" ").partner.phone == ""


@pytest.mark.parametrize("name", ["市图书馆", " 市图书馆 "])
def test_a_partner_of_that_name_is_refused(miao, name):
    partner(miao)
    with pytest.raises(Refused, match="已经有叫“市图书馆”的合作机构"):
        partner(miao, name=name)


# -- contacts -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["contact", "visit", "event", "note", "transfer_signal"])
def test_a_contact_is_a_fact_on_the_timeline(miao, customer, now, kind):
    entry = log_contact(customer, kind=kind, channel="wechat", text=" 聊了聊 ", by=miao.head, at=now)

    assert (entry.kind, entry.channel, entry.text, entry.by, entry.day) == (kind, "wechat", "聊了聊", miao.head, TODAY)
    assert not Concern.objects.exists()


@pytest.mark.parametrize(("kind", "text", "title", "kept"), [("complaint", "饭凉了", "", "饭凉了"), ("suggestion", "",
        "多一些户外", "多一些户外")])
def test_a_complaint_or_suggestion_waits_for_an_answer(miao, customer, now, kind, text, title, kept):
    entry = log_contact(customer, kind=kind, channel="phone", text=text, title=title, by=miao.head, at=now)
    concern = Concern.objects.get()

    assert (concern.kind, concern.text, concern.entry, concern.customer, concern.closed_at) == (kind, kept, entry,
            customer, None)


def test_a_revealed_number_is_told_whole_and_counted(miao, customer):
    guardian = Guardian.objects.get()

    assert (reveal(guardian, by=miao.head), Entry.objects.get(verb="crm.phone_revealed").object_id) == ("13800138000",
            guardian.pk)


def test_an_address_is_changed_emptied_and_never_in_the_log(miao, customer):
    for address in ("河畔里 12 号", ""):
        move_home(customer.family, address=address, by=miao.head)

    assert customer.family.address == ""
    assert "河畔" not in str(list(Entry.objects.values_list("data", flat=True)))


# -- enrolments -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("outcome", Outcome.values)
def test_an_enrolment_ends_with_its_reason_and_the_timeline_says_so(miao, customer, now, outcome):
    enrolment = Enrolment.objects.get()
    end_enrolment(enrolment, until_on=date(2026, 6, 30), outcome=outcome, by=miao.head, at=now)
    entry = TimelineEntry.objects.get(kind=EntryKind.ENROLMENT)

    assert (enrolment.until_on, enrolment.outcome, entry.day) == (date(2026, 6, 30), outcome, date(2026, 6, 30))
    assert entry.title == f"离园：{Outcome(outcome).label}"


def test_an_enrolment_may_end_on_its_first_day_but_not_before(miao, customer, now):
    enrolment = Enrolment.objects.get()
    with pytest.raises(Refused, match="不能早于入园日期 2025-09-01"):
        end_enrolment(enrolment, until_on=date(2025, 8, 31), outcome="moved", by=miao.head, at=now)
    end_enrolment(enrolment, until_on=date(2025, 9, 1), outcome="moved", by=miao.head, at=now)

    assert Enrolment.objects.get().until_on == date(2025, 9, 1)


def test_two_desks_end_it_once(miao, customer, now):
    first, second = Enrolment.objects.get(), Enrolment.objects.get()
    end_enrolment(first, until_on=date(2026, 6, 30), outcome="moved", by=miao.head, at=now)
    with pytest.raises(Refused, match="可能同事刚登记过"):
        end_enrolment(second, until_on=date(2026, 7, 30), outcome="graduated", by=miao.head, at=now)

    assert Enrolment.objects.get().until_on == date(2026, 6, 30)


@pytest.mark.parametrize(("from_on", "taken"), [(date(2026, 6, 30), False), (date(2026, 7, 1), True), (date(2026, 9,
        1), True)])
def test_a_child_is_enrolled_again_after_its_last_day(miao, customer, now, from_on, taken):
    end_enrolment(Enrolment.objects.get(), until_on=date(2026, 6, 30), outcome="moved", by=miao.head, at=now)
    child = Child.objects.get()
    try:
        enrol(child, campus=customer.campus, class_group=None, from_on=from_on, by=miao.head)
    except Refused as refusal:
        assert refusal.field == "from_on" and "已经在园" in refusal.message

    assert (Enrolment.objects.count() == 2) is taken


def test_an_enrolment_is_in_the_class_that_was_chosen(miao, customer, now):
    group = ClassGroup.objects.create(campus=customer.campus, name="小一班")
    Enrolment.objects.all().delete()

    assert enrol(Child.objects.get(), campus=customer.campus, class_group=group, from_on=TODAY,
            by=miao.head).class_group == group


# -- money ------------------------------------------------------------------------------------------------------------------------
def paid(miao, customer, **values):
    known = dict(fee_kind=FeeKind.objects.get(name="保教费"), amount_fen=120_000, paid_on=date(2026, 9, 1),
            child=None, method="微信", receipt="0001",
                 by=miao.head, today=TODAY)
    return take_payment(customer, **(known | values))


def test_a_payment_is_kept_and_its_amount_in_the_log(miao, customer):
    payment = paid(miao, customer)

    assert (payment.amount_fen, payment.method, payment.receipt, Entry.objects.get(verb="crm.payment_taken").data) == (
        120_000, "微信", "0001", {"fen": 120_000})


@pytest.mark.parametrize(("values", "field"), [({"amount_fen": 0}, "amount"), ({"amount_fen": -1}, "amount"),
                                               ({"paid_on": TODAY + timedelta(days=1)}, "paid_on")])
def test_a_payment_that_is_none_is_refused(miao, customer, values, field):
    with pytest.raises(Refused) as refusal:
        paid(miao, customer, **values)

    assert (refusal.value.field, Payment.objects.count()) == (field, 0)


def test_a_payment_of_today_is_taken(miao, customer):
    assert paid(miao, customer, paid_on=TODAY).pk


@pytest.mark.parametrize(("backs", "left"), [([], "1200.00"), ([20_000], "1000.00"), ([60_000, 60_000], "0.00")])
def test_refunds_never_add_up_to_more_than_was_paid(miao, customer, backs, left):
    payment = paid(miao, customer)
    for fen in backs:
        refund(payment, amount_fen=fen, on=TODAY, by=miao.head)
    with pytest.raises(Refused, match=f"最多还能退 {left} 元"):
        refund(payment, amount_fen=120_001, on=TODAY, by=miao.head)

    assert sum(Payment.objects.values_list("amount_fen", flat=True)) == 120_000 - sum(backs)


@pytest.mark.parametrize("fen", [0, -1])
def test_a_refund_of_nothing_is_refused(miao, customer, fen):
    payment = paid(miao, customer)
    with pytest.raises(Refused):
        refund(payment, amount_fen=fen, on=TODAY, by=miao.head)


def test_a_refund_is_of_the_same_kind_child_and_method_with_a_minus(miao, customer):
    payment = paid(miao, customer, child=Child.objects.get())
    back = refund(payment, amount_fen=120_000, on=TODAY, by=miao.head)

    assert (back.amount_fen, back.fee_kind_id, back.child_id, back.method, back.remark) == (
        -120_000, payment.fee_kind_id, payment.child_id, "微信", f"退 #{payment.pk}")


def test_refunds_of_two_payments_are_apart(miao, customer):
    first, second = paid(miao, customer), paid(miao, customer)
    refund(first, amount_fen=120_000, on=TODAY, by=miao.head)

    assert refund(second, amount_fen=120_000, on=TODAY, by=miao.head).amount_fen == -120_000


# -- consent ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("granted", [True, False])
def test_an_answer_ends_the_one_before_and_both_stay(miao, customer, now, granted):
    for number, answer in enumerate((not granted, granted)):
        answer_consent(customer.family, guardian=Guardian.objects.get(), granted=answer, notice=f"v{number}", by=miao.head,
                       at=now + timedelta(days=number))
    first, second = Consent.objects.order_by("id")

    assert (first.withdrawn_at, second.withdrawn_at, second.granted,
            second.notice_version) == (now + timedelta(days=1), None, granted, "v1")


# -- the bin ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["周小满一家", " 周小满一家 "])
def test_a_family_whose_name_was_written_goes_into_the_bin(miao, customer, now, typed):
    delete_family(customer, typed_name=typed, by=miao.head, at=now)

    assert (Customer.objects.present().count(), Customer.objects.count(),
            list(search(Customer.objects.all(), "zxm"))) == (0, 1, [])


@pytest.mark.parametrize("typed", ["", "周小满", "周小满一家人"])
def test_another_name_deletes_nothing(miao, customer, now, typed):
    with pytest.raises(Refused, match="请照写“周小满一家”"):
        delete_family(customer, typed_name=typed, by=miao.head, at=now)

    assert Customer.objects.present().count() == 1


def test_a_family_is_deleted_once(miao, customer, now):
    stale = Customer.objects.get()
    delete_family(customer, typed_name="周小满一家", by=miao.head, at=now)
    with pytest.raises(Refused, match="已经删除了"):
        delete_family(stale, typed_name="周小满一家", by=miao.head, at=now)


@pytest.mark.parametrize(("days", "back"), [(0, True), (RESTORE_DAYS - 1, True), (RESTORE_DAYS, False)])
def test_a_family_comes_back_for_thirty_days(miao, customer, now, days, back):
    delete_family(customer, typed_name="周小满一家", by=miao.head, at=now)
    try:
        restore_family(customer, by=miao.head, at=now + timedelta(days=days))
    except Refused as refusal:
        assert "超过 30 天" in refusal.message

    assert bool(search(Customer.objects.present(), "zxm")) is back


def test_a_family_that_is_there_is_not_restored(miao, customer, now):
    with pytest.raises(Refused):
        restore_family(customer, by=miao.head, at=now)


# -- referrals ------------------------------------------------------------------------------------------------------------------------
def test_somebody_is_introduced_by_name_and_number(miao, customer):
    made = add_referral(customer, name=" 孙 女士 ", phone="139 0013 9000", on=TODAY, by=miao.head)

    assert (made.referred_name, made.phone, made.referred_id, made.counts, made.result) == ("孙女士", "13900139000",
            None, True, "")


def test_a_family_of_the_archive_is_linked(miao, customer):
    known = makers.family("孙小果", "13900139000")

    assert add_referral(customer, name="孙女士", phone="13900139000", on=TODAY, by=miao.head).referred == known


def test_oneself_and_circles_are_refused(miao, customer):
    other = makers.family("孙小果", "13900139000")
    add_referral(other, name="罗女士", phone="13800138000", on=TODAY, by=miao.head)
    for phone, why in (("13800138000", "不能推荐自己"), ("13900139000", "绕成一圈")):
        with pytest.raises(Refused, match=why):
            add_referral(customer, name="x", phone=phone, on=TODAY, by=miao.head)

    assert Referral.objects.count() == 1


# -- the log ------------------------------------------------------------------------------------------------------------------------
def test_every_act_leaves_one_row_in_the_log(miao, customer, now):
    payment = paid(miao, customer)
    refund(payment, amount_fen=1, on=TODAY, by=miao.head)
    log_contact(customer, kind="contact", channel="phone", text="x", by=miao.head, at=now)
    add_referral(customer, name="孙女士", phone="13900139000", on=TODAY, by=miao.head)
    answer_consent(customer.family, guardian=None, granted=True, notice="v1", by=miao.head, at=now)
    end_enrolment(Enrolment.objects.get(), until_on=TODAY, outcome="moved", by=miao.head, at=now)
    delete_family(customer, typed_name=customer.name, by=miao.head, at=now)
    restore_family(customer, by=miao.head, at=now)

    assert verbs() == ["crm.payment_taken", "crm.refunded", "crm.contact_logged", "crm.referral_added",
            "crm.consent_answered",
                       "crm.enrolment_ended", "crm.family_deleted", "crm.family_restored"]


def test_the_log_holds_no_name_and_no_number(miao, now):
    called(miao, now, note="妈妈在医院上班")
    told = str(list(Entry.objects.values_list("data", flat=True)))

    assert not any(word in told for word in ("孙小果", "罗女士", "13900139000", "医院"))


def test_a_member_of_one_campus_learns_nothing_of_another_campuss_family(school, now):
    with tenant_scope(school):
        makers.family("周小满", "13800138000")
        west = Campus.objects.create(code="west", name="西园")
    desk = make_member(school, "frontdesk", "西", [west])
    with tenant_scope(school), pytest.raises(Refused, match="已经登记在别的园所") as refusal:
        add_family(guardian="罗女士", phone="13800138000", relation="mother", child="", born_on=None, campus=west,
                source="", note="", by=desk, at=now)

    assert "周小满" not in refusal.value.message and refusal.value.about is None
