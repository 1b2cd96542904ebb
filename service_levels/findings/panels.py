"""What reasons and changes add to a family's page: the latest, for families whose plan asks for them or that have had one."""
from datetime import date
from typing import Any

from crm.asked import today
from service_levels.access import VIEW
from service_levels.findings.queries import SOURCE
from service_levels.findings.working import LOG
from service_levels.models import Finding
from service_levels.plans.queries import served_by
from tenancy.models import Membership

LATEST = 3


def of_family(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    if not member.may(VIEW):
        return None
    rows = list(Finding.objects.filter(customer=customer, on__lte=day).select_related("cause")[:LATEST])
    if not rows and not served_by(lambda line: line.source == SOURCE).filter(customer=customer).exists():
        return None
    return {"customer": customer, "rows": rows, "may_log": member.may(LOG) and day == today()}
