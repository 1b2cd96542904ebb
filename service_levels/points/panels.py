"""What points add to a family's page: what it has, what lapses soon, and which prizes are in reach."""
from datetime import date
from typing import Any

from crm.asked import today
from service_levels.access import ORGANISE, VIEW
from service_levels.models import PointsRules
from service_levels.points import queries
from service_levels.points.booking import LOG
from tenancy.models import Membership


def of_family(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """On the page of today, in schools that give points."""
    if not member.may(VIEW) or day != today() or not PointsRules.objects.exists():
        return None
    return {"customer": customer, "standing": queries.standing(customer, day), "may_redeem": member.may(LOG),
            "may_give": member.may(ORGANISE)}
