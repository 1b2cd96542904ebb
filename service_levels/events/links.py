"""活动的链接: a family's own, by which it answers, signs in and says how it was; and the one on the poster at the door."""
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from service_levels.models import Event, Invitation
from tenancy.links import token_for, token_hash
from tenancy.refusals import Absent

KEPT = timedelta(days=60)  # how long after an event its links still open


def token_of(row: Invitation) -> str:
    return token_for(f"invitation|{row.event_id}|{row.customer_id}|{row.link_serial}")


def hash_of(row: Invitation) -> str:
    return token_hash(token_of(row))


def link_of(row: Invitation) -> str:
    return f"{settings.MIAOPU_ORIGIN}/e/{token_of(row)}/"


def door_token(event: Event) -> str:
    return token_for(f"event-door|{event.pk}|{event.door_serial}")


def door_link(event: Event) -> str:
    return f"{settings.MIAOPU_ORIGIN}/e/{door_token(event)}/here/"


def invitation_by_token(token: str, at: datetime) -> Invitation:
    """The invitation of a link. Raises Absent for a link that opens nothing, also when the event is long over."""
    rows = Invitation.objects.filter(token_hash=token_hash(token), customer__deleted_at=None, event__ends_at__gt=at - KEPT)
    row: Invitation | None = rows.select_related("event__campus", "customer__campus").first()
    if row is None or row.event.opened_at is None:
        raise _nothing()
    return row


def event_by_door(token: str, at: datetime) -> Event:
    """The event whose poster it is. Raises Absent where there is none."""
    rows = Event.objects.filter(door_hash=token_hash(token), ends_at__gt=at - KEPT)
    row: Event | None = rows.select_related("campus").first()
    if row is None:
        raise _nothing()
    return row


def _nothing() -> Absent:
    return Absent(_("没有找到。链接可能输错了，或者活动早就过了。"), code="not_found")
