"""今天做错了什么, taken back: each verb by its own way, refused once somebody has built on it, never out of the log."""
from datetime import date, timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from crm import actions, facts, undoing
from crm.models import (
    Attendance,
    Child,
    ClassGroup,
    Concern,
    Consent,
    Customer,
    Enrolment,
    FeeKind,
    IntentRating,
    LessonPackage,
    Payment,
    Referral,
    Satisfaction,
    TimelineEntry,
)
from tenancy.models import Campus
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import NOW, make_member, signed_in

pytestmark = pytest.mark.usefixtures("on_the_day")
TODAY = timezone.localdate(NOW)


@pytest.fixture
def desk(school):
    return make_member(school, "head", "前台长")


def newest(verb):
    return Entry.objects.filter(verb=verb).order_by("-id").first()


def take_back(verb, by):
    undoing.undo(newest(verb), by=by, at=timezone.now())


def test_a_contact_is_taken_back_with_the_complaint_it_opened(school, desk):
    with tenant_scope(school):
        actions.log_contact(makers.family(), kind="complaint", channel="phone", text="午睡室闷热", by=desk,
                at=timezone.now())
        opened = Concern.objects.count()

        take_back("crm.contact_logged", desk)

        assert (opened, Concern.objects.count(), TimelineEntry.objects.count()) == (1, 0, 0)


def test_a_payment_is_taken_back_but_not_once_it_was_refunded(school, desk):
    with tenant_scope(school):
        customer, fee = makers.family(), FeeKind.objects.get(name="保教费")
        paid = actions.take_payment(customer, fee_kind=fee, amount_fen=100_00, paid_on=TODAY, child=None,
                method="微信", receipt="",
                                    by=desk, today=TODAY)
        actions.refund(paid, amount_fen=40_00, on=TODAY, by=desk)
        with pytest.raises(Refused, match="先撤销退费"):
            take_back("crm.payment_taken", desk)

        take_back("crm.refunded", desk)
        take_back("crm.payment_taken", desk)

        assert Payment.objects.count() == 0


def test_a_leaving_is_taken_back_and_the_timeline_forgets_it(school, desk):
    with tenant_scope(school):
        makers.family()
        actions.end_enrolment(Enrolment.objects.get(), until_on=TODAY, outcome="withdrew", by=desk, at=timezone.now())

        take_back("crm.enrolment_ended", desk)

        assert (Enrolment.objects.get().until_on, Enrolment.objects.get().outcome) == (None, "")
        assert TimelineEntry.objects.filter(kind="enrolment").count() == 0


def test_a_leaving_stays_once_the_child_was_enrolled_again(school, desk):
    with tenant_scope(school):
        makers.family()
        child, campus = Child.objects.get(), Campus.objects.get()
        actions.end_enrolment(Enrolment.objects.get(), until_on=TODAY - timedelta(days=1), outcome="withdrew",
                by=desk, at=timezone.now())
        actions.enrol(child, campus=campus, class_group=None, from_on=TODAY, by=desk)

        with pytest.raises(Refused, match="后来又登记了入园"):
            take_back("crm.enrolment_ended", desk)


def test_an_enrolment_is_taken_back_unless_attendance_rests_on_it(school, desk):
    with tenant_scope(school):
        makers.family(enrolled=False)
        child, campus = Child.objects.get(), Campus.objects.get()
        actions.enrol(child, campus=campus, class_group=None, from_on=TODAY, by=desk)
        Attendance.objects.create(child=child, day=TODAY, status="present")
        with pytest.raises(Refused, match="已有考勤"):
            take_back("crm.enrolled", desk)

        Attendance.objects.all().delete()
        take_back("crm.enrolled", desk)

        assert Enrolment.objects.count() == 0


def test_a_change_of_class_is_taken_back_to_the_old_class(school, desk):
    with tenant_scope(school):
        makers.family()
        child, campus = Child.objects.get(), Campus.objects.get()
        other = ClassGroup.objects.create(campus=campus, name="中一班")
        facts.change_class(child, to=other, on=TODAY, by=desk)

        take_back("crm.class_changed", desk)

        only = Enrolment.objects.get()
        assert (only.class_group, only.until_on, only.outcome) == (None, None, "")


def test_a_child_is_taken_back_and_search_forgets_it(school, desk):
    with tenant_scope(school):
        customer = makers.family()
        facts.add_child(customer, name="周小树", born_on=None, sex="", by=desk)

        take_back("crm.child_added", desk)

        assert list(Child.objects.values_list("name", flat=True)) == ["周小满"]


def test_an_answer_of_consent_is_taken_back_and_the_one_before_holds_again(school, desk):
    at = timezone.now()
    with tenant_scope(school):
        customer = makers.family()
        actions.answer_consent(customer.family, guardian=None, granted=True, notice="2", by=desk,
                at=at - timedelta(days=90))
        actions.answer_consent(customer.family, guardian=None, granted=False, notice="3", by=desk, at=at)

        take_back("crm.consent_answered", desk)

        assert list(Consent.objects.values_list("notice_version", "granted", "withdrawn_at")) == [("2", True, None)]


@pytest.mark.parametrize("verb,model,do", [
    ("crm.intent_rated", IntentRating, lambda c, by: facts.rate_intent(
        c, scores=dict.fromkeys(["philosophy", "teaching", "co_education", "eagerness", "likelihood"],
                3), evidence="x", on=TODAY, by=by)),
    ("crm.satisfaction_answered", Satisfaction, lambda c, by: facts.answer(c, score=5, channel="phone", comment="",
            on=TODAY, by=by)),
    ("crm.referral_added", Referral, lambda c, by: actions.add_referral(c, name="李女士", phone="13900139001",
            on=TODAY, by=by)),
    ("crm.lessons_sold", LessonPackage, lambda c, by: facts.sell_lessons(
        c, child=None, course="美术", bought=20, gifted=0, on=TODAY, expires_on=None, by=by)),
])
def test_what_was_only_written_down_is_removed(school, desk, verb, model, do):
    with tenant_scope(school):
        do(makers.family(), desk)

        take_back(verb, desk)

        assert model.objects.count() == 0


def test_a_new_family_goes_to_the_bin_and_a_deleted_one_comes_back(school, desk):
    with tenant_scope(school):
        made = actions.add_family(guardian="罗女士", phone="13800138000", relation="mother", child="周小满", born_on=None,
                                  campus=Campus.objects.get(), source="", note="", by=desk, at=timezone.now())
        take_back("crm.family_added", desk)
        binned = Customer.objects.present().count()

        take_back("crm.family_deleted", desk)

        assert (binned, Customer.objects.present().get()) == (0, made)


def test_only_ones_own_act_of_today_and_only_once(school, desk, head):
    with tenant_scope(school):
        actions.log_contact(makers.family(), kind="contact", channel="phone", text="x", by=desk, at=timezone.now())
        entry = newest("crm.contact_logged")
        with pytest.raises(Refused, match="自己今天"):
            undoing.undo(entry, by=head, at=timezone.now())
        with pytest.raises(Refused, match="自己今天"):
            undoing.undo(entry, by=desk, at=timezone.now() + timedelta(days=1))
        undoing.undo(entry, by=desk, at=timezone.now())

        with pytest.raises(Refused, match="已经撤销过"):
            undoing.undo(entry, by=desk, at=timezone.now())


def test_an_act_without_a_way_back_says_so(school, desk):
    with tenant_scope(school):
        facts.save_guardian(makers.family(), None, name="周先生", relation="father", phone="", by=desk)

        with pytest.raises(Refused, match="不能直接撤销"):
            take_back("crm.guardian_saved", desk)


def test_the_log_keeps_the_act_and_its_undoing(school, desk):
    with tenant_scope(school):
        actions.log_contact(makers.family(), kind="contact", channel="phone", text="x", by=desk, at=timezone.now())
        entry = newest("crm.contact_logged")

        undoing.undo(entry, by=desk, at=timezone.now())

        assert newest("crm.undone").data == {"of": entry.pk, "act": "crm.contact_logged"}
        assert Entry.objects.filter(pk=entry.pk).exists()


def test_my_day_lists_the_acts_and_undoes_one_by_its_button_and_the_last_by_the_key(school, desk):
    with tenant_scope(school):
        customer = makers.family()
        for text in ("第一次", "第二次"):
            actions.log_contact(customer, kind="contact", channel="phone", text=text, by=desk, at=timezone.now())
        first = Entry.objects.filter(verb="crm.contact_logged").order_by("id").first()
    client = signed_in(desk)
    client.post(f"/s/{school.slug}/my-day/undo-last/")
    with tenant_scope(school):
        left = list(TimelineEntry.objects.values_list("text", flat=True))
    client.post(f"/s/{school.slug}/my-day/{first.pk}/undo/")
    page = client.get(f"/s/{school.slug}/my-day/").content.decode()
    assert page.count("周小满一家") == 2  # each act says whom it was about
    nothing = client.post(f"/s/{school.slug}/my-day/undo-last/")

    with tenant_scope(school):
        assert (left, TimelineEntry.objects.count()) == (["第一次"], 0)
    assert page.count("已撤销") >= 2 and nothing.status_code == 409


def test_the_days_of_the_school_are_its_own(school, desk):
    """The way back is offered for the school's own date, whatever the server's."""
    with tenant_scope(school):
        actions.log_contact(makers.family(), kind="contact", channel="phone", text="x", by=desk, at=timezone.now())

        assert undoing.undone_of(desk, date(2020, 1, 1)) == set()
