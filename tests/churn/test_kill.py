"""A worker that is killed in the middle of a night: no school is half judged, and the night done again is as if nothing had happened."""
import subprocess
import sys
from datetime import UTC, datetime

import pytest
import time_machine

from churn.models import RiskNight, RiskStanding
from churn.tasks import sweep_one
from tenancy.scope import tenant_scope
from tests.browser.conftest import ROOT
from tests.churn.conftest import home
from tests.conftest import make_school

NIGHT = datetime(2026, 11, 19, 19, 0, tzinfo=UTC)
WORK = """
import sys, django, time_machine
from datetime import UTC, datetime
django.setup()
from churn.tasks import sweep_one
with time_machine.travel(datetime(2026, 11, 19, 19, 0, tzinfo=UTC), tick=False):
    for pk in sys.argv[1:]:
        sweep_one(int(pk))
        print(pk, flush=True)
"""
FAMILIES = 12


@pytest.fixture
def schools(transactional_db):
    found = [make_school(f"school{n}") for n in range(4)]
    for school in found:
        with tenant_scope(school):
            for number in range(FAMILIES):
                home(number, transfer=number % 3, complaints=number % 2)
    return found


def told(school) -> list[tuple]:
    with tenant_scope(school):
        standings = RiskStanding.objects.order_by("customer").values_list("customer", "from_on", "until_on", "score",
                "band")
        return [*standings, *RiskNight.objects.values_list("day", "families", "watch", "high")]


def judged(school) -> int:
    with tenant_scope(school):
        return RiskStanding.objects.count()


def test_a_killed_night_leaves_whole_schools_and_is_taken_up_again(schools):
    worker = subprocess.Popen([sys.executable, "-c", WORK, *[str(school.pk) for school in schools]], cwd=ROOT,
            stdout=subprocess.PIPE, text=True)
    assert worker.stdout.readline().strip() == str(schools[0].pk)  # the first school is done, the second has just begun
    worker.kill()
    worker.wait(20)
    halfway = [judged(school) for school in schools]

    with time_machine.travel(NIGHT, tick=False):
        for school in schools:
            sweep_one(school.pk)
        once = [told(school) for school in schools]
        for school in schools:
            sweep_one(school.pk)

    assert halfway[0] == FAMILIES and set(halfway) <= {0, FAMILIES} and halfway[-1] == 0
    assert [judged(school) for school in schools] == [FAMILIES] * 4
    assert [told(school) for school in schools] == once
    assert all(len(rows) == FAMILIES + 1 for rows in once)
