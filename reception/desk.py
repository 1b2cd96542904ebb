"""What the desk does for a family: the same booking action, each act a savepoint of its own, so that a refusal can be shown."""
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from reception import booking, wishing
from reception.booking import Wish
from reception.models import Booking, Slot, TimeWish
from tenancy.models import Membership

STARTED = timedelta(minutes=30)  # the desk may still put somebody into a slot that began so long ago


@transaction.atomic
def book_for(slot: Slot, told: Wish, *, channel: str, waits: bool, by: Membership, at: datetime,
             wish: TimeWish | None = None) -> Booking:
    """Book, or put on the waiting list of a full slot; a wish for a time is thereby settled.

    No notice is kept: whoever stands at the door is received.
    """
    words: dict[str, Any] = {"cutoff": at - STARTED, "channel": channel, "at": at, "by": by}
    if waits:
        made = booking.join_waitlist(slot, told, **words)[0].booking
    else:
        made = booking.book(slot, told, **words).booking
    if wish:
        wishing.settle(wish, by=by, at=at, booking=made)
    return made
