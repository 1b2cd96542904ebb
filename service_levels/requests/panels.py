"""What the requests add to other pages: on the first page what waits for one, on a family's page what it asked for."""
from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone

from crm.asked import today
from service_levels.access import VIEW
from service_levels.models import ServiceRequest
from service_levels.requests import queries
from service_levels.requests.queries import Asked
from tenancy.models import Membership

FIRST = 5


def waiting(member: Membership) -> dict[str, Any] | None:
    """On the first page: one's own and nobody's, the next deadline first."""
    if not member.may("crm.log"):
        return None
    now = timezone.now()
    rows = queries.shown(queries.listed(member, Asked(), now)[:FIRST], now)
    return {"rows": rows, "counts": queries.counts(member, now)} if rows else None


def of_family(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """On a family's page: what it asked for up to a day, what is open first."""
    if not member.may(VIEW):
        return None
    rows = ServiceRequest.objects.filter(customer=customer, opened_at__date__lte=day).select_related("campus", "customer__campus", "owner")
    listed = list(rows.order_by(F("resolved_at").desc(nulls_first=True), "-opened_at")[:FIRST])
    if not listed and not member.may("crm.log"):
        return None
    return {"rows": queries.shown(listed, timezone.now()), "customer": customer, "may_log": member.may("crm.log") and day == today()}
