"""What the concessions add to other pages: on the first page what waits for a second person."""
from datetime import date
from typing import Any

from django.db.models import Q

from crm.asked import today
from service_levels.access import CONCEDE, PUBLISH, concessions
from service_levels.concessions import known, queries
from service_levels.models import Concession
from tenancy.models import Membership

FIRST, MOST = 5, 100
State = Concession.State


def waiting(member: Membership) -> dict[str, Any] | None:
    """On the first page of who approves: what others asked for; of who asked: what was approved and is to be made use of."""
    if not member.may(CONCEDE):
        return None
    to_give = Q(state=State.GRANTED, asked_by=member)
    to_decide = Q(state=State.ASKED) & ~Q(asked_by=member)
    which = to_decide | to_give if member.may(PUBLISH) else to_give
    found = concessions(member).filter(which).order_by("until_on", "-asked_at")[:MOST]
    told: dict[str, Any] = {state: [row for row in found if row.state == state][:FIRST] for state in (State.ASKED, State.GRANTED)}
    return told if any(told.values()) else None


def of_family(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """On a family's page: what its plan promises off, with the rule and what it was given, for who may ask for it."""
    plan = known.plan_of(customer, day) if member.may(CONCEDE) else None
    if plan is None or not known.ruled(plan):
        return None
    return {"offered": queries.offered(customer, plan, known.in_force(), day), "customer": customer, "is_today": day == today()}
