"""What the cases add to a family's page."""
from datetime import date
from typing import Any

from churn.models import ChurnCase
from tenancy.models import Membership


def cases_of(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """The family's cases, the newest first, and the door to a new one; nothing for who may not see them or where there is nothing to do."""
    if not member.may("churn.view") or not hasattr(customer, "family"):
        return None
    rows = list(ChurnCase.objects.filter(customer=customer, opened_on__lte=day).select_related("child", "owner")[:6])
    may_open = member.may("churn.case")
    return {"rows": rows, "may_open": may_open, "customer": customer.pk} if rows or may_open else None
