"""What the worker does after an act of churn: the sweep that new rules ask for, and back-tests."""
from typing import Any

from django.utils import timezone

from churn.risk import backtest, sweep  # noqa: F401  (backtest registers its own consumer)
from churn.risk.weighing import SWEEP
from crm.asked import today
from notifications.actions import consumer


@consumer(SWEEP)
def swept(payload: dict[str, Any]) -> None:
    """Every family judged by the rules in force now."""
    sweep.rederive(today(), today=today(), at=timezone.now())
