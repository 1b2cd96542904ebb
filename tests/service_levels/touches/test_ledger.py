"""The ledger over weeks: whatever is said on whichever days, each week owes one call, kept exactly when somebody spoke in time."""
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.models import Anniversary, EntryKind, TimelineEntry
from service_levels.models import Entitlement, Touch, TouchRules
from service_levels.plans.deriving import rederive
from service_levels.touches.coverage import Kept, coverage
from service_levels.touches.sweep import sweep
from tests import makers
from tests.service_levels.conftest import AT, DAY, ONE, family, rated

FIRST = date(2026, 10, 12)  # a Monday; every weekday of the six weeks from here is open
WEEKS = 6
DAYS = [FIRST + ONE * n for n in range(7 * WEEKS)]
SPOKEN = st.sets(st.sampled_from(DAYS), max_size=12)
SLEPT = st.sets(st.sampled_from(DAYS[1:-1]), max_size=30)


@pytest.fixture
def customer(miao, head):
    row = family(1, "D", "low", owner=head)
    rederive(FIRST - 60 * ONE, at=AT)
    return row


def weeks() -> list[tuple[date, date]]:
    """(Monday, Friday) of each."""
    return [(FIRST + 7 * n * ONE, FIRST + (7 * n + 4) * ONE) for n in range(WEEKS)]


def clean() -> None:
    Touch.objects.all().delete()
    TimelineEntry.objects.all().delete()
    TouchRules.objects.all().delete()


@given(spoken=SPOKEN)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_week_owes_one_call_and_is_kept_when_somebody_spoke_by_friday(customer, head, spoken):
    clean()
    for day in DAYS:
        sweep(day, at=AT)
        if day in spoken:
            makers.entry(customer, on=day)
    sweep(DAYS[-1] + ONE, at=AT)

    rows = list(Touch.objects.filter(due_on__lte=DAYS[-1]).order_by("due_on"))
    assert [(row.opens_on, row.due_on) for row in rows] == weeks()
    for row in rows:
        after = sorted(day for day in spoken if day >= row.opens_on)
        assert (row.entry is not None, row.kept_on) == (bool(after), after[0] if after else None)
        in_time = bool(after) and after[0] <= row.due_on
        assert (row.missed_on is None) == in_time
    in_time = sum(any(first <= day <= last for day in spoken) for first, last in weeks())
    late = sum(row.entry is not None for row in rows) - in_time
    assert coverage(head, DAYS[-1]).total == Kept(WEEKS, in_time, late)
    broken = TimelineEntry.objects.filter(kind=EntryKind.PROMISE_BROKEN).count()
    assert broken == WEEKS - in_time


@given(slept=SLEPT, spoken=SPOKEN)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nights_that_were_slept_through_change_nothing_in_the_end(customer, slept, spoken):
    """A worker that was down some nights comes to the same ledger, for what was kept; only when it was noticed may differ."""
    clean()
    for day in spoken:
        makers.entry(customer, on=day)
    for day in DAYS:
        if day not in slept:
            sweep(day, at=AT)

    rows = Touch.objects.filter(due_on__lte=DAYS[-1]).order_by("due_on")
    assert [(row.opens_on, row.due_on) for row in rows] == weeks()
    for row in rows:
        after = sorted(day for day in spoken if day >= row.opens_on)
        assert row.kept_on == (after[0] if after else None)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_running_a_night_again_changes_nothing(customer, times):
    for _n in range(times):
        sweep(FIRST, at=AT)
        sweep(FIRST + ONE, at=AT)

    assert Touch.objects.count() == 1


def test_a_tier_that_goes_up_and_down_again_owes_what_it_owes_now(customer):
    sweep(FIRST, at=AT)
    rated(customer, "B", since=FIRST + 2 * ONE)
    rederive(FIRST + 2 * ONE, at=AT)
    sweep(FIRST + 2 * ONE, at=AT)
    assert {row.line for row in Touch.objects.open()} == {"K21(a)"}

    rated(customer, "D", since=FIRST + 7 * ONE)
    rederive(FIRST + 7 * ONE, at=AT)
    sweep(FIRST + 7 * ONE, at=AT)
    assert {(row.line, row.due_on) for row in Touch.objects.open()} == {("K29(a)", FIRST + 11 * ONE)}


def test_whoever_leaves_is_owed_nothing_more(customer):
    sweep(FIRST, at=AT)
    Entitlement.objects.update(until_on=FIRST + ONE)
    sweep(FIRST + ONE, at=AT)

    assert not Touch.objects.open().exists()


@pytest.mark.parametrize(("moon", "sun"), [
    ((8, 15), date(2026, 9, 25)),
    ((1, 1), date(2027, 2, 6)),
    ((12, 30), date(2027, 2, 5)),  # the last month of that year has twenty-nine days
])
def test_a_day_of_the_moon_moves_through_the_years(miao, moon, sun):
    customer = family(2, "A", "low")
    Anniversary.objects.create(family=customer.family, name="奶奶生日", month=moon[0], day=moon[1], lunar=True)
    rederive(sun - 90 * ONE, at=AT)
    sweep(sun - 7 * ONE, at=AT)
    sweep(sun, at=AT)

    touch = Touch.objects.get(line="K19(d)")
    assert sun - timedelta(days=6) <= touch.due_on <= sun


def test_a_birthday_is_owed_once_a_year(miao):
    family(2, "C", "low", born_on=date(2022, 11, 27))
    rederive(DAY - 90 * ONE, at=AT)
    for n in range(0, 400, 3):
        sweep(DAY + n * ONE, at=AT)

    found = list(Touch.objects.filter(line="K26(a)").order_by("due_on").values_list("due_on", flat=True))
    assert found == [date(2026, 11, 27), date(2027, 11, 26)]  # a Saturday the second time
