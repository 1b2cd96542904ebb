"""What the concessions add to other pages: on the first page what waits for a second person."""
from datetime import date
from typing import Any

from crm.asked import today
from service_levels.access import CONCEDE, PUBLISH, concessions
from service_levels.concessions import known, queries
from service_levels.models import Concession
from tenancy.models import Membership

FIRST = 5


def waiting(member: Membership) -> dict[str, Any] | None:
    """On the first page of who approves: what others asked for; of who asked: what was approved and is to be made use of."""
    if not member.may(CONCEDE):
        return None
    rows = concessions(member)
    asked = rows.waiting().exclude(asked_by=member) if member.may(PUBLISH) else rows.none()
    granted = rows.filter(state=Concession.State.GRANTED, asked_by=member).order_by("until_on")
    told = {"asked": list(asked[:FIRST]), "granted": list(granted[:FIRST])}
    return told if any(told.values()) else None


def of_family(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """On a family's page: what its plan promises off, with the rule and what it was given, for who may ask for it."""
    plan = known.plan_of(customer, day) if member.may(CONCEDE) else None
    if plan is None or not known.ruled(plan):
        return None
    return {"offered": queries.offered(customer, plan, known.in_force(), day), "customer": customer, "is_today": day == today()}
