"""先联系谁: tier × risk × lateness; A at risk always before D at ease (B4)."""
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.risk.rules import Band
from service_levels.touches.ranking import lateness, urgency, weight

DAYS = st.integers(-400, 400)
PLACES = st.integers(0, 3)
BANDS = st.sampled_from(list(Band))


@pytest.mark.parametrize(("place", "worth"), [
    (0, 4),
    (3, 1),
    (None, 2),
])
def test_the_best_tier_weighs_most_and_who_is_not_rated_stands_in_the_middle(place, worth):
    assert weight(place, 4) == worth


@pytest.mark.parametrize(("days", "worth"), [
    (-9, "1/2"),
    (-1, "1/2"),
    (0, 1),
    (1, "3/2"),
    (4, 3),
    (90, 3),
])
def test_lateness_counts_up_to_four_days(days, worth):
    assert lateness(days) == Fraction(worth)


@given(first=DAYS, second=DAYS)
def test_the_best_at_risk_come_before_the_last_at_ease_however_late(first, second):
    assert urgency(0, 4, "high", first) > urgency(3, 4, "low", second)


@given(place=PLACES, band=BANDS, days=DAYS, more=st.integers(0, 90))
def test_whoever_waits_longer_is_never_less_urgent(place, band, days, more):
    assert urgency(place, 4, band, days + more) >= urgency(place, 4, band, days)


@given(band=BANDS, days=DAYS, better=PLACES, worse=PLACES)
def test_a_better_tier_is_never_less_urgent(band, days, better, worse):
    assert urgency(min(better, worse), 4, band, days) >= urgency(max(better, worse), 4, band, days)
