"""What the talks add to a family's page: the latest, for families whose plan gives them a say or that have had one."""
from datetime import date
from typing import Any

from crm.asked import today
from service_levels.access import VIEW
from service_levels.cooperation.queries import SOURCE
from service_levels.cooperation.working import LOG
from service_levels.models import Cooperation
from service_levels.plans.queries import entitlement_on
from tenancy.models import Membership

LATEST = 3


def of_family(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    if not member.may(VIEW):
        return None
    rows = list(Cooperation.objects.filter(customer=customer, on__lte=day)[:LATEST])
    if not rows and not _has_a_say(customer, day):
        return None
    return {"customer": customer, "rows": rows, "may_log": member.may(LOG) and day == today()}


def _has_a_say(customer: Any, day: date) -> bool:
    found = entitlement_on(customer, day)
    plan = found.version.as_book().plan(found.plan) if found else None
    return plan is not None and any(line.source.startswith(SOURCE) for line in plan.lines)
