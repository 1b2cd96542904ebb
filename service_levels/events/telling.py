"""写给家长: they are asked, have a seat, are to come at another time, need not come, are asked how it was. Nobody is woken for it."""
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import formats, timezone, translation

from crm.opening import quiet_hours, zone
from crm.queries import addressee
from notifications import parents
from notifications.actions import consumer, later
from notifications.parents import About, Recipient
from service_levels.events.links import link_of
from service_levels.models import Event, Invitation
from tenancy.scope import current_tenant
from tenancy.templatetags.mp import weekday

TELL = "service.tell_of_event"
INVITED, SEAT, MOVED, OFF, THANKS = (f"service.event_{word}" for word in ("invited", "seat", "moved", "off", "thanks"))
AT_ONCE, OF_USE = 200, timedelta(days=7)
Answer = Invitation.Answer


# -- left for the worker -------------------------------------------------------------------------------------------------
def invite(event: Event, ids: Sequence[int], *, at: datetime) -> None:
    """Those that choose first now, the others when their days are over."""
    first = set(Invitation.objects.filter(pk__in=ids, first=True).values_list("pk", flat=True))
    _later(INVITED, event, [pk for pk in ids if pk in first], at)
    _later(INVITED, event, [pk for pk in ids if pk not in first], max(at, others_from(event)))


def others_from(event: Event) -> datetime:
    """From when on those are asked that do not choose first."""
    return (event.opened_at or timezone.now()) + timedelta(days=event.priority_days)


def seated(event: Event, ids: Sequence[int], *, at: datetime) -> None:
    _later(SEAT, event, ids, at)


def moved(event: Event, *, at: datetime) -> None:
    """Whoever comes or waits, or has not said; not who stays away."""
    _later(MOVED, event, _knowing(event), at)


def off(event: Event, *, at: datetime) -> int:
    """As for another time; what was to be sent of the event is not. How many families."""
    ids = _knowing(event)
    parents.drop(_name(event), at=at)
    _later(OFF, event, ids, at)
    return len(ids)


def thank(event: Event, *, at: datetime) -> int:
    """Whoever came is thanked and asked how it was. How many families."""
    ids = list(Invitation.objects.came().filter(event=event, score=None).values_list("pk", flat=True))
    _later(THANKS, event, ids, at)
    return len(ids)


def _knowing(event: Event) -> list[int]:
    rows = Invitation.objects.filter(event=event).exclude(told_at=None).exclude(answer=Answer.NO)
    return list(rows.values_list("pk", flat=True))


def _later(kind: str, event: Event, ids: Iterable[int], at: datetime) -> None:
    rows = sorted(ids)
    due = quiet_hours().over(at, zone()) if quiet_hours().holds(at, zone()) else at
    for first in range(0, len(rows), AT_ONCE):
        later(TELL, due_at=due, kind=kind, event=event.pk, invitations=rows[first:first + AT_ONCE])


# -- by the worker ---------------------------------------------------------------------------------------------------------
@consumer(TELL)
def write(payload: dict[str, Any]) -> None:
    """One message a family, if it is still true; a family without a number is for a colleague to call."""
    event, now = Event.objects.select_related("campus").get(pk=payload["event"]), timezone.now()
    kind = payload["kind"]
    if kind != OFF and event.cancelled_at or kind in (INVITED, SEAT, MOVED) and event.starts_at <= now:
        return
    rows = Invitation.objects.filter(pk__in=payload["invitations"], customer__deleted_at=None)
    for row in rows.select_related("customer__campus").order_by("pk"):
        row.event = event
        if _is_true(kind, row):
            _write(kind, row, now)


def _is_true(kind: str, row: Invitation) -> bool:
    if kind == INVITED:
        return row.told_at is None and not row.answer
    return row.answer == Answer.YES if kind == SEAT else row.score is None if kind == THANKS else row.answer != Answer.NO


def _write(kind: str, row: Invitation, now: datetime) -> None:
    to = addressee(row.customer)
    if to is None:
        return
    name, until = _name(row.event), row.event.starts_at
    if kind in (OFF, THANKS):  # is not dropped with what was to be said before
        name, until = f"{name}-after", now + OF_USE
    about = About(name, f"service/events/{row.event_id}/", row.customer.campus, until)
    language = current_tenant().language
    parents.write(kind, Recipient(to.phone, "", language), facts_of(row, to.name, language), about,
                  key=f"{kind}-{row.pk}-{_once(kind, row)}", at=now)
    if kind == INVITED:
        Invitation.objects.filter(pk=row.pk).update(told_at=now)


def _once(kind: str, row: Invitation) -> int:
    """What makes a second message of a kind another one: another time of the event, another answer before the seat."""
    when = {MOVED: row.event.starts_at, SEAT: row.answered_at}.get(kind)
    return int(when.timestamp()) if when else 0


def facts_of(row: Invitation, guardian: str, language: str) -> dict[str, str]:
    """What a message about an event may name, in the family's language."""
    with translation.override(language):
        here = timezone.localtime(row.event.starts_at, zone())
        return {"school": current_tenant().name, "guardian": guardian, "event": row.event.title, "place": row.event.place,
                "when": f"{formats.date_format(here, 'MONTH_DAY_FORMAT')} {weekday(here.date())} {here:%H:%M}", "link": link_of(row)}


def _name(event: Event) -> str:
    return f"event-{event.pk}"
