"""Telling the desk, the rules and the rights of parents, search in a day's bookings: the verbs behind the pages."""
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from crm.filing import file_lead
from crm.models import Consent, Lead
from crm.opening import work_calendar
from crm.timetable import add_days
from notifications.models import Message
from reception.access import booking_by_token, bookings, changes_until, is_open, slots
from reception.booking import book, cancel, hold, renew_link
from reception.models import Booking, BookingRules, Slot
from reception.places import block, reopen, rules
from reception.queries import day_of, free_slots, row_of, to_call
from reception.rights import ask_deletion, withdraw
from reception.settings import keep_rules, rules_row
from reception.telling import desk_of, of_wish
from tenancy.models import Campus
from tenancy.refusals import Absent, Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.reception.makers import MONDAY, NOW, counted, slot, states, wish

WHEN = {"cutoff": NOW, "channel": "online", "at": NOW}


def made(n: int = 0, here: Slot | None = None, **told):
    return book(here or slot(3), wish(n, **told), **WHEN)


# -- who is told --------------------------------------------------------------------------------------------------------
def test_the_desk_of_a_campus_is_who_books_there(school):
    with tenant_scope(school):
        east, west = makers.campus(), Campus.objects.create(code="west", name="西园")
    for role, name, campuses in [
        ("head", "园长", []),
        ("frontdesk", "都管", []),
        ("frontdesk", "东", [east]),
        ("frontdesk", "西", [west]),
        ("teacher", "老师", []),
        ("supervisor", "主管", []),
    ]:
        make_member(school, role, name, campuses)

    with tenant_scope(school):
        assert {m.name for m in desk_of(east)} == {"都管", "东", "主管"}
        assert {m.name for m in desk_of(west)} == {"都管", "西", "主管"}


def test_who_has_left_is_not_told(school):
    desk = make_member(school, "frontdesk", "走了")
    with tenant_scope(school):
        type(desk).objects.update(is_active=False)

        assert desk_of(makers.campus()) == []


@pytest.mark.parametrize("what", ["withdraw", "delete"])
def test_a_parents_wish_is_told_once(miao, what):
    row = made().booking

    for _ in range(2):
        of_wish(row, what)

    assert Message.objects.filter(member=miao.head).count() == 1


# -- rights of parents --------------------------------------------------------------------------------------------------
def test_withdrawing_before_filing_leaves_no_trace_of_the_child_to_be_filed(miao):
    row = made(child_name="小满", birth_month="2024-05", child_data=True).booking
    withdraw(Booking.objects.get(pk=row.pk), at=NOW)

    customer = file_lead(Lead.objects.get(), title="预约", at=NOW)

    assert customer.name == "罗女士一家"
    assert not customer.family.children.exists()
    assert not Consent.objects.get().granted


def test_withdrawing_after_filing_ends_the_consent_in_force(miao):
    row = made(child_name="小满", child_data=True).booking
    file_lead(Lead.objects.get(), title="预约", at=NOW)

    withdraw(Booking.objects.get(pk=row.pk), at=NOW + timedelta(hours=1))

    assert Consent.objects.get().withdrawn_at == NOW + timedelta(hours=1)


def test_there_is_nothing_to_withdraw_twice(miao):
    row = made(child_data=True).booking
    withdraw(row, at=NOW)

    with pytest.raises(Refused):
        withdraw(row, at=NOW)


def test_a_wish_for_deletion_is_on_record(miao):
    row = made().booking

    ask_deletion(row)

    assert Entry.objects.get(verb="reception.deletion_asked").object_id == row.pk


# -- links --------------------------------------------------------------------------------------------------------------
def test_a_renewed_link_opens_and_the_old_one_does_not(miao):
    first = made()

    second = renew_link(first.booking, by=miao.head)

    assert booking_by_token(second, NOW).pk == first.booking.pk
    with pytest.raises(Absent):
        booking_by_token(first.token, NOW)


@pytest.mark.parametrize(("days", "opens"), [(89, True), (91, False)])
def test_a_link_works_for_some_weeks_after_the_visit(miao, days, opens):
    token = made().token
    later = MONDAY + timedelta(days=days)

    if opens:
        assert booking_by_token(token, later)
    else:
        with pytest.raises(Absent):
            booking_by_token(token, later)


def test_a_hold_is_nobodys_booking(miao):
    kept = hold(slot(), **WHEN)

    with pytest.raises(Absent):
        booking_by_token(kept.token, NOW)
    assert list(bookings(miao.head)) == []


def test_until_when_one_may_change_is_the_schools_to_say(miao):
    row = made().booking
    before = changes_until(row)
    BookingRules.objects.update(change_minutes=60)

    assert (before, changes_until(row)) == (MONDAY - timedelta(hours=2), MONDAY - timedelta(hours=1))


@pytest.mark.parametrize(("state", "open_"), [("booked", True), ("confirmed", True), ("waiting", True), ("arrived",
        False), ("cancelled", False)])
def test_what_is_over_is_not_open_to_its_owner(miao, state, open_):
    row = made().booking
    row.state = state

    assert is_open(row) is open_


# -- rules --------------------------------------------------------------------------------------------------------------
def test_a_school_without_rules_has_the_shipped_ones(miao):
    BookingRules.objects.all().delete()

    assert rules().hold_minutes == 10 and rules_row().pk is not None


def test_changed_rules_hold_at_once(miao):
    rules()
    row = rules_row()
    row.hold_minutes = 3

    keep_rules(row, by=miao.head)

    assert rules().hold_minutes == 3
    assert Entry.objects.filter(verb="reception.rules_kept").count() == 1


@pytest.mark.parametrize(("before", "text", "after"), [("1", "新的", "2"), ("9", "新的", "10"), ("2026版", "新的",
        "1"), ("3", None, "3")])
def test_the_version_of_the_notice_goes_up_with_its_text(miao, before, text, after):
    BookingRules.objects.update(notice_version=before)
    row = rules_row()
    row.notice_text = text or row.notice_text

    keep_rules(row, by=miao.head)

    assert BookingRules.objects.get().notice_version == after


# -- a day and its slots --------------------------------------------------------------------------------------------------
def test_a_day_is_the_campuss(miao):
    made(0, slot(1, NOW.replace(hour=15, minute=59)))  # 23:59 at the campus
    made(1, slot(1, NOW.replace(hour=16, minute=0)))  # midnight: the day after

    assert [len(day_of(miao.head, timezone.localdate(NOW) + timedelta(days=n))) for n in (0, 1, 2)] == [1, 1, 0]


def test_a_row_tells_whose_it_is(miao):
    row = row_of(made(child_name="小满", child_data=True, needs=("午睡", "费用")).booking)

    assert (row.guardian, row.child, row.needs) == ("罗女士", "小满", "午睡、费用")


def test_run_out_holds_are_not_on_the_days_list(miao):
    made()
    Booking.objects.update(state="expired")

    assert day_of(miao.head, MONDAY.date()) == []


def test_free_slots_are_open_ahead_and_not_full(miao):
    here, full = slot(2), slot(1, MONDAY + timedelta(hours=1))
    slot(1, MONDAY + timedelta(hours=2), state="blocked")
    slot(1, NOW - timedelta(hours=1))
    other = slot(1, MONDAY, code="trial")
    made(0, full)

    assert free_slots(miao.head, here.type, here.campus, NOW) == [here]
    assert set(free_slots(miao.head, None, None, NOW)) == {here, other}


def test_whom_to_call_are_those_in_slots_that_are_gone(miao, on_the_day):
    here, fine = slot(2), slot(2, MONDAY + timedelta(hours=1))
    called, _fine, off = made(0, here).booking, made(1, fine).booking, made(2, here).booking
    cancel(off, reason="", at=NOW)
    block(here.pk, "老师请假", by=miao.head)

    assert [one.row.booking for one in to_call(miao.head, NOW)] == [called]


def test_who_is_to_be_called_is_offered_the_nearest_times_of_the_same_kind(miao, on_the_day):
    here = slot(1)
    called = made(0, here).booking
    near = [slot(1, MONDAY + timedelta(hours=n)) for n in (-2, 1, 2, 30)]
    full = slot(1, MONDAY + timedelta(hours=3))
    made(1, full)
    slot(1, MONDAY + timedelta(hours=1), code="trial")
    block(here.pk, "老师请假", by=miao.head)

    assert [(one.row.booking, one.why, one.nearest) for one in to_call(miao.head, NOW)] == [(called, "老师请假", near[:3])]


def test_who_is_to_be_called_for_a_closed_day_is_told_what_the_calendar_calls_it(miao, on_the_day):
    here = slot(1)
    made(0, here)
    add_days(work_calendar(), first=MONDAY.date(), last=MONDAY.date(), kind="closure", name="水管检修", hours="",
            by=miao.head)
    Slot.objects.filter(pk=here.pk).update(state="withdrawn")

    assert [one.why for one in to_call(miao.head, NOW)] == ["水管检修"]


def test_whom_to_call_is_read_in_as_many_statements_for_one_as_for_ten(miao, on_the_day):
    def counted(families):
        here = slot(9, MONDAY + timedelta(minutes=families))
        for n in range(families):
            made(10 * families + n, here)
        block(here.pk, "", by=miao.head)
        with CaptureQueriesContext(connection) as seen:
            to_call(miao.head, NOW)
        return len(seen)

    counted(2)  # who the head is, is read once

    assert counted(1) == counted(9) <= 5


def test_a_slot_is_blocked_and_opened_once(miao):
    here = slot(1)
    block(here.pk, "  老师请假  ", by=miao.head)
    with pytest.raises(Refused):
        block(here.pk, "", by=miao.head)
    reason = Slot.objects.get(pk=here.pk).reason
    reopen(here.pk, at=NOW, by=miao.head)
    with pytest.raises(Refused):
        reopen(here.pk, at=NOW, by=miao.head)

    assert reason == "老师请假" and Slot.objects.get(pk=here.pk).state == "open"


def test_who_waited_for_a_blocked_slot_is_served_when_it_opens(miao):
    here = slot(1)
    row = made(0, here).booking
    waits = book_waiting(here)
    block(here.pk, "", by=miao.head)
    cancel(row, reason="", at=NOW)
    before = states(here)

    reopen(here.pk, at=NOW, by=miao.head)

    assert before == ["cancelled", "waiting"]
    assert Booking.objects.get(pk=waits.pk).state == "offered"
    assert counted(here) == (1, 1)


def book_waiting(here: Slot) -> Booking:
    row = made(1, slot(1, MONDAY + timedelta(hours=5))).booking
    Booking.objects.filter(pk=row.pk).update(slot=here, starts_at=here.starts_at, ends_at=here.ends_at, state="waiting")
    Slot.objects.filter(pk=row.slot_id).update(booked=0)
    return row


def test_slots_and_bookings_are_those_of_ones_campuses(school):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    western = make_member(school, "frontdesk", "西", [west])
    with tenant_scope(school):
        made()
        there = slot(1, campus=west)
        row = made(1, there).booking

        assert list(slots(western)) == [there] and list(bookings(western)) == [row]
