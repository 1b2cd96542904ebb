"""写给家长: that there is an answer, or a result to look at and to rate; the message has a link and not a word of the matter (K43e, S21d).

Nobody is woken for it, and each answer is told once. Where no number is known nothing is written: a colleague calls.
"""
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone

from crm.opening import quiet_hours, zone
from crm.queries import addressee
from notifications import parents
from notifications.actions import consumer, later
from notifications.parents import About, Recipient
from service_levels.models import ServiceRequest
from service_levels.requests import links
from tenancy.scope import current_tenant

TELL = "service.tell_family"
ANSWERED, SETTLED = "service.answered", "service.settled"
OF_USE = timedelta(days=7)


def reachable(row: ServiceRequest) -> bool:
    """Whether there is a number to write to."""
    return bool(row.phone_index or row.customer and addressee(row.customer))


def soon(row: ServiceRequest, kind: str, *, at: datetime) -> None:
    """Write it now, or when the quiet hours are over."""
    if reachable(row):
        event = row.events.aggregate(last=Max("id"))["last"]
        due = quiet_hours().over(at, zone()) if quiet_hours().holds(at, zone()) else at
        later(TELL, due_at=due, request=row.pk, kind=kind, event=event)


@consumer(TELL)
def write(payload: dict[str, Any]) -> None:
    row, now = ServiceRequest.objects.select_related("customer", "campus", "customer__campus").get(pk=payload["request"]), timezone.now()
    if payload["kind"] == SETTLED and row.resolved_at is None:
        return  # opened again meanwhile
    to = addressee(row.customer) if row.customer else None
    name, phone = (row.caller, row.phone) if row.phone else (to.name, to.phone) if to else ("", "")
    if phone:
        facts = {"school": current_tenant().name, "guardian": name, "number": row.number, "link": links.link_of(row)}
        parents.write(payload["kind"], Recipient(phone, "", row.language or current_tenant().language), facts,
                      About(f"request-{row.pk}", f"service/requests/{row.pk}/", row.place, now + OF_USE),
                      key=f"request-{row.pk}-{payload['event']}", at=now)
