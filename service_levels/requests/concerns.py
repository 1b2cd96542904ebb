"""投诉与意见 are requests too: one that was written down anywhere runs its clocks, and the two end and begin together (K43)."""
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Channel, Concern, TimelineEntry
from service_levels.models import ServiceRequest
from service_levels.requests import working
from service_levels.requests.working import Wish
from tenancy.models import Membership

CHANNELS = {Concern.Source.HOTLINE: Channel.PHONE, Concern.Source.BOX: Channel.ONLINE}


def about(concern: Concern, *, at: datetime) -> None:
    """Its request, opened now where there is none; else the family and the place that became known since."""
    row = ServiceRequest.objects.filter(concern=concern).select_related("customer__campus", "campus", "owner").first()
    if row is not None:
        ServiceRequest.objects.filter(pk=row.pk).update(campus=concern.campus, about=concern.about)
        if concern.customer and row.customer_id is None:
            working.known(row, concern.customer, by=None, at=timezone.now())
        return
    wish = Wish(concern.kind, concern.text, CHANNELS.get(Concern.Source(concern.source), ""), concern.about, concern.campus, concern.caller,
                concern.phone)
    working.open_request(wish, customer=concern.customer, by=concern.by, at=at, concern=concern)


def contacted(entry: TimelineEntry) -> None:
    """A complaint that was written down on a family's page."""
    if entry.kind in Concern.Kind.values:
        about(entry.concern, at=entry.at)


def concerned(concern: Concern) -> None:
    about(concern, at=concern.opened_at)


def closed(concern: Concern) -> None:
    """Settled on the page of complaints: settled here too."""
    row = ServiceRequest.objects.open().filter(concern=concern).first()
    if row is not None and concern.answered_by and concern.closed_at:
        working.resolve(row, result=concern.answer, by=concern.answered_by, at=concern.closed_at)


def reopened(concern: Concern, by: Membership | None) -> None:
    row = ServiceRequest.objects.exclude(resolved_at=None).filter(concern=concern).first()
    if row is not None:
        working.reopen(row, why=_("投诉与意见里重开了"), by=by, at=timezone.now())


def taken_back(concern: Concern) -> None:
    """It was written down by mistake: its request goes with all that happened to it."""
    for row in ServiceRequest.objects.filter(concern=concern):
        row.clocks.all().delete()
        row.events.all().delete()
        row.delete()


def furnish(_tenant: object) -> None:
    """An older school's complaints that still wait run their clocks from now on. Safe to repeat."""
    for concern in Concern.objects.open().filter(request=None).select_related("customer__owner", "campus", "by"):
        about(concern, at=timezone.now())
