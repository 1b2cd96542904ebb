"""What the worker does after an act of service levels."""
from typing import Any

from django.utils import timezone

from crm.asked import today
from notifications.actions import consumer
from service_levels import nightly
from service_levels.plans.drafting import IN_FORCE


@consumer(IN_FORCE)
def in_force(payload: dict[str, Any]) -> None:
    """New plans are new entitlements the same day."""
    nightly.derive(today(), at=timezone.now())
