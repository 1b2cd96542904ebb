"""人手、设备和预算: what a school has for keeping its promises, entered by who writes plans (S23–S25)."""
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from audit.actions import record
from service_levels.access import EDIT
from service_levels.models import ServiceMeans
from tenancy.access import must
from tenancy.models import Membership


@transaction.atomic
def keep(hours_week: int, budget_fen: int, tools: Mapping[str, int] | None = None, *, by: Membership, at: datetime) -> ServiceMeans:
    """``tools``: how often a week each piece of equipment can be used (S24b)."""
    must(by, EDIT)
    row = ServiceMeans.objects.select_for_update().first() or ServiceMeans()
    row.hours_week, row.budget_fen, row.tools, row.by, row.at = hours_week, budget_fen, dict(tools or {}), by, at
    row.save()
    record(by, "service.means_kept", row, hours=hours_week, fen=budget_fen)
    return row
