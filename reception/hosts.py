"""接待人: who receives a booked family (R9). Nobody is in two slots at once; the database sees to it."""
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, F
from django.utils.translation import gettext as _

from audit.actions import record
from reception import flow
from reception.models import Booking, OfferHost
from tenancy.models import Membership
from tenancy.refusals import Refused


def assign(booking: Booking, host: Membership, *, by: Membership | None, version: int | None = None) -> None:
    """This colleague receives the family. Raises Refused when they are in another slot then, or the booking is over."""
    rows = Booking.objects.filter(pk=booking.pk, state__in=flow.TAKING)
    rows = rows if version is None else rows.filter(version=version)
    try:
        with transaction.atomic():
            if not rows.update(host=host, version=F("version") + 1):
                raise Refused(_("这个预约刚刚变了，请刷新再看。"), code="changed")
    except IntegrityError as error:
        if getattr(error.__cause__, "pgcode", "") != "23P01":
            raise
        raise Refused(_("%(host)s 这时候在另一个时段里。") % {"host": host}, "host", code="host_busy") from None
    record(by, "reception.host_assigned", booking, host=host.pk)


def assign_somebody(booking: Booking) -> Membership | None:
    """Whoever of the offer's hosts has the fewest visits that day and is free; nobody when all are engaged."""
    if booking.host_id or booking.state not in flow.COMING:
        return None
    for host in _by_load(booking):
        try:
            assign(booking, host, by=None)
        except Refused as refusal:
            if refusal.code != "host_busy":
                return None
            continue
        return host
    return None


def _by_load(booking: Booking) -> list[Membership]:
    """The offer's hosts on duty, those with the fewest visits within half a day of this one first."""
    slot = booking.slot
    links = OfferHost.objects.filter(offer__type=slot.type_id, offer__campus=slot.campus_id, member__is_active=True)
    near = Booking.objects.taking().filter(starts_at__range=(slot.starts_at - timedelta(hours=12), slot.starts_at + timedelta(hours=12)))
    load = dict(near.exclude(host=None).values_list("host").annotate(n=Count("pk")))
    return [link.member for link in sorted(links.select_related("member"), key=lambda link: (load.get(link.member_id, 0), link.member_id))]
