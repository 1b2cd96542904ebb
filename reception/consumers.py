"""What the worker does for reception: expiries, filing of bookings, slots after a change of the calendar."""
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.filing import file_lead
from crm.models import SurveyResponse
from crm.surveys import asking
from crm.timetable import CHANGED as CALENDAR_CHANGED
from notifications.actions import consumer
from reception import booking, hosts, places, reminding, rights, surveying, sweep, telling, visiting, wishing
from reception.contracts import actions as contracts
from reception.models import Booking, TimeWish
from reception.stages import Step
from reception.visiting import Tap

TOLD = {"accept": reminding.CONFIRMATION, "move": reminding.MOVED}


@consumer(places.EXPIRE)
def expire(payload: dict[str, Any]) -> None:
    places.expire(payload["booking"], at=timezone.now())


@consumer(booking.MADE)
def made(payload: dict[str, Any]) -> None:
    """File the family within seconds of the booking, and say who receives them."""
    row, now = _booking(payload), timezone.now()
    assert row.lead is not None
    day = timezone.localtime(row.starts_at)
    words = {"type": row.slot.type.name, "campus": row.slot.campus.name, "day": f"{day:%m-%d %H:%M}"}
    title = _("候补 %(type)s：%(campus)s %(day)s") if row.state == "waiting" else _("预约 %(type)s：%(campus)s %(day)s")
    if row.lead.phone_index:  # whoever came without a booking is filed with the registration
        file_lead(row.lead, title=title % words, at=now)
    hosts.assign_somebody(row)
    reminding.begin(row, reminding.CONFIRMATION, at=now)


@consumer(booking.CHANGED)
def changed(payload: dict[str, Any]) -> None:
    """A booking that was moved or came off the waiting list needs somebody who receives the family; the family is told."""
    row, now = _booking(payload), timezone.now()
    hosts.assign_somebody(row)
    if payload["what"] == "cancel":
        reminding.end(row, by_school=payload.get("by_school", False), at=now)
    elif payload["what"] in TOLD:
        reminding.begin(row, TOLD[payload["what"]], at=now)


@consumer(places.OFFERED)
def offered(payload: dict[str, Any]) -> None:
    """A place is kept for somebody who waited: they are told, and the desk, so that they can be called."""
    row = _booking(payload)
    reminding.offer(row, at=timezone.now())
    telling.of_offer(row)


@consumer(rights.ASKED)
def asked(payload: dict[str, Any]) -> None:
    """A parent withdrew a consent or wants their data deleted: somebody must know."""
    telling.of_wish(_booking(payload), payload["what"])


@consumer(reminding.REMIND)
def remind(payload: dict[str, Any]) -> None:
    """A reminder is due; what has changed since it was planned decides whether it is said."""
    starts_at = datetime.fromisoformat(payload["starts_at"])
    reminding.remind(_booking(payload), payload["what"], starts_at, at=timezone.now())


@consumer(wishing.WISHED)
def wished(payload: dict[str, Any]) -> None:
    """No time fitted: the family is filed all the same, and somebody finds a time with them."""
    row = TimeWish.objects.select_related("lead", "campus", "type").get(pk=payload["wish"])
    title = _("想约别的时间：%(type)s，%(campus)s") % {"type": row.type.name, "campus": row.campus.name}
    file_lead(row.lead, title=title, at=timezone.now())
    telling.of_time_wish(row)


@consumer(asking.ANSWERED)
def survey_answered(payload: dict[str, Any]) -> None:
    """反馈 is the visit's last step: it is taken with the answer, where nobody has tapped it yet."""
    row, now = SurveyResponse.objects.select_related("by").get(pk=payload["response"]), timezone.now()
    booking = surveying.booking_of(row)
    visit = getattr(booking, "visit", None)
    if booking is not None and visit is not None and visit.step == Step.LEFT and not visit.exit:
        visiting.take_step(booking, Tap(Step.FEEDBACK, Step.LEFT, now, f"survey-{row.pk}"), by=row.by, now=now)


@consumer(contracts.SIGNED)
def signed(payload: dict[str, Any]) -> None:
    """The sealed original of a contract that was just signed."""
    contracts.seal_contract(payload["contract"], at=timezone.now())


@consumer(CALENDAR_CHANGED)
@consumer(sweep.SWEEP)
def lay_slots(payload: dict[str, Any]) -> None:
    now = timezone.now()
    sweep.sweep(at=now, today=sweep.today(now))


def _booking(payload: dict[str, Any]) -> Booking:
    return Booking.objects.select_related("slot__type", "slot__campus", "lead").get(pk=payload["booking"])
