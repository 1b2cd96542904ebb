"""A booking as a calendar file that a phone opens (RFC 5545), by icalendar."""
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from reception import flow
from reception.models import Booking
from tenancy.scope import current_tenant


def as_ics(booking: Booking) -> bytes:
    """The visit with place, notes and an alarm two hours ahead; one that is off says so, so that calendars strike it out."""
    slot, school = booking.slot, current_tenant()
    event = Event()
    event.add("uid", f"{booking.reference}@{school.public_id}")
    event.add("dtstamp", timezone.now())
    event.add("sequence", booking.version)
    event.add("dtstart", booking.starts_at)
    event.add("dtend", booking.ends_at)
    event.add("summary", _("%(school)s %(type)s") % {"school": school.name, "type": slot.type.spoken_name})
    event.add("location", "，".join(part for part in (slot.campus.name, slot.campus.address) if part))
    event.add("description", slot.type.spoken_before)
    event.add("status", "CONFIRMED" if booking.state in flow.TAKING else "CANCELLED")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", slot.type.spoken_name)
    alarm.add("trigger", timedelta(hours=-2))
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Miaopu//Reception//ZH")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
