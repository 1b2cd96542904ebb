"""What the touches add to other pages: on the first page whom to call, on a family's page what it is owed and what became of it."""
from datetime import date
from typing import Any

from crm.asked import today
from service_levels.access import VIEW
from service_levels.market.queries import told
from service_levels.touches import coverage, queries
from tenancy.models import Membership

FIRST = 5


def to_call(member: Membership) -> dict[str, Any] | None:
    """On the first page: one's own families that are owed, the most urgent first."""
    if not member.may(VIEW):
        return None
    found = queries.due(member, queries.Asked(), today())
    rows = queries.households(member, found[:FIRST], today())
    return {"rows": rows, "count": len(found), "late": sum(row.first < today() for row in found)} if rows else None


def of_family(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """On a family's page: what is owed now, and what became of the last ones. Not of a day that is over."""
    if not member.may(VIEW) or day != today():
        return None
    owed, past = queries.touches_of([customer.pk], day).get(customer.pk, []), queries.named(coverage.history(customer, day))
    return {"owed": owed, "talks": [touch for touch in owed if touch.occasion not in queries.BY_HAND],
            "gifts": [touch for touch in owed if touch.occasion in queries.BY_HAND],
            "past": past, "day": day, "customer": customer, "note": told(day) if owed else None} if owed or past else None
