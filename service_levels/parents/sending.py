"""A parent's form comes in: once for its key, as a complaint or a suggestion where it is one, as a request in any case (K43a–c)."""
from datetime import datetime

from django.db import IntegrityError, transaction

from crm.concerns import taking
from crm.concerns.taking import Said
from crm.models import Channel, Concern
from notifications.actions import tell
from service_levels.models import RequestEvent, ServiceRequest
from service_levels.requests import working
from service_levels.requests.files import attach
from service_levels.requests.working import LINK, WATCHES, Wish
from tenancy.access import holders


def send(wish: Wish, *, language: str, at: datetime) -> ServiceRequest:
    """The request that came of it; a second click finds the one of the first."""
    known = _sent(wish)
    if known is not None:
        return _more(known, wish, at)
    try:
        return _taken_down(wish, language, at)
    except IntegrityError:  # both clicks at one moment
        known = _sent(wish)
        if known is None:
            raise
        return known


def _sent(wish: Wish) -> ServiceRequest | None:
    row: ServiceRequest | None = ServiceRequest.objects.filter(sent_key=wish.sent_key).first()
    return row


def _more(row: ServiceRequest, wish: Wish, at: datetime) -> ServiceRequest:
    """Whoever went back, changed the words and sent them again has said something more."""
    if row.text != wish.text.strip()[:2000]:
        working.heard(row, text=wish.text, channel=Channel.ONLINE, by=None, at=at, files=wish.files)
    return row


@transaction.atomic
def _taken_down(wish: Wish, language: str, at: datetime) -> ServiceRequest:
    row = _of_a_concern(wish, at) if wish.kind in Concern.Kind.values else working.open_request(wish, customer=None, by=None, at=at)
    ServiceRequest.objects.filter(pk=row.pk).update(sent_key=wish.sent_key, language=language)
    if row.concern_id is None:  # of a complaint whoever looks after contentment has heard already
        words = row.get_kind_display()
        tell(holders(WATCHES, row.place), working.NEW % {"kind": words}, key=f"request-{row.pk}-new", link=f"{LINK}{row.pk}/", at=at)
    row.refresh_from_db()
    return row


def _of_a_concern(wish: Wish, at: datetime) -> ServiceRequest:
    said = Said(wish.kind, wish.about or Concern.About.OTHER, wish.text, wish.campus, wish.caller, wish.phone)
    row: ServiceRequest = taking.take_in(said, at=at).request
    attach(row.events.get(verb=RequestEvent.Verb.OPENED), wish.files)
    return row
