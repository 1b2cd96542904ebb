"""What winning back adds to a family's page, for who may see risks."""
from datetime import date
from typing import Any

from crm.asked import today
from service_levels.models import WinBack
from service_levels.winback.queries import served_by_the_group
from service_levels.winback.working import DO, SEE
from tenancy.models import Membership


def of_family(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """The plan that is open, or the last one; without any, whether one is owed."""
    if not member.may(SEE):
        return None
    rows = WinBack.objects.filter(customer=customer, opened_on__lte=day).select_related("lead")
    row = rows.open().first() or rows.order_by("-closed_on", "-pk").first()
    if row is None and not served_by_the_group().filter(customer=customer).exists():
        return None
    may_begin = member.may(DO) and day == today() and (row is None or row.state != WinBack.State.OPEN)
    return {"customer": customer, "row": row, "may_begin": may_begin}
