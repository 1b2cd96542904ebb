"""The one booking action: what each verb leaves, what it refuses, and that the counter equals the rows."""
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from crm.models import Lead
from notifications.models import Outbox
from reception import places
from reception.booking import (
    CHANGED,
    MADE,
    SlotFull,
    accept,
    book,
    book_held,
    cancel,
    come,
    confirm,
    hold,
    is_early,
    join_waitlist,
    let_go,
    move,
    renew_link,
    token_hash,
)
from reception.flow import State
from reception.models import Booking, BookingRules, Slot
from tenancy.promises import broken_promise
from tenancy.refusals import Absent, Refused
from tests.reception.makers import MONDAY, NOW, counted, slot, states, wish

WHEN = {"cutoff": NOW, "channel": "online", "at": NOW}
LATER = NOW + timedelta(minutes=11)  # a hold lasts ten


def booked(here: Slot, n: int = 0) -> Booking:
    return book(here, wish(n), **WHEN).booking


def waits(here: Slot, n: int = 0) -> Booking:
    return join_waitlist(here, wish(n), **WHEN)[0].booking


# -- booking ----------------------------------------------------------------------------------------------------------
def test_a_booking_leaves_lead_audit_and_outbox_and_takes_a_place(miao):
    here = slot(2)

    made = book(here, wish(child_name="小满", birth_month="2024-05", child_data=True), **WHEN)

    assert counted(here) == (1, 1)
    assert made.booking.state == State.BOOKED
    assert len(made.booking.reference) == 8
    assert Lead.objects.get().told() == {
        "guardian_name": "罗女士",
        "phone": "13800130000",
        "child_name": "小满",
        "birth_month": "2024-05",
        "needs": ["午睡"],
    }
    assert Entry.objects.get(verb="reception.booked").object_id == made.booking.pk
    assert Outbox.objects.get(topic=MADE).payload == {"booking": made.booking.pk}


def test_what_was_typed_is_sealed_and_the_token_is_kept_as_a_hash(miao):
    made = book(slot(), wish(), **WHEN)
    lead = Lead.objects.get()

    assert b"1380013" not in bytes(lead.typed_sealed)
    assert lead.phone_tail == "0000"
    assert lead.phone_index != "13800130000"
    assert made.token.startswith(miao.public_id)
    assert made.booking.token_hash == token_hash(made.token) != made.token


def test_the_last_place_is_taken_once_and_the_nearest_others_are_named(miao):
    here = slot(1)
    next_, full, other = slot(2, MONDAY + timedelta(hours=1)), slot(1, MONDAY + timedelta(hours=2)), slot(1, code="trial")
    booked(here, 1)
    booked(full, 2)

    with pytest.raises(SlotFull) as refusal, transaction.atomic():
        book(here, wish(3), **WHEN)

    assert refusal.value.alternatives == [next_] and other not in refusal.value.alternatives
    assert counted(here) == (1, 1) and Lead.objects.count() == 2


def test_earlier_slots_are_named_when_there_is_no_later_one(miao):
    early, late = slot(1, MONDAY - timedelta(hours=2)), slot(1)
    booked(late)

    with pytest.raises(SlotFull) as refusal, transaction.atomic():
        book(late, wish(1), **WHEN)

    assert refusal.value.alternatives == [early]


@pytest.mark.parametrize("state", ["blocked", "withdrawn"])
def test_a_slot_that_is_not_open_takes_nobody(miao, state):
    here = slot(1, state=state)

    with pytest.raises(SlotFull), transaction.atomic():
        book(here, wish(), **WHEN)

    assert counted(here) == (0, 0)


@pytest.mark.parametrize(("cutoff", "taken"), [(MONDAY - timedelta(seconds=1), 1), (MONDAY, 0),
        (MONDAY + timedelta(hours=1), 0)])
def test_a_slot_is_bookable_until_its_cutoff(miao, cutoff, taken):
    here = slot(1)

    try:
        with transaction.atomic():
            book(here, wish(), cutoff=cutoff, channel="online", at=NOW)
    except SlotFull:
        pass

    assert counted(here) == (taken, taken)


def test_the_database_itself_oversells_nothing(miao):
    here = slot(1)
    booked(here)

    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Slot.objects.filter(pk=here.pk).update(booked=2)

    assert broken_promise(error.value) == "这个时段约满了。"


def test_a_booking_must_be_somebodys(miao):
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=hold(slot(), **WHEN).booking.pk).update(state=State.BOOKED, expires_at=None)


def test_a_booking_is_few_statements(miao):
    here = Slot.objects.select_related("type").get(pk=slot(1).pk)

    with CaptureQueriesContext(connection) as queries:
        book(here, wish(), lead_id=10**6, **WHEN)

    assert len(queries) == 5  # lead, booking, audit, outbox, place


# -- leaving the form ----------------------------------------------------------------------------------------------------
def test_a_hold_that_is_let_go_gives_its_place_back_at_once(miao):
    here = slot(1)
    kept = hold(here, **WHEN).booking

    let_go(kept, at=NOW)

    assert counted(here) == (0, 0) and states(here) == ["expired"]


def test_a_place_that_is_let_go_is_offered_to_who_waits(miao):
    here = slot(1)
    kept = hold(here, **WHEN).booking
    waits(here, 1)

    let_go(kept, at=NOW)

    assert counted(here) == (1, 1) and states(here) == ["expired", "offered"]


def test_letting_go_twice_gives_one_place_back(miao):
    here = slot(2)
    kept = hold(here, **WHEN).booking
    booked(here)

    for _ in range(2):
        let_go(kept, at=NOW)

    assert counted(here) == (1, 1)


def test_a_hold_that_became_a_booking_is_not_let_go(miao):
    here = slot(1)
    kept = hold(here, **WHEN).booking
    book_held(kept, wish(), **WHEN)

    let_go(kept, at=NOW)

    assert counted(here) == (1, 1) and states(here) == ["booked"]


# -- coming, and not before the day ---------------------------------------------------------------------------------------
MIDNIGHT = MONDAY.replace(hour=0) - timedelta(hours=8)  # when the Monday begins at the campus


@pytest.mark.parametrize("verb", ["arrive", "miss"])
def test_nobody_comes_or_stays_away_before_the_day(miao, verb):
    row = booked(slot())

    with pytest.raises(Refused, match="约的是 11-23，还没到那天") as refusal, transaction.atomic():
        come(row, verb, by=None, at=MIDNIGHT - timedelta(seconds=1))

    assert refusal.value.code == "too_early" and Booking.objects.get().state == State.BOOKED


@pytest.mark.parametrize(("at", "early"), [(NOW, True), (MIDNIGHT - timedelta(seconds=1), True), (MIDNIGHT, False),
        (MONDAY, False), (MONDAY + timedelta(days=3), False)])
def test_the_day_begins_at_the_campuss_midnight(miao, at, early):
    row = booked(slot())

    assert is_early(row, at) == early


def test_a_mark_made_by_mistake_is_taken_back_on_any_day(miao):
    row = booked(slot())
    come(row, "miss", by=None, at=MONDAY)

    come(row, "recall", by=None, at=NOW)

    assert Booking.objects.get().state == State.CONFIRMED


# -- hold -------------------------------------------------------------------------------------------------------------
def test_a_hold_takes_a_place_and_comes_free_by_itself(miao):
    here = slot(1)
    kept = hold(here, **WHEN).booking

    with pytest.raises(SlotFull), transaction.atomic():
        booked(here)
    due = Outbox.objects.get(topic=places.EXPIRE)
    early, late = places.expire(kept.pk, at=NOW), places.expire(kept.pk, at=due.due_at)

    assert due.due_at == NOW + timedelta(minutes=10) and (early, late) == (False, True)
    assert counted(here) == (0, 0) and states(here) == [State.EXPIRED]


def test_how_long_a_hold_lasts_is_the_schools_to_say(miao):
    BookingRules.objects.update(hold_minutes=3)

    assert hold(slot(), **WHEN).booking.expires_at == NOW + timedelta(minutes=3)


def test_a_hold_becomes_a_booking_and_the_counter_stays(miao):
    here = slot(1)
    kept = hold(here, **WHEN)

    made = book_held(kept.booking, wish(), **WHEN)

    assert counted(here) == (1, 1) and states(here) == [State.BOOKED] and made.token != kept.token
    assert places.expire(kept.booking.pk, at=LATER) is False and counted(here) == (1, 1)


def test_a_hold_that_has_run_out_is_booked_anew_while_there_is_a_place(miao):
    here = slot(1)
    kept = hold(here, **WHEN).booking

    made = book_held(kept, wish(), cutoff=NOW, channel="online", at=LATER)

    assert made.booking.pk != kept.pk
    assert counted(here) == (1, 1)
    assert states(here) == [State.EXPIRED, State.BOOKED]
    assert Lead.objects.count() == 1


def test_a_hold_that_has_run_out_and_whose_place_is_gone_is_refused(miao):
    here = slot(1)
    kept = hold(here, **WHEN).booking
    book(here, wish(1), cutoff=NOW, channel="online", at=LATER)

    with pytest.raises(SlotFull), transaction.atomic():
        book_held(kept, wish(2), cutoff=NOW, channel="online", at=LATER)

    assert counted(here) == (1, 1)


def test_a_run_out_hold_stands_in_nobodys_way_even_before_it_is_swept(miao):
    here = slot(1)
    hold(here, **WHEN)

    book(here, wish(), cutoff=NOW, channel="online", at=LATER)

    assert states(here) == [State.EXPIRED, State.BOOKED] and counted(here) == (1, 1)


# -- cancel, confirm, come --------------------------------------------------------------------------------------------
def test_a_cancelled_booking_gives_its_place_back_once(miao):
    here = slot(1)
    row = booked(here)
    cancel(row, reason="孩子发烧", at=NOW)

    with pytest.raises(Refused) as refusal:
        cancel(row, reason="", at=NOW)

    assert refusal.value.code == "changed" and "已取消" in refusal.value.message
    assert counted(here) == (0, 0) and Booking.objects.get().reason == "孩子发烧"


def test_a_booking_is_confirmed_once(miao):
    row = booked(slot(1))
    confirm(row, by=miao.head)

    with pytest.raises(Refused):
        confirm(row, by=miao.head)

    assert Booking.objects.get().state == State.CONFIRMED
    assert Entry.objects.get(verb="reception.confirmed").actor == miao.head


@pytest.mark.parametrize(
    ("verbs", "state"),
    [
        (["arrive"], State.ARRIVED),
        (["miss"], State.NO_SHOW),
        (["arrive", "recall"], State.CONFIRMED),
        (["miss", "recall", "arrive"], State.ARRIVED),
    ],
)
def test_who_comes_or_does_not_keeps_the_place(miao, verbs, state):
    here = slot(1)
    row = booked(here)

    for verb in verbs:
        come(row, verb, by=miao.head, at=MONDAY)

    assert states(here) == [state] and counted(here) == (1, 1)


@pytest.mark.parametrize("verb", ["miss", "arrive"])
def test_who_has_come_cannot_come_again_or_be_missed(miao, verb):
    row = booked(slot(1))
    come(row, "arrive", by=miao.head, at=MONDAY)

    with pytest.raises(Refused) as refusal:
        come(row, verb, by=miao.head, at=MONDAY)

    assert "已到访" in refusal.value.message


def test_who_looked_at_an_older_version_is_refused(miao):
    here = slot(1)
    row = booked(here)
    confirm(row, by=miao.head, version=1)

    for verb in (
        lambda: cancel(row, reason="", at=NOW, version=1),
        lambda: come(row, "arrive", by=miao.head, version=1, at=MONDAY),
        lambda: move(row, slot(1, MONDAY + timedelta(hours=3)), cutoff=NOW, at=NOW, version=1),
    ):
        with pytest.raises(Refused), transaction.atomic():
            verb()

    assert states(here) == [State.CONFIRMED] and counted(here) == (1, 1)


# -- move -------------------------------------------------------------------------------------------------------------
def test_a_booking_moves_to_another_slot(miao):
    old, new = slot(1), slot(1, MONDAY + timedelta(hours=1))
    row = booked(old)
    confirm(row, by=miao.head)

    move(row, new, cutoff=NOW, at=NOW)

    row.refresh_from_db()
    assert (counted(old), counted(new)) == ((0, 0), (1, 1))
    assert (row.slot_id, row.starts_at, row.state) == (new.pk, new.starts_at, State.BOOKED)


def test_a_move_into_a_full_slot_is_refused_and_the_old_place_stays(miao):
    old, full = slot(1), slot(1, MONDAY + timedelta(hours=1))
    row = booked(old)
    booked(full, 1)

    with pytest.raises(SlotFull):
        move(row, full, cutoff=NOW, at=NOW)

    assert (counted(old), counted(full)) == ((1, 1), (1, 1))
    assert Booking.objects.get(pk=row.pk).slot_id == old.pk


def test_moving_to_where_one_is_changes_nothing(miao):
    here = slot(1)
    row = booked(here)

    move(row, here, cutoff=NOW, at=NOW)

    assert counted(here) == (1, 1) and Booking.objects.get().version == 1


def test_a_cancelled_booking_does_not_move(miao):
    old, new = slot(1), slot(1, MONDAY + timedelta(hours=1))
    row = booked(old)
    cancel(row, reason="", at=NOW)

    with pytest.raises(Refused):
        move(row, new, cutoff=NOW, at=NOW)

    assert (counted(old), counted(new)) == ((0, 0), (0, 0))


# -- waiting ----------------------------------------------------------------------------------------------------------
def test_a_freed_place_is_offered_to_who_waits_first_and_nobody_can_snatch_it(miao):
    here = slot(1)
    row = booked(here)
    first, second = waits(here, 1), waits(here, 2)

    cancel(row, reason="", at=NOW)
    with pytest.raises(SlotFull), transaction.atomic():
        booked(here, 3)

    assert states(here) == [State.CANCELLED, State.OFFERED, State.WAITING]
    assert counted(here) == (1, 1)
    accept(Booking.objects.get(pk=first.pk), at=NOW)
    assert states(here) == [State.CANCELLED, State.BOOKED, State.WAITING]
    assert second.state == State.WAITING


def test_an_offer_that_runs_out_goes_to_the_next(miao):
    here = slot(1)
    row = booked(here)
    first, _second = waits(here, 1), waits(here, 2)
    cancel(row, reason="", at=NOW)

    places.expire(first.pk, at=NOW + timedelta(minutes=61))

    assert states(here) == [State.CANCELLED, State.EXPIRED, State.OFFERED]
    assert counted(here) == (1, 1)
    with pytest.raises(Refused):
        accept(first, at=NOW)


def test_an_offer_is_accepted_once_and_not_after_its_time(miao):
    here = slot(1)
    row = booked(here)
    first = waits(here, 1)
    cancel(row, reason="", at=NOW)
    first.refresh_from_db()

    with pytest.raises(Refused):
        accept(first, at=first.expires_at)
    accept(first, at=NOW)
    with pytest.raises(Refused):
        accept(first, at=NOW)

    assert counted(here) == (1, 1)


def test_an_offer_lasts_no_longer_than_until_the_visit(miao):
    here = slot(1)
    row = booked(here)
    first = waits(here, 1)

    cancel(row, reason="", at=MONDAY - timedelta(minutes=20))

    first.refresh_from_db()
    assert first.expires_at == MONDAY


def test_when_the_visit_begins_its_place_is_offered_to_nobody_any_more(miao):
    here = slot(1)
    row, _first = booked(here), waits(here, 1)

    cancel(row, reason="", at=MONDAY)

    assert states(here) == [State.CANCELLED, State.WAITING] and counted(here) == (0, 0)


def test_a_slot_that_is_not_there_is_said_to_be_absent(miao):
    with pytest.raises(Absent) as absence:
        places.locked(slot().pk, 10**12)

    assert (absence.value.message, absence.value.code) == ("没有这个时段。", "not_found")


def test_nobody_waits_for_a_slot_that_has_a_place(miao):
    with pytest.raises(Refused) as refusal, transaction.atomic():
        waits(slot(1))

    assert refusal.value.code == "changed" and "直接预约" in refusal.value.message


@pytest.mark.parametrize("fields", [{"state": "blocked"}, {"state": "withdrawn"}, {"starts_at": NOW - timedelta(hours=1)}])
def test_nobody_waits_for_a_slot_that_takes_nobody(miao, fields):
    with pytest.raises(SlotFull), transaction.atomic():
        waits(slot(1, **fields))


def test_the_place_in_the_queue_is_told(miao):
    here = slot(1)
    booked(here)

    assert [join_waitlist(here, wish(n), **WHEN)[1] for n in (1, 2, 3)] == [1, 2, 3]


def test_who_stops_waiting_leaves_the_queue_and_no_place(miao):
    here = slot(1)
    booked(here)
    first, _second = waits(here, 1), waits(here, 2)

    cancel(first, reason="", at=NOW)

    assert states(here) == [State.BOOKED, State.CANCELLED, State.WAITING]
    assert counted(here) == (1, 1)


def test_an_offer_that_is_turned_down_goes_to_the_next(miao):
    here = slot(1)
    row = booked(here)
    first, _second = waits(here, 1), waits(here, 2)
    cancel(row, reason="", at=NOW)

    cancel(first, reason="", at=NOW)

    assert states(here)[1:] == [State.CANCELLED, State.OFFERED] and counted(here) == (1, 1)


# -- what every act leaves, and how every refusal is worded ---------------------------------------------------------------
def offered(here: Slot) -> Booking:
    """Somebody who waited and has been offered the place of somebody who cancelled."""
    row, next_ = booked(here, 7), waits(here, 8)
    cancel(row, reason="", at=NOW)
    next_.refresh_from_db()
    return next_


ACTS = {  # what is done with a row of which kind; its audit verb; what the outbox is told, None for nothing
    "accept": (offered, lambda row, by: accept(row, at=NOW), "accepted", {"what": "accept"}),
    "confirm": (booked, lambda row, by: confirm(row, by=by), "confirmed", None),
    "cancelled by the parent": (booked, lambda row, by: cancel(row, reason="", at=NOW), "cancelled",
            {"what": "cancel", "by_school": False}),
    "cancelled by the school": (booked, lambda row, by: cancel(row, reason="", at=NOW, by=by), "cancelled",
                                {"what": "cancel", "by_school": True}),
    "move": (booked, lambda row, by: move(row, slot(1, MONDAY + timedelta(hours=1)), cutoff=NOW, at=NOW, by=by),
            "moved", {"what": "move"}),
    "arrive": (booked, lambda row, by: come(row, "arrive", by=by, at=MONDAY), "arrived", {"what": "arrive"}),
    "miss": (booked, lambda row, by: come(row, "miss", by=by, at=MONDAY), "no_show", {"what": "miss"}),
}


@pytest.mark.parametrize(("make", "act", "verb", "told"), ACTS.values(), ids=ACTS.keys())
def test_every_act_raises_the_version_and_leaves_its_audit_row_and_its_word_to_the_outbox(miao, make, act, verb, told):
    row = make(slot())
    before = Booking.objects.get(pk=row.pk).version
    Outbox.objects.all().delete()
    act(row, miao.head)

    told_since = [o.payload for o in Outbox.objects.filter(topic=CHANGED)]
    assert Booking.objects.get(pk=row.pk).version == before + 1
    assert Entry.objects.filter(object_id=row.pk).first().verb == f"reception.{verb}"
    assert told_since == ([] if told is None else [{"booking": row.pk} | told])


def test_a_hold_that_becomes_a_booking_and_who_waits_are_on_the_record(miao):
    kept = hold(slot(), **WHEN).booking
    book_held(kept, wish(), **WHEN)
    full = slot(1, MONDAY + timedelta(hours=1))
    booked(full, 1)
    waiting = waits(full, 2)

    assert [Entry.objects.filter(object_id=row.pk).first().verb for row in (kept, waiting)] == ["reception.booked",
            "reception.waiting"]


def test_a_full_slot_is_refused_in_a_parents_words_and_names_five_others_at_most(miao):
    here = slot(1)
    others = [slot(1, MONDAY + timedelta(hours=n)) for n in range(1, 8)]
    booked(here)

    with pytest.raises(SlotFull) as refusal, transaction.atomic():
        booked(here, 1)

    said = refusal.value
    assert (said.message, said.field, said.code) == ("这个时段刚刚约满了，请换一个时间。", "slot", "slot_full")
    assert said.alternatives == others[:5]


def test_who_need_not_wait_is_told_to_book(miao):
    with pytest.raises(Refused) as refusal, transaction.atomic():
        waits(slot(1))

    assert (refusal.value.message, refusal.value.field) == ("这个时段还有位，直接预约就行。", "slot")


def test_nobody_waits_for_a_slot_from_its_cutoff_on(miao):
    here = slot(1)
    booked(here)

    with pytest.raises(SlotFull), transaction.atomic():
        join_waitlist(here, wish(1), cutoff=MONDAY, channel="online", at=NOW)

    assert join_waitlist(here, wish(1), cutoff=MONDAY - timedelta(seconds=1), channel="online", at=NOW)[1] == 1


@pytest.mark.parametrize(("is_there", "state"), [(True, "已过期"), (False, "已取消")])
def test_who_comes_too_late_is_told_what_it_is_now(miao, is_there, state):
    row = hold(slot(), **WHEN).booking
    if is_there:
        let_go(row, at=NOW)
    else:
        Booking.objects.filter(pk=row.pk).delete()

    with pytest.raises(Refused) as refusal, transaction.atomic():
        confirm(row, by=miao.head)

    assert (refusal.value.message, refusal.value.code) == (f"这个预约刚刚变了，现在是“{state}”。", "changed")


def test_who_comes_before_the_day_is_told_what_to_do(miao):
    with pytest.raises(Refused) as refusal, transaction.atomic():
        come(booked(slot()), "arrive", by=None, at=NOW)

    assert refusal.value.message == "约的是 11-23，还没到那天。今天就来了的，先改到今天，或者登记临时到访。"


def test_a_long_reason_is_cut_to_what_is_kept(miao):
    row = booked(slot())
    cancel(row, reason="太" * 81, at=NOW)

    assert Booking.objects.get().reason == "太" * 80


# -- number of places, blocking -----------------------------------------------------------------------------------------
def test_more_places_are_offered_to_those_who_wait(miao):
    here = slot(1)
    booked(here)
    for n in (1, 2, 3):
        waits(here, n)

    places.resize(here.pk, 3, at=NOW)

    assert states(here) == [State.BOOKED, State.OFFERED, State.OFFERED, State.WAITING]
    assert counted(here) == (3, 3)


def test_fewer_places_than_are_taken_are_refused_with_how_many_must_move(miao):
    here = slot(3)
    for n in range(3):
        booked(here, n)

    with pytest.raises(Refused) as refusal:
        places.resize(here.pk, 1, at=NOW)

    assert refusal.value.message == "已经约了 3 组，先挪走 2 组再减。" and counted(here) == (3, 3)


def test_a_blocked_slot_offers_nothing_when_somebody_cancels(miao):
    here = slot(1)
    row = booked(here)
    waits(here, 1)
    Slot.objects.filter(pk=here.pk).update(state="blocked")

    cancel(row, reason="", at=NOW)

    assert states(here) == [State.CANCELLED, State.WAITING] and counted(here) == (0, 0)


# -- a link that was lost ---------------------------------------------------------------------------------------------------
def test_every_new_link_is_another_and_only_the_last_one_opens(miao):
    made = book(slot(), wish(), **WHEN)

    links = [made.token, *(renew_link(made.booking, by=miao.head) for _ in range(3))]

    assert len(set(links)) == 4 and Booking.objects.get().token_hash == token_hash(links[-1])
    assert Entry.objects.filter(verb="reception.link_renewed").count() == 3
