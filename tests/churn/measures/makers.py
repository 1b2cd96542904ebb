"""Measures for tests."""
from datetime import date, timedelta

from churn.measures.working import Plan, plan
from churn.models import Measure
from tests.churn.conftest import AT


def planned(by, day: date, **more) -> Plan:
    usual = {"title": "主班一年不换", "department": "teaching", "owner": by, "starts_on": day,
            "due_on": day + timedelta(days=30), "indicator": "churn"}
    return Plan(**usual | more)


def measure(by, day: date, *, steps=(), meeting=None, follows=None, at=AT, **more) -> Measure:
    """One that ``by`` has planned and does, from the day on."""
    return plan(planned(by, day, **more), by=by, at=at, steps=list(steps), meeting=meeting, follows=follows)
