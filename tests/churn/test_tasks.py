"""What beat starts for churn: every school once, by the campus's day, however often the task is delivered."""
from datetime import UTC, datetime

import time_machine

from churn.models import RiskNight, RiskStanding
from churn.tasks import sweep_one
from tenancy.scope import tenant_scope
from tests.churn.conftest import home

NIGHT = datetime(2026, 11, 19, 19, 0, tzinfo=UTC)  # three in the morning of the 20th in China


def test_a_school_is_swept_as_of_the_campuss_day_and_a_second_delivery_changes_nothing(school):
    with tenant_scope(school):
        home(1, transfer=1)
    with time_machine.travel(NIGHT, tick=False):
        sweep_one(school.pk)
        sweep_one(school.pk)

    with tenant_scope(school):
        assert [str(row.from_on) for row in RiskStanding.objects.all()] == ["2026-11-20"]
        assert [(str(row.day), row.families) for row in RiskNight.objects.all()] == [("2026-11-20", 1)]


def test_an_empty_school_is_swept_without_a_fault(school):
    sweep_one(school.pk)

    with tenant_scope(school):
        assert not RiskStanding.objects.exists()
