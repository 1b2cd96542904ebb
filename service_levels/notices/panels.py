"""What the notices add to other pages: on the first page what waits for one's word, on a family's what it is to be told."""
from datetime import date
from typing import Any

from crm.asked import today
from service_levels.access import PUBLISH, VIEW
from service_levels.notices import queries
from service_levels.notices.telling import LOG
from tenancy.models import Membership


def waiting(member: Membership) -> dict[str, Any] | None:
    """For who approves what is written, and for who looks after families that have less than before."""
    if not member.may(VIEW) or not member.may(LOG):
        return None
    told = queries.counts(member)
    shown = {"more": told["more"] if member.may(PUBLISH) else 0, "mine": told["mine"]}
    return shown if any(shown.values()) else None


def of_family(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """On a family's page of today: what it is to be told."""
    rows = queries.of_family(customer) if member.may(VIEW) and day == today() else []
    return {"rows": rows, "may_log": member.may(LOG)} if rows else None
