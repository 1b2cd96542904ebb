"""What a save offer costs, and how it stands beside a refund."""
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.refunds.offers import Beside, lessons_cost

FEN = st.integers(0, 10**8)


@pytest.mark.parametrize(("lessons", "paid", "whole", "cost"), [
    (4, 300000, 30, 40000),
    (1, 100, 3, 33),
    (2, 100, 3, 67),
    (1, 1, 2, 1),
    (1, 300000, 0, 0),
    (0, 300000, 30, 0),
])
def test_lessons_cost_what_the_family_paid_for_each(lessons, paid, whole, cost):
    assert lessons_cost(lessons, paid, whole) == cost


@given(st.integers(0, 200), FEN, st.integers(1, 300))
def test_the_cost_is_within_half_a_fen_of_the_exact_one(lessons, paid, whole):
    assert abs(lessons_cost(lessons, paid, whole) - Fraction(lessons * paid, whole)) <= Fraction(1, 2)


@pytest.mark.parametrize(("refund", "year", "offer", "one_in", "never", "saved"), [
    (200000, 1200000, 40000, 30, False, 160000),
    (200000, 50000, 40000, 1, False, 160000),
    (200000, 30000, 40000, None, True, 160000),
    (200000, 1200000, 0, None, False, 200000),
    (10000, 0, 20000, None, True, -10000),
    (0, 0, 0, None, False, 0),
])
def test_refund_and_offer_beside_each_other(refund, year, offer, one_in, never, saved):
    found = Beside(refund, year, offer)

    assert (found.one_in, found.never_pays, found.saved_fen) == (one_in, never, saved)


@given(FEN, FEN, st.integers(1, 10**8))
def test_one_in_so_many_pays_for_itself_and_one_more_would_not(refund, year, offer):
    many = Beside(refund, year, offer).one_in

    assert many is None or many * offer <= year < (many + 1) * offer
