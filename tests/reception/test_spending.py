"""What a period and a family cost: a month counts by its days, and neighbouring periods add up to what was entered."""

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.spending import each, rounded, spent

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
FENS = st.integers(1, 10**9)


def month_of(day: date) -> date:
    return day.replace(day=1)


@pytest.mark.parametrize(
    "first,last,fen",
    [
        (date(2026, 11, 1), date(2026, 11, 30), 300_000),
        (date(2026, 11, 1), date(2026, 11, 1), 10_000),
        (date(2026, 11, 21), date(2026, 12, 20), 100_000),
        (date(2026, 10, 1), date(2027, 1, 31), 300_000),
    ],
)
def test_a_month_counts_by_its_days(first, last, fen):
    assert spent([(NOVEMBER, "小红书", 300_000)], first, last) == {"小红书": fen}


def test_a_month_outside_costs_nothing():
    assert spent([(NOVEMBER, "小红书", 300_000)], DECEMBER, date(2026, 12, 31)) == {}


def test_months_of_one_channel_add_up_and_channels_stand_apart():
    costs = [(NOVEMBER, "小红书", 300_000), (DECEMBER, "小红书", 310_000), (DECEMBER, "抖音", 31_000)]

    assert spent(costs, NOVEMBER, date(2026, 12, 31)) == {"小红书": 610_000, "抖音": 31_000}
    assert spent(costs, date(2026, 11, 30), DECEMBER) == {"小红书": 20_000, "抖音": 1_000}


@given(DAYS, st.integers(0, 400), FENS)
def test_a_period_is_counted_as_day_by_day(first, days, fen):
    last = first + timedelta(days=days)
    month = month_of(first)
    per_day = Fraction(fen, monthrange(month.year, month.month)[1])
    inside = sum(month_of(first + timedelta(days=n)) == month for n in range(days + 1))

    assert spent([(month, "x", fen)], first, last) == {"x": rounded(per_day * inside)}


@given(DAYS, st.integers(1, 200), st.integers(1, 200), FENS)
def test_neighbouring_periods_add_up(first, one, two, fen):
    middle, end = first + timedelta(days=one), first + timedelta(days=one + two)
    costs = [(month_of(middle), "x", fen)]

    parts = [spent(costs, first, middle - timedelta(days=1)), spent(costs, middle, end)]

    together = sum(part.get("x", 0) for part in parts)
    assert abs(together - spent(costs, first, end).get("x", 0)) <= 1  # each part is rounded to a 分


@given(FENS, st.integers(1, 5000))
def test_what_one_family_cost_is_rounded_half_up(fen, families):
    assert each(fen, families) == int((Fraction(fen, families) + Fraction(1, 2)).__floor__())


def test_nobody_cost_nothing_that_could_be_said():
    assert each(300_000, 0) is None


@pytest.mark.parametrize("amount,fen", [("1/2", 1), ("1/3", 0), ("2/3", 1), ("3/2", 2), ("0", 0)])
def test_half_a_fen_is_rounded_up(amount, fen):
    assert rounded(Fraction(amount)) == fen
