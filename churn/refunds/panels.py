"""What refunds add to a family's page, and what merged families keep."""
from datetime import date
from typing import Any

from django.db.models import Exists, Q

from churn.models import RefundRequest
from tenancy.models import Membership


def refunds_of(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """The family's applications, the newest first, and the door to a new one."""
    if not member.may("churn.refund") or not hasattr(customer, "family"):
        return None
    rows = RefundRequest.objects.filter(customer=customer, asked_on__lte=day).select_related("child")[:6]
    return {"rows": list(rows), "customer": customer.pk}


def stays_when_merged(survivor: int) -> Q:
    """Of two families that are one, both with an open application of the family as such, the survivor's goes on."""
    whole = Q(child=None, state__in=RefundRequest.OPEN)
    return whole & Q(Exists(RefundRequest.objects.filter(whole, customer=survivor)))
