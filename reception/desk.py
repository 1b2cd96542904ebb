"""What the desk does for a family: the same booking action, each act a savepoint of its own, so that a refusal can be shown."""
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from reception import booking
from reception.booking import Wish
from reception.models import Booking, Slot
from tenancy.models import Membership

STARTED = timedelta(minutes=30)  # the desk may still put somebody into a slot that began so long ago


@transaction.atomic
def book_for(slot: Slot, wish: Wish, *, channel: str, waits: bool, by: Membership, at: datetime) -> Booking:
    """Book, or put on the waiting list of a full slot. No notice is kept: whoever stands at the door is received."""
    words: dict[str, Any] = {"cutoff": at - STARTED, "channel": channel, "at": at, "by": by}
    if waits:
        return booking.join_waitlist(slot, wish, **words)[0].booking
    return booking.book(slot, wish, **words).booking
