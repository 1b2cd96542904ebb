"""What a parent may ask for by their link (SPEC B13): withdraw the consent to the child's data, ask for deletion."""
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from crm.facts import withdraw_consent
from crm.models import CHILD_FIELDS, Consent, Lead
from notifications.actions import later
from reception.models import Booking
from tenancy.refusals import Refused

ASKED = "reception.asked"


@transaction.atomic
def withdraw(booking: Booking, *, at: datetime) -> None:
    """The child's data goes from what was typed, and what rests on the consent is shown no more; the visit stays booked."""
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=booking.lead_id)
    if not lead.child_data:
        raise Refused(_("没有可以撤回的同意。"), code="changed")
    lead.leave_out(*CHILD_FIELDS)
    lead.child_data = False
    lead.save(update_fields=["typed_sealed", "child_data"])
    if lead.customer and Consent.objects.filter(family=lead.customer.family, withdrawn_at=None).exists():
        withdraw_consent(lead.customer.family, by=None, at=at)
    record(None, "reception.consent_withdrawn", booking)
    later(ASKED, booking=booking.pk, what="withdraw")


@transaction.atomic
def ask_deletion(booking: Booking) -> None:
    """A person decides on it; who asked is told so."""
    record(None, "reception.deletion_asked", booking)
    later(ASKED, booking=booking.pk, what="delete")
