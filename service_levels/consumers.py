"""What the worker does after an act of service levels."""
from typing import Any

from django.utils import timezone

from crm.asked import today
from notifications.actions import consumer
from service_levels import nightly
from service_levels.plans.drafting import IN_FORCE
from service_levels.requests import recounting


@consumer(IN_FORCE)
def in_force(payload: dict[str, Any]) -> None:
    """New plans are new entitlements the same day."""
    nightly.derive(today(), at=timezone.now())
    recounting.propose(recounting.Why.PLANS, at=timezone.now())


@consumer(recounting.RECOUNT)
def recount(payload: dict[str, Any]) -> None:
    """What a changed calendar would do to deadlines waits for somebody's word."""
    recounting.propose(payload["why"], at=timezone.now())
