"""What a school's plans come to on a day: who is served by which, and which contacts that makes somebody owe."""
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from crm.asked import today
from service_levels.plans.deriving import rederive
from service_levels.touches.sweep import sweep


def derive(day: date, *, at: datetime) -> None:
    """Entitlements first, then what is owed by them; running twice changes nothing more."""
    rederive(day, at=at)
    sweep(day, at=at)


def after_publishing(_batch: Any) -> None:
    """New tiers are new plans the same day."""
    derive(today(), at=timezone.now())
