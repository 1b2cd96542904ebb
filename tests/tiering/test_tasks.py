"""What beat starts: each scheme once a quarter, however often the task is delivered."""
from datetime import UTC, datetime

import pytest
import time_machine

from tenancy.scope import tenant_scope
from tests import makers
from tiering.models import Batch
from tiering.tasks import rejudge, retier

NIGHT = datetime(2026, 9, 30, 18, 0, tzinfo=UTC)  # two in the morning of 1 October in China


@pytest.mark.django_db
def test_the_quarterly_task_computes_each_scheme_once(school):
    with tenant_scope(school):
        makers.family()
    with time_machine.travel(NIGHT, tick=False):
        retier(school.pk)
        retier(school.pk)

    with tenant_scope(school):
        found = sorted(Batch.objects.values_list("version__scheme__code", "as_of", "state"))
    assert [(code, str(day), state) for code, day, state in found] == [
        ("kg-ad", "2026-09-30", "computed"), ("partner", "2026-09-30", "computed"), ("prospect", "2026-09-30", "computed")]


def test_the_nightly_sweep_runs_on_an_empty_school(school):
    rejudge(school.pk)

    with tenant_scope(school):
        assert Batch.objects.count() == 0
