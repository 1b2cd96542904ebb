"""挽回 as rows: what the database itself keeps out, and how rows say what they are."""
import pytest
from django.db import IntegrityError, transaction

from service_levels.models import WinBack, WinBackStep
from tests.churn.conftest import DAY
from tests.service_levels.conftest import family


@pytest.fixture
def row(miao, on_the_day) -> WinBack:
    return WinBack.objects.create(customer=family(1), lead=miao.head, why="x", strategy="y", opened_on=DAY, by=miao.head)


def is_kept_out(make) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("more", [{"state": "kept"}, {"state": "kept", "closed_on": DAY}, {"state": "lost", "result": "x"}, {"closed_on": DAY}])
def test_an_end_has_a_day_and_a_result(row, more):
    assert is_kept_out(lambda: WinBack.objects.filter(pk=row.pk).update(**more))


def test_a_family_has_one_that_is_open(row):
    assert is_kept_out(lambda: WinBack.objects.create(customer=row.customer, lead=row.lead, why="x", strategy="y", opened_on=DAY, by=row.by))
    WinBack.objects.update(state="kept", result="x", closed_on=DAY)

    assert not is_kept_out(lambda: WinBack.objects.create(customer=row.customer, lead=row.lead, why="x", strategy="y", opened_on=DAY, by=row.by))


@pytest.mark.parametrize("more", [{"done_on": DAY}, {"shown_on": DAY}, {"result": "x", "shown_on": DAY}])
def test_a_measure_is_done_with_a_result_and_then_shown(row, more):
    assert is_kept_out(lambda: WinBackStep.objects.create(winback=row, what="x", member=row.lead, due_on=DAY, **more))


def test_what_makes_sense_is_kept(row):
    made = WinBackStep.objects.create(winback=row, what="换午睡室", member=row.lead, due_on=DAY, done_on=DAY, result="x", shown_on=DAY)

    assert (str(made), str(row)) == ("换午睡室", "在挽回 2026-11-20")
