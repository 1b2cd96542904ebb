"""The one booking action for every channel (SPEC B10, DESIGN §8): hold, book, wait, accept, move, confirm, cancel, come or not.

One transaction writes lead, booking, audit and outbox, and last of all takes the place. A refusal leaves nothing.
"""
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.models import Lead
from crm.opening import zone
from notifications.actions import later
from reception import flow, places
from reception.flow import State
from reception.models import Booking, Slot
from tenancy.links import token_for, token_hash
from tenancy.models import Membership
from tenancy.prepared import insert
from tenancy.refusals import Refused
from tenancy.sealing import blind_index

MADE, CHANGED = "reception.booked", "reception.changed"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread over the telephone
REFERENCE, ALTERNATIVES = 8, 5


@dataclass(frozen=True)
class Wish:
    """What a parent tells: whom to call, what they want to know, and whether the child's data may be used."""

    guardian_name: str
    phone: str
    notice_version: str = ""
    child_data: bool = False
    child_name: str = ""
    birth_month: str = ""
    course: str = ""
    needs: tuple[str, ...] = ()
    special: str = ""
    source: str = ""
    email: str = ""
    when: str = ""  # when they could come, where no offered time fits
    language: str = ""  # in which the parent is written to; the school's own if nothing is said


@dataclass(frozen=True)
class Made:
    """A booking and the token by which its owner comes back; only the token's hash is kept."""

    booking: Booking
    token: str


class SlotFull(Refused):
    """No place left: 409, with the nearest slots that have one."""

    def __init__(self, alternatives: list[Slot]) -> None:
        super().__init__(_("这个时段刚刚约满了，请换一个时间。"), "slot", code="slot_full")
        self.alternatives = alternatives


# -- coming in ---------------------------------------------------------------------------------------------------------
@transaction.atomic(savepoint=False)
def hold(slot: Slot, *, cutoff: datetime, channel: str, at: datetime, by: Membership | None = None) -> Made:
    """Keep a place while a form is filled in; it comes free by itself."""
    until = at + timedelta(minutes=places.rules().hold_minutes)
    made = insert_booking(slot, None, State.HELD, channel=channel, at=at, by=by, expires_at=until)
    later(places.EXPIRE, due_at=until, booking=made.booking.pk)
    _take(slot, cutoff, at)
    return made


@transaction.atomic(savepoint=False)
def book(slot: Slot, wish: Wish, *, cutoff: datetime, channel: str, at: datetime, by: Membership | None = None,
         lead_id: int | None = None) -> Made:
    """A place in a slot for a family. ``lead_id`` may be drawn ahead, to save a statement."""
    made = insert_booking(slot, write_lead(slot.campus_id, wish, channel, at, by, lead_id), State.BOOKED, channel=channel, at=at, by=by)
    record(by, "reception.booked", made.booking, slot=slot.pk)
    later(MADE, booking=made.booking.pk)
    _take(slot, cutoff, at)
    return made


@transaction.atomic(savepoint=False)
def book_held(held: Booking, wish: Wish, *, cutoff: datetime, channel: str, at: datetime) -> Made:
    """Turn a hold into a booking. One that has run out is booked anew, if there is still a place."""
    slot = held.slot
    places.locked(slot.pk)  # before the booking, as everybody: a row that is looked at in vain stays locked all the same
    kept = Booking.objects.select_for_update().filter(pk=held.pk, state=State.HELD, expires_at__gt=at).first()
    if kept is None:
        return book(slot, wish, cutoff=cutoff, channel=channel, at=at)
    token = _next_link(kept)
    _must_move(kept, "book", None, lead=write_lead(slot.campus_id, wish, channel, at, None), token_hash=token_hash(token),
               link_serial=kept.link_serial, expires_at=None, created_at=at)
    record(None, "reception.booked", kept, slot=slot.pk)
    later(MADE, booking=kept.pk)
    kept.refresh_from_db()
    return Made(kept, token)


@transaction.atomic
def let_go(held: Booking, *, at: datetime) -> None:
    """The form was left: its place comes free at once. A hold that is a booking by now, or has run out, stays what it is."""
    slot = places.locked(held.slot_id)[held.slot_id]
    if _move(held, "expire"):
        places.give_back(slot, at=at)


@transaction.atomic(savepoint=False)
def join_waitlist(slot: Slot, wish: Wish, *, cutoff: datetime, channel: str, at: datetime,
                  by: Membership | None = None) -> tuple[Made, int]:
    """Wait for a place of a full slot. Returns the booking and how many stand before it, itself counted."""
    here = places.locked(slot.pk)[slot.pk]
    if here.state != Slot.State.OPEN or here.starts_at <= cutoff:
        raise SlotFull(alternatives(slot, cutoff))
    if here.booked < here.capacity:
        raise Refused(_("这个时段还有位，直接预约就行。"), "slot", code="changed")
    made = insert_booking(slot, write_lead(slot.campus_id, wish, channel, at, by), State.WAITING, channel=channel, at=at, by=by)
    record(by, "reception.waiting", made.booking, slot=slot.pk)
    later(MADE, booking=made.booking.pk)
    return made, Booking.objects.waiting().filter(slot=slot, pk__lte=made.booking.pk).count()


# -- from then on --------------------------------------------------------------------------------------------------------
@transaction.atomic
def accept(booking: Booking, *, at: datetime) -> None:
    """Take the place that was offered. One that has run out is gone."""
    if booking.expires_at is None or booking.expires_at <= at or not _move(booking, "accept", expires_at=None):
        raise _changed(booking)
    record(None, "reception.accepted", booking)
    later(CHANGED, booking=booking.pk, what="accept")


@transaction.atomic
def confirm(booking: Booking, *, by: Membership | None, version: int | None = None) -> None:
    _must_move(booking, "confirm", version)
    record(by, "reception.confirmed", booking)


@transaction.atomic
def cancel(booking: Booking, *, reason: str, at: datetime, by: Membership | None = None, version: int | None = None) -> None:
    """The place goes to whoever waits first. Cancelling twice is refused, so that nothing is given back twice."""
    slot = places.locked(booking.slot_id)[booking.slot_id]
    current = Booking.objects.filter(pk=booking.pk, slot=slot).first()
    took = current is not None and current.state in flow.TAKING
    if current is None or not _move(current, "cancel", version, reason=reason[:80], expires_at=None):
        raise _changed(booking)
    record(by, "reception.cancelled", booking)
    later(CHANGED, booking=booking.pk, what="cancel", by_school=by is not None)
    if took:
        places.give_back(slot, at=at)


@transaction.atomic
def move(booking: Booking, to: Slot, *, cutoff: datetime, at: datetime, by: Membership | None = None, version: int | None = None) -> None:
    """Another slot instead: both or nothing. Into a full one it is refused and the old place stays."""
    if to.pk == booking.slot_id:
        return
    slots = places.locked(booking.slot_id, to.pk)
    old, new = slots[booking.slot_id], slots[to.pk]
    if not places.take(new.pk, cutoff):
        raise SlotFull(alternatives(new, cutoff))
    rows = Booking.objects.coming().filter(pk=booking.pk, slot=old)
    rows = rows if version is None else rows.filter(version=version)
    if not rows.update(slot=new, starts_at=new.starts_at, ends_at=new.ends_at, state=State.BOOKED, host=None, room=None,
                       version=F("version") + 1):
        raise _changed(booking)
    record(by, "reception.moved", booking, before=old.pk, after=new.pk)
    later(CHANGED, booking=booking.pk, what="move")
    places.give_back(old, at=at)


@transaction.atomic
def come(booking: Booking, verb: str, *, by: Membership | None, at: datetime, version: int | None = None) -> None:
    """到访 (arrive), 未到 (miss), or neither after all (recall). The place stays taken. Nobody comes or stays away before the day."""
    if verb != "recall" and is_early(booking, at):
        raise Refused(_("约的是 %(day)s，还没到那天。今天就来了的，先改到今天，或者登记临时到访。") % {
            "day": f"{timezone.localtime(booking.starts_at, zone()):%m-%d}"}, code="too_early")
    _must_move(booking, verb, version)
    record(by, f"reception.{flow.leads_to(verb)}", booking)
    later(CHANGED, booking=booking.pk, what=verb)


def is_early(booking: Booking, at: datetime) -> bool:
    """Whether the day for which it was booked is still to come."""
    return timezone.localdate(at, zone()) < timezone.localdate(booking.starts_at, zone())


def alternatives(slot: Slot, cutoff: datetime) -> list[Slot]:
    """The nearest slots of the same kind and campus that have a place, the earlier first."""
    rows = Slot.objects.bookable(cutoff).filter(type=slot.type_id, campus=slot.campus_id, booked__lt=F("capacity"))
    after = rows.filter(starts_at__gte=slot.starts_at).select_related("type")[:ALTERNATIVES]
    return list(after) or list(rows.select_related("type")[:ALTERNATIVES])


# -- what they share -------------------------------------------------------------------------------------------------------
def insert_booking(slot: Slot, lead: Lead | None, state: State, *, channel: str, at: datetime, by: Membership | None,
            expires_at: datetime | None = None) -> Made:
    row = Booking(
        slot=slot, starts_at=slot.starts_at, ends_at=slot.ends_at, lead=lead, state=state, channel=channel, by=by, created_at=at,
        reference="".join(secrets.choice(ALPHABET) for _ in range(REFERENCE)), expires_at=expires_at)
    token = token_of(row)
    row.token_hash = token_hash(token)
    insert(row)
    return Made(row, token)


def write_lead(campus_id: int, wish: Wish, channel: str, at: datetime, by: Membership | None, lead_id: int | None = None) -> Lead:
    """What was typed, sealed; a child's data only with the guardian's yes (SPEC B13)."""
    lead = Lead(pk=lead_id, campus_id=campus_id, channel=channel, at=at, by=by, phone_index=blind_index(wish.phone),
                phone_tail=wish.phone[-4:], notice_version=wish.notice_version, child_data=wish.child_data, source=wish.source)
    lead.typed = typed_of(wish)
    insert(lead)
    return lead


def typed_of(wish: Wish) -> str:
    """As a lead keeps it: what was told, without what stands in columns of its own."""
    told: dict[str, Any] = {name: value for name, value in asdict(wish).items() if value and name not in ("notice_version", "child_data")}
    return json.dumps(told, ensure_ascii=False)


def _take(slot: Slot, cutoff: datetime, at: datetime) -> None:
    """The last statement of a booking. Places that have run out are looked for only when there is no other."""
    if places.take(slot.pk, cutoff):
        return
    if places.release_run_out(slot.pk, at=at) and places.take(slot.pk, cutoff):
        return
    raise SlotFull(alternatives(slot, cutoff))


def _move(booking: Booking, verb: str, version: int | None = None, **changes: Any) -> bool:
    """From one of the verb's states to the state it leads to, or not at all: the one door to a booking's state."""
    rows = Booking.objects.filter(pk=booking.pk, state__in=flow.from_states(verb))
    rows = rows if version is None else rows.filter(version=version)
    return bool(rows.update(state=flow.leads_to(verb), version=F("version") + 1, **changes))


def _must_move(booking: Booking, verb: str, version: int | None, **changes: Any) -> None:
    if not _move(booking, verb, version, **changes):
        raise _changed(booking)


def _changed(booking: Booking) -> Refused:
    """What it is now, so that the person sees why."""
    now = Booking.objects.filter(pk=booking.pk).first()
    state = now.get_state_display() if now else _("已取消")
    return Refused(_("这个预约刚刚变了，现在是“%(state)s”。") % {"state": state}, code="changed")


def token_of(booking: Booking) -> str:
    """The booking's own link, so that a reminder can name it."""
    return token_for(f"link|{booking.reference}|{booking.link_serial}")


def _next_link(booking: Booking) -> str:
    """The token that takes the place of the one before."""
    booking.link_serial += 1
    return token_of(booking)


@transaction.atomic
def renew_link(booking: Booking, *, by: Membership | None) -> str:
    """A new token for who lost theirs; the old one stops working."""
    kept = Booking.objects.select_for_update().get(pk=booking.pk)
    token = _next_link(kept)
    Booking.objects.filter(pk=booking.pk).update(token_hash=token_hash(token), link_serial=kept.link_serial, token_revoked_at=None)
    record(by, "reception.link_renewed", booking)
    return token
