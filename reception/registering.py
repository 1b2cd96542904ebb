"""信息登记 (X9): the family sits down and tells who they are; the archive is filled at once. And 到访签到 by the booking's code."""
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from crm.filing import file_lead
from crm.models import Customer, EntryKind, Lead
from reception import following
from reception.booking import Wish, typed_of
from reception.models import Booking, Visit
from reception.stages import Step
from tenancy.models import Membership
from tenancy.refusals import Refused
from tenancy.sealing import blind_index


@transaction.atomic
def register(booking: Booking, wish: Wish, *, by: Membership, at: datetime) -> Customer:
    """Keep what was told with the booking and file it. A family that is filed already changes its number in the archive."""
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=booking.lead_id)
    if lead.customer_id and lead.phone_index != blind_index(wish.phone):
        raise Refused(_("这一家已经建档，换号码请到档案里改。"), "phone")
    before = lead.told()
    kept = replace(wish, email=str(before.get("email", "")), language=str(before.get("language", "")))
    lead.typed = typed_of(kept)
    lead.phone_index, lead.phone_tail = blind_index(wish.phone), wish.phone[-4:]
    lead.child_data, lead.source = wish.child_data, wish.source or lead.source
    lead.notice_version = lead.notice_version or wish.notice_version
    lead.filed_at = None  # filed again: the same family, perhaps one more child
    lead.save()
    title = _("到访登记：%(type)s，%(campus)s") % {"type": booking.slot.type.name, "campus": booking.slot.campus.name}
    customer = file_lead(lead, title=title, at=at, kind=EntryKind.VISIT, moment=at, by=by)
    record(by, "reception.registered", booking)
    _follow(booking, by, at)
    return customer


def _follow(booking: Booking, by: Membership, at: datetime) -> None:
    """A family that is written down only after it left is followed up all the same."""
    row = Booking.objects.select_related("lead", "host", "slot__campus").get(pk=booking.pk)
    visit = Visit.objects.filter(booking=row).first()
    if visit and visit.step == Step.LEFT:
        after = following.after_of(row, visit.steps.values_list("step", flat=True))
        following.plan(row, after, by=by, at=at)
