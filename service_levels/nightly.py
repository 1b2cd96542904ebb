"""What a school's plans come to on a day: who is served by which, which contacts that makes somebody owe, what was not made use of."""
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from crm.asked import today
from service_levels.concessions.working import lapse
from service_levels.events import sweep as events
from service_levels.market import reminding as market
from service_levels.notices.noting import note
from service_levels.plans.deriving import rederive
from service_levels.points import booking
from service_levels.team import leaving
from service_levels.touches.sweep import sweep
from service_levels.winback import sweep as winback


def derive(day: date, *, at: datetime) -> None:
    """Who stands in for whom and entitlements first, then what families are to hear of them and what is owed by them, then concessions
    and points whose days are over, the events that are prepared or were held, who is to be won back, what is to be written of the market.

    Running twice changes nothing more.
    """
    leaving.nightly(day)
    rederive(day, at=at)
    note(day)
    sweep(day, at=at)
    lapse(day, at=at)
    booking.nightly(day, at=at)
    events.nightly(day, at=at)
    winback.nightly(day, at=at)
    market.nightly(day, at=at)


def after_publishing(_batch: Any) -> None:
    """New tiers are new plans the same day."""
    derive(today(), at=timezone.now())
