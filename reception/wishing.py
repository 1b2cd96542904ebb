"""想约的时间: taking down when a parent could come, and settling it with a booking or a call."""
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from notifications.actions import later
from reception.booking import Wish, write_lead
from reception.models import Booking, TimeWish, VisitType
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused

WISHED = "reception.wished"


@transaction.atomic
def wish_time(wish: Wish, *, campus: Campus, kind: VisitType, channel: str, at: datetime) -> TimeWish:
    """Keep the wish; the worker files the family and tells the desk."""
    row = TimeWish.objects.create(lead=write_lead(campus.pk, wish, channel, at, None), campus=campus, type=kind, at=at)
    record(None, "reception.wished", row)
    later(WISHED, wish=row.pk)
    return row


@transaction.atomic
def settle(row: TimeWish, *, by: Membership, at: datetime, booking: Booking | None = None) -> None:
    """Booked, or talked about otherwise. Raises Refused when a colleague was first."""
    if not TimeWish.objects.filter(pk=row.pk, done_at=None).update(done_at=at, by=by, booking=booking):
        raise Refused(_("这一条刚刚有人处理了。"), code="changed")
    record(by, "reception.wish_settled", row)
