"""跟进: once a family has left, contacts are owed to it: laid out on open days, logged by channel, late ones told every morning."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from crm.duplicates import merge
from crm.filing import file_lead
from crm.models import Customer, TimelineEntry
from crm.opening import work_calendar
from crm.timetable import add_days
from notifications.models import Message
from reception.booking import book
from reception.following import Contact, drop, note, open_day, plan, put_off, remind
from reception.furnish import FOLLOW
from reception.models import Booking, FollowRule, FollowUp, VisitType
from reception.registering import register
from reception.stages import Step
from reception.visiting import Tap, take_back, take_step
from reception.walkins import walk_in
from tenancy.refusals import Refused
from tests import makers
from tests.conftest import make_member
from tests.reception.makers import MONDAY, slot, wish

CAME = MONDAY  # nine o'clock on Monday the 23rd of November
UNSIGNED = [date(2026, 11, 24), date(2026, 11, 26), date(2026, 11, 30), date(2026, 12, 23)]
SAID = Contact("wechat", "说要跟爷爷奶奶商量", "thinking")


@pytest.fixture
def liang(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def booking(liang, fang, miao) -> Booking:
    made = book(
        slot(),
        wish(child_name="小满", child_data=True),
        cutoff=CAME - timedelta(days=3),
        channel="online",
        at=CAME - timedelta(days=3),
    ).booking
    file_lead(made.lead, title="预约 参观", at=CAME - timedelta(days=3))
    Booking.objects.filter(pk=made.pk).update(host=liang)
    return again(made)


def again(row: Booking) -> Booking:
    return Booking.objects.select_related(
        "slot__type", "slot__campus", "lead__customer", "lead__child", "host"
    ).get(pk=row.pk)


def tap(row: Booking, to: str, seen: str, by, minutes: int = 0) -> None:
    at = CAME + timedelta(minutes=minutes)
    take_step(again(row), Tap(to, seen, at, f"{to}-{row.pk}"), by=by, now=at)


def leave(row: Booking, by, signing: bool = False) -> None:
    tap(row, Step.ARRIVED, Step.BOOKED, by)
    if signing:
        tap(row, Step.SIGNING, Step.ARRIVED, by, 30)
    tap(row, Step.LEFT, Step.SIGNING if signing else Step.ARRIVED, by, 60)


def owed() -> list[date]:
    return [row.due_on for row in FollowUp.objects.open().order_by("due_on", "id")]


# -- the plan ---------------------------------------------------------------------------------------------------------------
def test_leaving_lays_out_the_contacts_for_whoever_received_the_family(booking, liang, fang):
    leave(booking, fang)

    rows = list(FollowUp.objects.select_related("owner"))
    assert [row.due_on for row in rows] == UNSIGNED and {row.owner for row in rows} == {liang}
    assert [(row.channel, row.what) for row in rows] == [
        (channel, what) for after, _d, channel, what, _a in FOLLOW if after == "unsigned"
    ]


def test_who_signed_gets_the_other_plan_with_the_child_asked_for(booking, fang):
    leave(booking, fang, signing=True)

    rows = list(FollowUp.objects.all())
    assert {row.after for row in rows} == {"signed"} and [row.asks_child for row in rows] == [
        False,
        True,
        False,
        True,
    ]


def test_what_would_fall_on_a_closed_day_is_due_on_the_next_open_one(booking, fang, miao):
    add_days(
        work_calendar(),
        first=date(2026, 11, 24),
        last=date(2026, 11, 25),
        kind="closure",
        name="",
        hours="",
        by=miao.head,
    )

    leave(booking, fang)

    assert owed()[:2] == [date(2026, 11, 26), date(2026, 11, 26)]
    assert open_day(booking.slot.campus, date(2026, 11, 28)) == date(2026, 11, 30)  # a weekend


def test_a_school_that_never_opens_again_still_gets_a_day(booking, miao):
    add_days(
        work_calendar(),
        first=date(2026, 11, 24),
        last=date(2027, 11, 20),
        kind="closure",
        name="",
        hours="",
        by=miao.head,
    )

    assert open_day(booking.slot.campus, date(2026, 11, 24)) == date(2026, 11, 24)


def test_a_wrong_tap_on_leaving_takes_the_plan_back(booking, fang):
    leave(booking, fang)

    take_back(again(booking), seen=Step.LEFT, by=fang, now=CAME)

    assert owed() == []


def test_leaving_again_after_a_wrong_tap_owes_each_contact_once(booking, fang):
    leave(booking, fang)
    take_back(again(booking), seen=Step.LEFT, by=fang, now=CAME)

    at = CAME + timedelta(minutes=70)
    take_step(again(booking), Tap(Step.LEFT, Step.ARRIVED, at, "second"), by=fang, now=at)

    assert owed() == UNSIGNED


def test_laying_out_again_adds_nothing(booking, fang):
    leave(booking, fang)

    assert plan(booking, "unsigned", by=fang, at=CAME) == 0 and len(owed()) == 4


def test_signing_later_changes_the_plan_and_keeps_what_was_done(booking, fang, liang):
    leave(booking, fang)
    note(FollowUp.objects.first(), SAID, by=liang, at=CAME + timedelta(days=1))

    plan(booking, "signed", by=fang, at=CAME + timedelta(days=2))

    states = list(FollowUp.objects.order_by("id").values_list("after", "state"))
    assert states == [("unsigned", "done"), *[("unsigned", "dropped")] * 3, *[("signed", "open")] * 4]
    assert owed()[0] == date(2026, 11, 26)  # the day after signing, not after the visit


def test_a_school_s_own_plan_is_kept(booking, fang):
    FollowRule.objects.filter(after="unsigned").exclude(days=3).update(is_open=False)

    leave(booking, fang)

    assert owed() == [date(2026, 11, 26)]


def test_whoever_is_written_down_only_after_leaving_is_followed_up_too(fang, miao):
    row = walk_in(makers.campus(), VisitType.objects.get(code="tour"), key="door", by=fang, at=CAME)
    take_step(again(row), Tap(Step.LEFT, Step.ARRIVED, CAME, "out"), by=fang, now=CAME)
    before = owed()

    register(again(row), wish(), by=fang, at=CAME)

    assert before == []
    assert owed() == UNSIGNED
    assert {row.owner for row in FollowUp.objects.all()} == {fang}


def test_a_registration_before_leaving_lays_out_nothing(booking, fang):
    tap(booking, Step.ARRIVED, Step.BOOKED, fang)

    register(again(booking), wish(child_name="小满", child_data=True), by=fang, at=CAME)

    assert owed() == []


# -- a contact --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def first(booking, fang) -> FollowUp:
    leave(booking, fang)
    return FollowUp.objects.select_related("booking__lead__customer", "booking__lead__child", "owner").first()


def test_a_contact_is_on_the_timeline_with_its_channel_and_answer(first, liang):
    note(first, SAID, by=liang, at=CAME + timedelta(days=1))

    entry = TimelineEntry.objects.get(kind="contact")
    assert (entry.title, entry.text) == ("跟进：谢谢来访，补上没说完的问题，还在考虑", "说要跟爷爷奶奶商量")
    assert (entry.channel, entry.by, entry.child.name) == ("wechat", liang, "小满")
    first.refresh_from_db()
    assert (first.state, first.answer, first.entry, first.by) == ("done", "thinking", entry, liang)


def test_how_the_child_fares_is_kept_and_told(first, liang):
    note(first, Contact("phone", "睡得香", "settled", adaptation=4), by=liang, at=CAME + timedelta(days=1))

    assert FollowUp.objects.get(pk=first.pk).adaptation == 4
    assert TimelineEntry.objects.get(kind="contact").text == "睡得香\n孩子适应：4 分（满分 5 分）"


def test_a_contact_done_twice_is_refused_and_logged_once(first, liang, fang):
    note(first, SAID, by=liang, at=CAME + timedelta(days=1))

    with pytest.raises(Refused, match="已经跟进过了"):
        note(first, SAID, by=fang, at=CAME + timedelta(days=1))

    assert TimelineEntry.objects.filter(kind="contact").count() == 1


def test_speaking_again_on_a_day_is_one_more_contact(first, liang):
    made = note(
        first,
        Contact("phone", "", "warm", again_on=date(2026, 11, 28)),
        by=liang,
        at=CAME + timedelta(days=1),
    )

    assert (made.due_on, made.what, made.owner, made.rule) == (date(2026, 11, 28), "说好再联系", liang, None)


def test_no_contact_is_agreed_on_for_the_past(first, liang):
    with pytest.raises(Refused) as refusal:
        note(
            first,
            Contact("phone", "", "warm", again_on=date(2026, 11, 20)),
            by=liang,
            at=CAME + timedelta(days=1),
        )

    assert refusal.value.field == "again_on" and FollowUp.objects.get(pk=first.pk).state == "open"


def test_whoever_does_not_come_is_left_alone(first, liang):
    note(first, Contact("phone", "选了家门口那家", "lost"), by=liang, at=CAME + timedelta(days=1))

    assert owed() == [] and FollowUp.objects.filter(state="dropped").count() == 3


def test_a_contact_is_dropped_or_put_off(first, liang):
    put_off(first, date(2026, 12, 1), by=liang, at=CAME)
    moved = FollowUp.objects.get(pk=first.pk).due_on
    drop(first, by=liang, at=CAME)

    assert (
        moved == date(2026, 12, 1)
        and FollowUp.objects.get(pk=first.pk).state == "dropped"
        and not TimelineEntry.objects.filter(kind="contact")
    )
    with pytest.raises(Refused, match="已经跟进过了"):
        put_off(first, date(2026, 12, 2), by=liang, at=CAME)


def test_nothing_is_put_off_into_the_past(first, liang):
    with pytest.raises(Refused, match="从今天起"):
        put_off(first, date(2026, 11, 1), by=liang, at=CAME)


def test_after_a_merge_the_contact_goes_to_the_family_that_stayed(first, miao, liang):
    kept = makers.family("周小满", "13800138009", enrolled=False)
    merge(kept, Customer.objects.get(name="小满一家"), take=[], by=miao.head, at=CAME)

    note(
        FollowUp.objects.select_related("booking__lead__customer").get(pk=first.pk),
        SAID,
        by=liang,
        at=CAME + timedelta(days=1),
    )

    assert TimelineEntry.objects.get(kind="contact").customer == kept


@pytest.mark.parametrize("wrong", [{"state": "done"}, {"adaptation": 6}, {"adaptation": 0}])
def test_the_database_keeps_what_a_contact_must_have(first, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.filter(pk=first.pk).update(**wrong)


# -- the morning ------------------------------------------------------------------------------------------------------------
def inbox(member) -> list[str]:
    return list(Message.objects.filter(member=member, read_at=None).values_list("title", flat=True))


def test_each_colleague_hears_once_a_morning_how_many_wait(booking, fang, liang):
    leave(booking, fang)

    told = [remind(at=CAME + timedelta(days=days)) for days in (0, 1, 1, 3)]

    assert told == [0, 1, 1, 1] and inbox(liang) == ["今天要跟进 1 家"] * 2 and inbox(fang) == []


def test_the_line_is_settled_with_the_last_contact_of_the_day(first, liang):
    remind(at=CAME + timedelta(days=1))

    note(first, SAID, by=liang, at=CAME + timedelta(days=1))

    assert inbox(liang) == []


def test_one_s_own_last_contact_leaves_the_others_line(first, liang, fang, booking):
    FollowUp.objects.filter(due_on=UNSIGNED[1]).update(owner=fang, due_on=UNSIGNED[0])
    remind(at=CAME + timedelta(days=1))

    note(first, SAID, by=liang, at=CAME + timedelta(days=1))

    assert inbox(fang) == ["今天要跟进 1 家"] and inbox(liang) == []


def test_whoever_left_the_school_is_not_told(booking, fang, liang):
    leave(booking, fang)
    type(liang).objects.filter(pk=liang.pk).update(is_active=False)

    assert remind(at=CAME + timedelta(days=1)) == 0


def test_every_act_is_in_the_audit(first, liang):
    put_off(first, date(2026, 12, 1), by=liang, at=CAME)
    note(first, SAID, by=liang, at=CAME + timedelta(days=1))

    verbs = (
        Entry.objects.filter(object_type="reception.followup").order_by("id").values_list("verb", flat=True)
    )
    assert list(verbs) == ["reception.follow_up_put_off", "reception.followed_up"]
