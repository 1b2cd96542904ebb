"""The counter of a slot, and who gets a place that becomes free. Nothing else writes ``Slot.booked`` (SPEC B10).

Every transaction that frees a place or looks whether one is free for somebody who waits holds the slot's row; a booking
takes its place by one conditional update, last of all. So the counter equals the rows, and no place stands empty while
somebody waits for it. Slots are locked before bookings, and several slots in the order of their ids.
"""
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from audit.actions import record
from notifications.actions import later
from reception.flow import State
from reception.models import Booking, BookingRules, Slot
from reception.models.types import rules_key
from tenancy.models import Membership
from tenancy.prepared import Prepared
from tenancy.refusals import Absent, Refused
from tenancy.remembered import remembered
from tenancy.scope import current_tenant_id

EXPIRE, OFFERED = "reception.expire", "reception.offered"
TAKE = """
UPDATE reception_slot SET booked = booked + 1 WHERE tenant_id = %s AND id = %s AND state = %s AND starts_at > %s AND booked < capacity
"""
_ANY_RUN_OUT: Prepared[Booking] = Prepared(lambda slot, at: Booking.objects.run_out(at).filter(slot=slot), slot=int, at=datetime)


def take(slot_id: int, cutoff: datetime) -> bool:
    """One place of an open slot that begins after the cutoff; False when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [current_tenant_id(), slot_id, Slot.State.OPEN, cutoff])
        return bool(cursor.rowcount)


def locked(*slot_ids: int) -> dict[int, Slot]:
    """The slots, held until the end of the transaction, in the order of their ids. Raises Absent when one is not there."""
    rows = Slot.objects.select_for_update(no_key=True).select_related(None).filter(pk__in=slot_ids).order_by("pk")
    found = {slot.pk: slot for slot in rows}
    if len(found) != len(set(slot_ids)):
        raise Absent(_("没有这个时段。"), code="not_found")
    return found


def give_back(slot: Slot, *, at: datetime) -> None:
    """A place of a locked slot becomes free: whoever waits first gets it offered, else the counter goes down."""
    if offer_next(slot, at=at) is None:
        Slot.objects.filter(pk=slot.pk).update(booked=F("booked") - 1)


def fill(slot: Slot, *, at: datetime) -> int:
    """Offer every free place of a locked slot to those who wait. Returns how many were offered."""
    offered = 0
    while slot.booked + offered < slot.capacity and offer_next(slot, at=at) is not None:
        offered += 1
    if offered:
        Slot.objects.filter(pk=slot.pk).update(booked=F("booked") + offered)
    return offered


def offer_next(slot: Slot, *, at: datetime) -> Booking | None:
    """Keep a place for the first who waits, until the offer or the time before the visit runs out."""
    if slot.state != Slot.State.OPEN or slot.starts_at <= at:
        return None
    until = min(at + timedelta(minutes=rules().offer_minutes), slot.starts_at)
    for row in Booking.objects.waiting().filter(slot=slot)[:20]:
        if Booking.objects.filter(pk=row.pk, state=State.WAITING).update(state=State.OFFERED, expires_at=until, version=F("version") + 1):
            later(EXPIRE, due_at=until, booking=row.pk)
            later(OFFERED, booking=row.pk)
            record(None, "reception.offered", row, slot=slot.pk)
            return row
    return None


def release_run_out(slot_id: int, *, at: datetime) -> int:
    """Holds and offers of a slot whose time is over give their places back. Returns how many there were."""
    if _ANY_RUN_OUT.first(slot=slot_id, at=at) is None:
        return 0
    slot = locked(slot_id)[slot_id]
    over = [row.pk for row in Booking.objects.run_out(at).filter(slot=slot_id).order_by("pk")]
    return sum(_expire(pk, slot, at) for pk in over)


def expire(booking_id: int, *, at: datetime) -> bool:
    """End a hold or an offer whose time is over; anything else stays as it is."""
    row = Booking.objects.run_out(at).filter(pk=booking_id).first()
    return row is not None and bool(_expire(row.pk, locked(row.slot_id)[row.slot_id], at))


def _expire(booking_id: int, slot: Slot, at: datetime) -> bool:
    ended = Booking.objects.run_out(at).filter(pk=booking_id, slot=slot).update(state=State.EXPIRED, version=F("version") + 1)
    if ended:
        give_back(slot, at=at)
    return bool(ended)


def resize(slot_id: int, capacity: int, *, at: datetime, by_hand: bool = True, by: Membership | None = None) -> Slot:
    """Another number of places. Fewer than are taken is refused: first somebody must be moved."""
    slot = locked(slot_id)[slot_id]
    if capacity < slot.booked:
        raise Refused(_("已经约了 %(booked)s 组，先挪走 %(more)s 组再减。") % {"booked": slot.booked, "more": slot.booked - capacity},
                      "capacity", code="capacity_below")
    Slot.objects.filter(pk=slot_id).update(capacity=capacity, by_hand=by_hand)
    slot.capacity, slot.by_hand = capacity, by_hand
    if by is not None:
        record(by, "reception.slot_resized", slot, capacity=capacity)
    fill(slot, at=at)
    return slot


def rules() -> BookingRules:
    """The school's booking rules; the shipped ones where it has none."""
    return remembered(rules_key(), lambda: BookingRules.objects.first() or BookingRules())


def block(slot_id: int, reason: str, *, by: Membership) -> Slot:
    """Take a slot out at once (the teacher is ill). Its bookings stay, as those to be called."""
    slot = locked(slot_id)[slot_id]
    if slot.state != Slot.State.OPEN:
        raise Refused(_("这个时段已经不开放了。"), code="changed")
    Slot.objects.filter(pk=slot_id).update(state=Slot.State.BLOCKED, reason=reason.strip()[:80])
    record(by, "reception.slot_blocked", slot)
    return slot


def reopen(slot_id: int, *, at: datetime, by: Membership) -> Slot:
    """Open a blocked slot again; whoever waited for it is served."""
    slot = locked(slot_id)[slot_id]
    if slot.state != Slot.State.BLOCKED:
        raise Refused(_("只有停用的时段可以恢复；园历里不开放的，请改园历。"), code="changed")
    Slot.objects.filter(pk=slot_id).update(state=Slot.State.OPEN, reason="")
    slot.state = Slot.State.OPEN
    fill(slot, at=at)
    record(by, "reception.slot_opened", slot)
    return slot
