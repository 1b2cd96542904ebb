"""What the worker does for reception: expiries, filing of bookings, slots after a change of the calendar."""
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.filing import file_lead
from crm.timetable import CHANGED as CALENDAR_CHANGED
from notifications.actions import AfterCommit, consumer
from reception import booking, codes, hosts, places, rights, sweep, telling
from reception.models import Booking, PhoneCode
from tenancy.models import Tenant
from tenancy.scope import tenant_scope


@consumer(places.EXPIRE)
def expire(payload: dict[str, Any]) -> None:
    places.expire(payload["booking"], at=timezone.now())


@consumer(booking.MADE)
def made(payload: dict[str, Any]) -> None:
    """File the family within seconds of the booking, and say who receives them."""
    row = Booking.objects.select_related("slot__type", "slot__campus", "lead").get(pk=payload["booking"])
    day = timezone.localtime(row.starts_at)
    words = {"type": row.slot.type.name, "campus": row.slot.campus.name, "day": f"{day:%m-%d %H:%M}"}
    title = _("候补 %(type)s：%(campus)s %(day)s") if row.state == "waiting" else _("预约 %(type)s：%(campus)s %(day)s")
    file_lead(row.lead, title=title % words, at=timezone.now())
    hosts.assign_somebody(row)


@consumer(booking.CHANGED)
def changed(payload: dict[str, Any]) -> None:
    """A booking that was moved or came off the waiting list needs somebody who receives the family."""
    hosts.assign_somebody(Booking.objects.select_related("slot").get(pk=payload["booking"]))


@consumer(places.OFFERED)
def offered(payload: dict[str, Any]) -> None:
    """A place is kept for somebody who waited: the desk is told, so that they can be called."""
    telling.of_offer(Booking.objects.select_related("slot__type", "slot__campus").get(pk=payload["booking"]))


@consumer(rights.ASKED)
def asked(payload: dict[str, Any]) -> None:
    """A parent withdrew a consent or wants their data deleted: somebody must know."""
    telling.of_wish(Booking.objects.select_related("slot__campus").get(pk=payload["booking"]), payload["what"])


@consumer(codes.CODE)
def code(payload: dict[str, Any]) -> AfterCommit:
    """The code goes out after the commit, once."""
    row = PhoneCode.objects.get(pk=payload["code"])
    return lambda tenant: _deliver(tenant, row)


def _deliver(tenant: Tenant, row: PhoneCode) -> None:
    with tenant_scope(tenant):
        codes.deliver_code(row)


@consumer(CALENDAR_CHANGED)
@consumer(sweep.SWEEP)
def lay_slots(payload: dict[str, Any]) -> None:
    now = timezone.now()
    sweep.sweep(at=now, today=sweep.today(now))
