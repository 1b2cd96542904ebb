"""Reception's doors: a slot a parent may see, a booking by its token, each or nothing."""
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import BigIntegerField, F, Func, Q, Value
from django.utils.translation import gettext as _

from audit.actions import looked
from crm.access import customers
from reception import flow
from reception.flow import State
from reception.models import Booking, FollowUp, Slot, TimeWish
from reception.places import rules
from tenancy.access import find, must
from tenancy.links import token_hash
from tenancy.models import Membership
from tenancy.prepared import Prepared
from tenancy.refusals import Absent, Refused

GONE = {State.HELD, State.EXPIRED}


def public_slots(at: datetime) -> Any:
    """Slots of what parents may book themselves, from each type's notice on. Listing, holding and booking ask here (SPEC B10)."""
    noticed = Q(starts_at__gt=at + timedelta(minutes=1) * F("type__notice_minutes"))
    return Slot.objects.bookable(at).filter(noticed, type__is_public=True, type__is_open=True).select_related("type")


def public_slot(pk: int, at: datetime) -> Slot:
    slot = public_slots(at).filter(pk=pk).first()
    if slot is None:
        raise _no_slot()
    return slot


def _drawn(table: str) -> Any:
    """The next id of a table, drawn by the statement that reads something else anyway."""
    return Func(Func(Value(table), Value("id"), function="pg_get_serial_sequence"), function="nextval", output_field=BigIntegerField())


def _wanted(pk: int, at: datetime) -> Any:
    notice = F("type__notice_minutes")
    return public_slots(at).select_related(None).filter(pk=pk).annotate(notice=notice, lead_id=_drawn("crm_lead"))


_WANTED: Prepared[Slot] = Prepared(_wanted, pk=int, at=datetime)


def slot_to_book(pk: int, at: datetime) -> tuple[Slot, datetime, int]:
    """A slot that a parent is about to book, its cutoff, and the id of the lead that this will be: one statement for all."""
    slot: Any = _WANTED.first(pk=pk, at=at)
    if slot is None:
        raise _no_slot()
    return slot, _cutoff(slot.notice, at), slot.lead_id


def cutoff_of(slot: Slot, at: datetime) -> datetime:
    """After which a slot must begin to be booked by a parent."""
    return _cutoff(slot.type.notice_minutes, at)


def _cutoff(notice_minutes: int, at: datetime) -> datetime:
    return at + timedelta(minutes=notice_minutes)


def _no_slot() -> Absent:
    return Absent(_("没有这个时段，也许已经过了或不再开放。"), code="not_found")


def held(token: str, at: datetime) -> Booking:
    """A hold by its token; one that has run out is still found, since its place may be free."""
    row = Booking.objects.select_related("slot__type").filter(token_hash=token_hash(token), state__in=GONE).first()
    if row is None:
        raise Absent(_("留的位置不在了，请重新选时间。"), code="not_found")
    return row


def booking_by_token(token: str, at: datetime) -> Booking:
    """One's own booking by the link: not revoked, and for some weeks after the visit (a setting)."""
    since = at - timedelta(days=rules().token_days)
    rows = Booking.objects.select_related("slot__type", "slot__campus", "lead", "host").filter(
        token_hash=token_hash(token), token_revoked_at=None, ends_at__gt=since).exclude(state=State.HELD).exclude(lead=None)
    row = rows.first()
    if row is None:
        raise Absent(_("这个链接打不开了。请打电话给园里，会发一个新的。"), code="not_found")
    return row


def bookings(member: Membership) -> Any:
    """The bookings of the member's campuses that are somebody's."""
    must(member, "reception.view")
    rows = Booking.objects.exclude(lead=None).select_related("slot__type", "slot__campus", "lead__customer", "host", "room", "by")
    campuses = member.campus_ids()
    return rows if campuses is None else rows.filter(slot__campus__in=campuses)


def booking_seen(member: Membership, pk: Any) -> Booking:
    """The booking whose page is opened; what it tells of a child is a look (QUALITY P-1)."""
    row: Booking = find(member, bookings(member), pk, "reception.view")
    looked(member, "reception.booking_viewed", [row])
    return row


def booking_for(member: Membership, pk: Any) -> Booking:
    return cast(Booking, find(member, bookings(member), pk, "reception.book"))


def slots(member: Membership) -> Any:
    must(member, "reception.view")
    return Slot.objects.in_campuses(member.campus_ids()).select_related("type", "campus")


def slot_for(member: Membership, pk: Any) -> Slot:
    return cast(Slot, find(member, slots(member), pk, "reception.book"))


def changes_until(booking: Booking) -> datetime:
    return booking.starts_at - timedelta(minutes=rules().change_minutes)


def must_be_changeable(booking: Booking, at: datetime) -> None:
    """Its owner may change what is open until some time before the visit (a setting). Raises Refused."""
    if is_open(booking) and at > changes_until(booking):
        raise Refused(_("快到时间了，改不了了。请直接打电话给园里。"), code="too_late")


def is_open(booking: Booking) -> bool:
    """Whether its owner may still do something with it."""
    return booking.state in flow.COMING | {State.WAITING, State.OFFERED}


def wishes(member: Membership) -> Any:
    """What parents of the member's campuses wish for and nobody has settled yet, the oldest first."""
    must(member, "reception.book")
    return TimeWish.objects.in_campuses(member.campus_ids()).filter(done_at=None).select_related("lead__customer", "campus", "type")


def wish_for(member: Membership, pk: Any) -> TimeWish:
    return cast(TimeWish, find(member, wishes(member), pk, "reception.book"))


def wish_opened(member: Membership, pk: int | None) -> TimeWish | None:
    """The wish for which a time is being booked: its number and words are shown in full, so the look is kept (QUALITY P-1)."""
    if not pk:
        return None
    row = wish_for(member, pk)
    looked(member, "reception.wish_opened", [row])
    return row


def visit_for(member: Membership, pk: Any) -> Booking:
    """The booking whose visit goes on: by the desk, and by whoever receives the family."""
    return cast(Booking, find(member, bookings(member), pk, "reception.visit"))


def booking_again(member: Membership, pk: int | None) -> Booking | None:
    """The booking whose family comes again: what it told need not be typed again, so the look is kept (QUALITY P-1)."""
    if not pk:
        return None
    row = booking_for(member, pk)
    looked(member, "reception.booking_viewed", [row])
    return row


def follow_ups(member: Membership) -> Any:
    """The contacts owed to present families of the member's campuses."""
    must(member, "reception.view")
    rows = FollowUp.objects.filter(booking__lead__customer__in=customers(member))
    return rows.select_related("booking__lead__customer__campus", "booking__lead__child", "booking__slot__type", "owner")


def follow_up_for(member: Membership, pk: Any) -> FollowUp:
    return cast(FollowUp, find(member, follow_ups(member), pk, "reception.visit"))


def booking_by_reference(member: Membership, typed: str, day_rows: Any) -> Booking:
    """The booking whose code is shown at the door, among the day's; scanned or typed."""
    must(member, "reception.visit")
    row = day_rows(bookings(member)).filter(reference=typed.strip().upper()[:12]).first()
    if row is None:
        raise Absent(_("今天没有这个预约号。按姓名或尾号找一找，或者登记临时到访。"), "reference", code="not_found")
    return cast(Booking, row)
