"""Five shares out of one tally: each by hand, and laws for any tally."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.measures.indicators import MORE_IS_BETTER, Tally, count_of, tally_of
from churn.measures.verdict import Count
from churn.models import Formula, Indicator

TALLY = Tally(start=80, end=71, renewed=60, loyal=66, referred=12, left=9, answered=40, satisfied=31)


@st.composite
def tallies(draw):
    """Any tally that families can make: of those at the start some left, the others stayed; the end holds them and newcomers."""
    start = draw(st.integers(0, 500))
    left = draw(st.integers(0, start))
    stayed, answered = start - left, draw(st.integers(0, 500))
    return Tally(start, stayed + draw(st.integers(0, 300)), draw(st.integers(0, stayed)),
            draw(st.integers(0, stayed)), draw(st.integers(0, start)),
                 left, answered, draw(st.integers(0, answered)))


@pytest.mark.parametrize(("indicator", "formula", "count"), [
    ("satisfaction", "start", Count(31, 40)),
    ("satisfaction", "end", Count(31, 40)),
    ("loyalty", "start", Count(66, 80)),
    ("referral", "average", Count(12, 80)),
    ("churn", "end", Count(9, 80)),
    ("renewal", "start", Count(60, 80)),
    ("renewal", "end", Count(60, 71)),
    ("renewal", "average", Count(60, 76)),
])
def test_each_indicator_is_so_many_of_so_many(indicator, formula, count):
    assert count_of(TALLY, indicator, formula) == count


@given(tally=tallies(), indicator=st.sampled_from(Indicator.values), formula=st.sampled_from(Formula.values))
def test_every_indicator_of_any_tally_is_a_share(tally, indicator, formula):
    count = count_of(tally, indicator, formula)

    assert 0 <= count.hits <= count.of
    assert count.share is None or 0 <= count.share <= 1


@given(tally=tallies())
def test_the_average_lies_between_the_other_two_formulas(tally):
    start, average, end = (count_of(tally, "renewal", formula).of for formula in ("start", "average", "end"))

    assert min(start, end) <= average <= max(start, end)


@given(tally=tallies())
def test_who_left_is_not_loyal_and_nobody_is_both(tally):
    assert count_of(tally, "churn", "start").hits + count_of(tally, "loyalty", "start").hits <= tally.start


@given(tally=tallies())
def test_a_tally_is_the_same_after_it_was_stored(tally):
    assert tally_of(tally.as_json()) == tally


def test_a_tally_that_was_stored_before_a_figure_existed_reads_as_zero():
    assert tally_of({"start": 5, "left": 1, "unknown": 7}) == Tally(start=5, left=1)


def test_only_churn_gets_better_by_going_down():
    assert {code for code, better in MORE_IS_BETTER.items() if not better} == {"churn"}
    assert set(MORE_IS_BETTER) == set(Indicator.values)


def test_nobody_asked_is_an_empty_count_and_no_guess():
    assert [count_of(Tally(), indicator, "start") for indicator in Indicator.values] == [Count(0, 0)] * 5
