"""One night: beat → fan_out → one task per school (DESIGN §2)."""
from typing import Any

from tenancy.models import Tenant


def fan_out(task: Any, *arguments: Any) -> None:
    """Ask for a task once for every school that is open, by its id."""
    for pk in Tenant.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True):
        task.delay(pk, *arguments)
