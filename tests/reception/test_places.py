"""The counter of a slot: number of places, blocking and opening again, and who is offered what becomes free."""
from datetime import timedelta

import pytest
from django.db import transaction

from audit.models import Entry
from notifications.models import Outbox
from reception import places
from reception.booking import Wish, book, cancel, hold, join_waitlist
from reception.flow import State
from reception.models import Booking, Slot
from tenancy.refusals import Refused
from tests.reception.makers import MONDAY, NOW, counted, slot, states, wish

WHEN = {"cutoff": NOW, "channel": "online", "at": NOW}


def booked(here: Slot, n: int = 0) -> Booking:
    return book(here, wish(n), **WHEN).booking


def waits(here: Slot, n: int = 0) -> Booking:
    return join_waitlist(here, wish(n), **WHEN)[0].booking


def now(row):
    return type(row).objects.get(pk=row.pk)


def verbs(row) -> list[str]:
    """What the audit says of a row, the latest first."""
    return [entry.verb.removeprefix("reception.") for entry in Entry.objects.filter(object_id=row.pk,
            object_type=row._meta.label_lower)]


def refused(act) -> tuple:
    with pytest.raises(Refused) as refusal, transaction.atomic():
        act()
    return refusal.value.message, refusal.value.field, refusal.value.code


# -- number of places -------------------------------------------------------------------------------------------------------
def test_a_slot_may_have_exactly_as_many_places_as_are_taken(miao):
    here = slot(3)
    booked(here)

    told = places.resize(here.pk, 1, at=NOW, by=miao.head)

    assert (told.capacity, now(here).capacity, now(here).by_hand, verbs(here)) == (1, 1, True, ["slot_resized"])


def test_fewer_than_are_taken_are_refused_at_the_field(miao):
    here = slot(2)
    booked(here), booked(here, 1)

    assert refused(lambda: places.resize(here.pk, 1, at=NOW)) == ("已经约了 2 组，先挪走 1 组再减。", "capacity",
            "capacity_below")
    assert now(here).capacity == 2


def test_what_the_sweep_sets_is_neither_by_hand_nor_on_the_record(miao):
    here = slot(2)
    places.resize(here.pk, 3, at=NOW, by_hand=False)

    assert (now(here).capacity, now(here).by_hand, verbs(here)) == (3, False, [])


# -- blocked and opened again -------------------------------------------------------------------------------------------------
def test_a_blocked_slot_says_why_and_keeps_its_bookings(miao):
    here = slot(2)
    booked(here)
    places.block(here.pk, "  老师病了" + "。" * 90, by=miao.head)

    assert (now(here).state, now(here).reason, verbs(here)) == ("blocked", "老师病了" + "。" * 76, ["slot_blocked"])
    assert counted(here) == (1, 1)


@pytest.mark.parametrize("state", [Slot.State.BLOCKED, Slot.State.WITHDRAWN])
def test_only_an_open_slot_is_blocked(miao, state):
    here = slot(2, state=state, reason="早先")

    assert refused(lambda: places.block(here.pk, "又来", by=miao.head)) == ("这个时段已经不开放了。", None, "changed")
    assert now(here).reason == "早先"


def test_a_slot_that_opens_again_serves_who_waited(miao):
    here = slot(1)
    gone, next_ = booked(here), waits(here, 1)
    places.block(here.pk, "老师病了", by=miao.head)
    cancel(gone, reason="", at=NOW)

    told = places.reopen(here.pk, at=NOW, by=miao.head)

    assert (told.state, now(here).state, now(here).reason, verbs(here)[0]) == ("open", "open", "", "slot_opened")
    assert now(next_).state == State.OFFERED and counted(here) == (1, 1)


@pytest.mark.parametrize("state", [Slot.State.OPEN, Slot.State.WITHDRAWN])
def test_only_a_blocked_slot_is_opened_again(miao, state):
    here = slot(2, state=state)

    assert refused(lambda: places.reopen(here.pk, at=NOW, by=miao.head)) == (
        "只有停用的时段可以恢复；园历里不开放的，请改园历。", None, "changed")
    assert now(here).state == state


# -- offers and holds ---------------------------------------------------------------------------------------------------------
def test_an_offer_is_a_new_version_on_the_record_and_runs_out_by_itself(miao):
    here = slot(1)
    gone, next_ = booked(here), waits(here, 1)
    Outbox.objects.all().delete()
    cancel(gone, reason="", at=NOW)

    offered = now(next_)
    told = dict(Outbox.objects.exclude(topic="reception.changed").values_list("topic", "due_at"))
    assert (offered.state, offered.version, verbs(next_)[0]) == (State.OFFERED, next_.version + 1, "offered")
    assert told[places.EXPIRE] == offered.expires_at == NOW + timedelta(minutes=places.rules().offer_minutes)
    assert places.OFFERED in told


def test_what_runs_out_is_a_new_version(miao):
    kept = hold(slot(1), **WHEN).booking

    assert places.expire(kept.pk, at=NOW + timedelta(minutes=11)) is True
    assert (now(kept).state, now(kept).version) == (State.EXPIRED, kept.version + 1)


def test_where_nothing_has_run_out_nothing_is_released(miao):
    here = slot(1)
    kept = hold(here, **WHEN).booking

    assert (places.release_run_out(here.pk, at=NOW), places.release_run_out(here.pk, at=kept.expires_at)) == (0, 1)
    assert states(here) == [State.EXPIRED] and counted(here) == (0, 0)


@pytest.mark.parametrize(("fields", "cutoff", "taken"), [
    ({}, NOW, True), ({}, MONDAY - timedelta(seconds=1), True), ({}, MONDAY, False), ({"booked": 1}, NOW, False),
    ({"state": "blocked"}, NOW, False), ({"state": "withdrawn"}, NOW, False)])
def test_a_place_is_taken_of_an_open_slot_that_has_one_and_begins_after_the_cutoff(miao, fields, cutoff, taken):
    here = slot(1, **fields)
    before = here.booked

    assert places.take(here.pk, cutoff) is taken and now(here).booked == before + taken


def test_a_place_of_another_slot_is_not_taken(miao):
    here, other = slot(2), slot(2, MONDAY + timedelta(hours=1))
    places.take(here.pk, NOW)

    assert (now(here).booked, now(other).booked, places.take(10**12, NOW)) == (1, 0, False)


# -- what a wish says of itself -------------------------------------------------------------------------------------------------
def test_a_wish_that_says_nothing_agrees_to_nothing():
    said = Wish("罗女士", "13800138000")

    assert (said.child_data, said.needs) == (False, ())
    assert {said.notice_version, said.child_name, said.birth_month, said.course, said.special, said.source,
            said.email, said.when,
            said.language} == {""}
