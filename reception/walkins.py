"""临时到访: a family stands at the door without a booking. Two taps receive it; name and number come with the registration."""
import json
from datetime import datetime, timedelta

from django.db import transaction

from audit.actions import record
from crm.models import Lead
from crm.models.leads import LeadChannel
from reception import hosts
from reception.booking import insert_booking
from reception.flow import State
from reception.models import Booking, Slot, VisitType
from reception.stages import Step
from reception.visiting import Tap, take_step
from tenancy.models import Campus, Membership


@transaction.atomic
def walk_in(campus: Campus, kind: VisitType, *, key: str, by: Membership, at: datetime) -> Booking:
    """A slot of its own, a booking without a name yet, and the step of arriving. The same key receives one family."""
    known = Booking.objects.filter(visit__steps__key=key).first()
    if known is not None:
        return known
    slot = Slot.objects.create(type=kind, campus=campus, starts_at=at, ends_at=at + timedelta(minutes=kind.minutes), capacity=1, booked=1,
                               extra=True)
    lead = Lead(campus=campus, channel=LeadChannel.WALK_IN, at=at, by=by, phone_index="", phone_tail="")
    lead.typed = json.dumps({})
    lead.save(force_insert=True)
    row = insert_booking(slot, lead, State.BOOKED, channel=LeadChannel.WALK_IN, at=at, by=by).booking
    record(by, "reception.walked_in", row)
    take_step(row, Tap(Step.ARRIVED, Step.BOOKED, at, key), by=by, now=at)
    hosts.assign_somebody(row)
    return row
