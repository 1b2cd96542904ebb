"""提醒家长 (R7): confirmation at once, the day before, shortly before; never after cancelling, never twice.

Each reminder waits in the outbox with the time of the visit it is for. When it is due, the booking is asked whether it still
stands at that time; one that was moved or cancelled has nothing to say any more.
"""
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import formats, timezone, translation

from crm.opening import quiet_hours, zone
from notifications import parents
from notifications.actions import later
from notifications.parents import About, Recipient
from reception import flow
from reception.booking import token_of
from reception.models import Booking
from reception.places import rules
from reception.reminders import REMINDERS, due_times
from tenancy.scope import current_tenant
from tenancy.templatetags.mp import weekday

REMIND = "reception.remind"
CONFIRMATION, MOVED, CANCELLED, OFFERED = (f"reception.{kind}" for kind in ("confirmation", "moved", "cancelled", "offered"))


def about_booking(booking: Booking) -> About:
    return About(f"booking-{booking.pk}", f"visits/{booking.pk}/", booking.slot.campus, booking.starts_at)


def tell(booking: Booking, kind: str, *, at: datetime, **facts: str) -> None:
    """Write one message about a booking: a reminder once for each time of visit, anything else once for each change."""
    told = booking.lead.told() if booking.lead else {}
    if not told.get("phone"):
        return  # erased
    to = Recipient(told["phone"], told.get("email", ""), told.get("language") or current_tenant().language)
    once = int(booking.starts_at.timestamp()) if kind in REMINDERS else booking.version
    key = f"{kind}-{booking.pk}-{once}"
    parents.write(kind, to, facts_of(booking, told, to.language) | facts, about_booking(booking), key=key, at=at)


def facts_of(booking: Booking, told: dict[str, Any], language: str) -> dict[str, str]:
    """What a message may say about a visit, in the parent's language."""
    with translation.override(language):
        here = timezone.localtime(booking.starts_at, zone())
        return {"school": current_tenant().name, "guardian": str(told.get("guardian_name", "")), "time": f"{here:%H:%M}",
                "day": f"{formats.date_format(here, 'MONTH_DAY_FORMAT')} {weekday(here.date())}",
                "campus": booking.slot.campus.name, "address": booking.slot.campus.address, "visit": booking.slot.type.spoken_name,
                "reference": booking.reference, "before": booking.slot.type.spoken_before, "link": link_of(booking)}


def link_of(booking: Booking) -> str:
    return f"{settings.MIAOPU_ORIGIN}/b/{token_of(booking)}/"


def begin(booking: Booking, kind: str, *, at: datetime) -> None:
    """Tell the time at once and leave the reminders for when they are due."""
    if booking.state not in flow.COMING or booking.starts_at <= at:
        return
    tell(booking, kind, at=at)
    ruled = rules()
    due = due_times(booking.starts_at, at, quiet_hours(), zone(), day_before=ruled.remind_day_before,
                    soon=timedelta(minutes=ruled.remind_minutes))
    for reminder, when in due.items():
        later(REMIND, due_at=when, booking=booking.pk, what=reminder, starts_at=booking.starts_at.isoformat())


def remind(booking: Booking, kind: str, starts_at: datetime, *, at: datetime) -> None:
    """What was planned is said only if the visit still stands at the time it was planned for."""
    if booking.state in flow.COMING and booking.starts_at == starts_at:
        tell(booking, kind, at=at)


def end(booking: Booking, *, by_school: bool, at: datetime) -> None:
    """Cancelled: what waits is dropped; a parent who did not do it themselves is told."""
    parents.drop(about_booking(booking).name, at=at)
    if by_school and booking.starts_at > at:
        tell(booking, CANCELLED, at=at)


def offer(booking: Booking, *, at: datetime) -> None:
    """A place is kept for somebody who waited. In quiet hours nobody is woken; the desk knows of it in any case."""
    if booking.state == flow.State.OFFERED and booking.expires_at and not quiet_hours().holds(at, zone()):
        tell(booking, OFFERED, at=at, until=f"{timezone.localtime(booking.expires_at, zone()):%H:%M}")
