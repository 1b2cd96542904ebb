"""How good a warning was: counts by hand, and against counting one family after the other."""
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.risk.figures import ENOUGH, FATES, Reading, Seen, Share, figures, reading
from churn.risk.rules import SIGNS, Band

NONE = (None,) * len(SIGNS)


def shows(*signs):
    return tuple(5 if code in signs else 0 for code in SIGNS)


families = st.lists(st.builds(
    Seen, st.sampled_from([str(band) for band in Band]), st.tuples(*[st.none() | st.integers(0,
            9)] * len(SIGNS)), st.sampled_from(FATES),
    st.none() | st.integers(0, 400)), max_size=40)


def test_a_school_by_hand():
    counted = figures([
        Seen("high", shows("run"), "lost", 20), Seen("high", shows("run", "lapsed"), "lost", 40), Seen("high",
                shows("lapsed"), "stayed"),
        Seen("watch", shows("lapsed"), "lost", 90), Seen("low", shows(), "stayed"), Seen("low", NONE, "lost"),
        Seen("high", shows("run"), "natural", 10), Seen("low", shows("run"), "unsaid", 5)])

    assert (counted["n"], counted["lost"], counted["natural"], counted["unsaid"]) == (6, 4, 1, 1)
    assert counted["bands"] == {"high": [3, 2], "watch": [1, 1], "low": [2, 1]}
    assert (counted["signs"]["run"], counted["signs"]["lapsed"], counted["signs"]["missed"]) == ([2, 2], [3, 2], [0, 0])
    assert (counted["lead"], counted["lead_n"]) == (30, 2)


def test_nobody_is_nothing():
    counted = figures([])

    assert (counted["n"], counted["lost"], counted["lead"], counted["lead_n"]) == (0, 0, None, 0)
    assert reading(counted) == Reading(Share(0, 0), Share(0, 0), Share(0, 0))


def test_who_left_on_an_unknown_day_has_no_lead():
    counted = figures([Seen("high", NONE, "lost"), Seen("high", NONE, "lost", 7)])

    assert (counted["lead"], counted["lead_n"]) == (7, 1)


@given(seen=families)
def test_the_counts_are_what_one_counts_one_by_one(seen):
    counted = figures(iter(seen))
    found = reading(counted)

    judged = [one for one in seen if one.fate in ("stayed", "lost")]
    high = [one for one in judged if one.band == "high"]
    lost = [one for one in judged if one.fate == "lost"]
    both = [one for one in high if one.fate == "lost"]
    assert (found.precision, found.recall, found.base) == (Share(len(both), len(high)), Share(len(both), len(lost)),
            Share(len(lost), len(judged)))
    assert sum(n for n, _lost in counted["bands"].values()) == len(judged)
    assert counted["n"] + counted["natural"] + counted["unsaid"] == len(seen)


@given(seen=families)
def test_a_wider_warning_catches_no_fewer(seen):
    counted = figures(seen)

    narrow, wide = reading(counted), reading(counted, (Band.HIGH, Band.WATCH))

    assert wide.recall.hits >= narrow.recall.hits and wide.precision.of >= narrow.precision.of


@pytest.mark.parametrize(("hits", "of", "rate"), [
    (0, 0, None),
    (29, 29, None),
    (15, ENOUGH, 0.5),
    (0, 30, 0.0),
    (1, 31, float(Fraction(1, 31))),
])
def test_no_share_is_spoken_of_below_thirty(hits, of, rate):
    assert Share(hits, of).rate == rate


@pytest.mark.parametrize(("precision", "base", "helps"), [
    (Share(20, 40), Share(30, 100), True),
    (Share(12, 40), Share(30, 100), False),
    (Share(11, 40), Share(30, 100), False),
    (Share(20, 29), Share(30, 100), None),
    (Share(20, 40), Share(3, 29), None),
])
def test_a_warning_helps_where_it_is_a_better_guess_than_anybody(precision, base, helps):
    assert Reading(precision, Share(1, 1), base).helps is helps
