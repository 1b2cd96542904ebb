"""咨询 in a visit (R21–R23): written into the family's archive from the board, with what was promised on the way."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm import consulting, promises
from crm.consulting import Told
from crm.models import Consultation, Promise
from reception.models import Booking, Visit
from reception.visiting import visit_of
from tenancy.models import Membership
from tenancy.refusals import Refused


@dataclass(frozen=True)
class Promised:
    """One thing that was said yes to: what, who does it, by when."""

    text: str
    owner: Membership
    due_on: date


@transaction.atomic
def note(booking: Booking, told: Told, promised: Iterable[Promised] = (), *, version: int, by: Membership, at: datetime) -> Consultation:
    """Write the visit's consultation, or write on in it; ``version`` is the one that was looked at, 0 where none was there."""
    customer = booking.lead.customer if booking.lead else None
    if customer is None:
        raise Refused(_("先做信息登记，再记咨询。"), code="not_registered")
    visit = Visit.objects.select_for_update().get(pk=visit_of(booking).pk)
    row = visit.consultation
    if row is None:
        title = _("到访咨询：%(campus)s") % {"campus": booking.slot.campus.name}
        assert booking.lead is not None
        row = consulting.consult(customer, told, by=by, at=at, child=booking.lead.child, title=title)
    else:
        consulting.rewrite(row, told, version=version, by=by, at=at)
    for one in promised:
        promises.promise(customer, text=one.text, owner=one.owner, due_on=one.due_on, made_in=Promise.MadeIn.CONSULTATION, by=by, at=at)
    Visit.objects.filter(pk=visit.pk).update(consultation=row, version=F("version") + 1)
    return row
