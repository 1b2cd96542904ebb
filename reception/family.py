"""What reception adds to a family's page."""
from datetime import date
from typing import Any

from crm.models import Customer
from reception.contracts.access import RIGHT
from reception.models import Contract
from tenancy.models import Membership


def contracts_of(member: Membership, customer: Customer, day: date) -> dict[str, Any] | None:
    """The family's contracts up to a day, and the way to the next one."""
    if not member.may(RIGHT) or getattr(customer, "family", None) is None:
        return None
    rows = Contract.objects.filter(customer=customer, created_at__date__lte=day).select_related("child", "campus")
    return {"rows": list(rows[:6]), "customer": customer}
