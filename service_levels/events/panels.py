"""What events add to a family's page: what it cares for, what it is asked to and came to."""
from datetime import date
from typing import Any

from crm.asked import today
from service_levels.access import VIEW
from service_levels.events.interests import LOG
from service_levels.models import Interest, Invitation
from tenancy.models import Membership

LATEST = 4


def of_family(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    if not member.may(VIEW):
        return None
    asked = Invitation.objects.filter(customer=customer, invited_on__lte=day).select_related("event")
    rows = list(asked.order_by("-event__starts_at")[:LATEST])
    known = {row.interest_id for row in customer.interests.all()}
    may_log = member.may(LOG) and day == today()
    interests = list(Interest.objects.all()) if may_log else list(Interest.objects.filter(pk__in=known))
    if not rows and not interests:
        return None
    return {"customer": customer, "rows": rows, "interests": interests, "known": known, "may_log": may_log}
