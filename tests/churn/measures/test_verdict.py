"""Did a measure help: published figures, an independent implementation by scipy, exact coverage, and the rule word by word."""
from itertools import product
from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from churn.measures.verdict import LEAST, Comparison, Count, Group, Verdict, compare, interval


def group(before: tuple[int, int], after: tuple[int, int]) -> Group:
    return Group(Count(*before), Count(*after))


def independently(signed) -> tuple[float, float, float]:
    """The same sum from scipy's Wilson limits, written out share by share."""
    net = sum(sign * hits / of for (hits, of), sign in signed)
    under = over = 0.0
    for (hits, of), sign in signed:
        share, limits = hits / of, binomtest(hits, of).proportion_ci(0.95, method="wilson")
        low, high = (share - limits.low, limits.high - share)
        under += (low if sign == 1 else high) ** 2
        over += (high if sign == 1 else low) ** 2
    return net, net - sqrt(under), net + sqrt(over)


@st.composite
def counts(draw, least: int = 0, most: int = 400):
    of = draw(st.integers(least, most))
    return draw(st.integers(0, of)), of


# -- the interval ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("first", "second", "low", "high"), [  # Newcombe 1998, table II, method 10
    ((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((6, 7), (2, 7), 0.0582,
            0.8062), ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775), ((0, 10), (0, 10), -0.2775, 0.2775), ((10, 10), (0, 20), 0.6791,
            1.0), ((10, 10), (0, 10), 0.6075, 1.0)])
def test_the_difference_of_two_shares_is_as_published(first, second, low, high):
    _net, found_low, found_high = interval([(Count(*first), 1), (Count(*second), -1)])

    assert (round(found_low, 4), round(found_high, 4)) == (low, high)


@given(parts=st.lists(st.tuples(counts(least=1), st.sampled_from([1, -1])), min_size=1, max_size=4))
def test_it_says_what_an_independent_implementation_says(parts):
    found = interval([(Count(*count), sign) for count, sign in parts])

    net, low, high = independently(parts)
    bound = len(parts) / 2
    assert found == pytest.approx((net, max(-bound, low), min(bound, high)), abs=1e-6)


@given(treated=st.tuples(counts(least=1), counts(least=1)), control=st.tuples(counts(least=1), counts(least=1)))
def test_the_effect_lies_within_its_interval_and_four_shares_are_less_sure_than_two(treated, control):
    alone, beside = compare(group(*treated)), compare(group(*treated), group(*control))

    for found in (alone, beside):
        assert found.low - 1e-12 <= found.net <= found.high + 1e-12
    if beside.low > -2 and beside.high < 2:
        assert beside.high - beside.low >= alone.high - alone.low - 1e-9


def covered(p: float, q: float, n: int) -> float:
    """How often the truth lies in the interval, exactly: every outcome of n and n, weighted by how likely it is."""
    found = 0.0
    for a, b in product(range(n + 1), repeat=2):
        _net, low, high = interval([(Count(a, n), 1), (Count(b, n), -1)])
        found += (low <= p - q <= high) * comb(n, a) * p**a * (1 - p) ** (n - a) * comb(n, b) * q**b * (1 - q) ** (n - b)
    return found


def test_it_covers_the_truth_nineteen_times_in_twenty_on_average_and_never_much_less_even_of_thirty():
    often = [covered(p, q, 30) for p, q in product((0.05, 0.3, 0.7, 0.95), repeat=2)]

    assert sum(often) / len(often) > 0.95 and min(often) > 0.92


@given(treated=st.tuples(counts(least=1), counts(least=1)))
def test_swapping_before_and_after_turns_the_effect_around(treated):
    there, back = compare(group(*treated)), compare(group(*treated[::-1]))

    assert (back.net, back.low, back.high) == pytest.approx((-there.net, -there.high, -there.low))


# -- the rule ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("treated", "control", "net", "verdict"), [
    (((168, 240), (208, 246)), ((171, 231), (176, 236)), 0.140, "effective"),      # 主班老师一年内不换
    (((152, 214), (160, 221)), ((149, 210), (153, 214)), 0.008, "ineffective"),    # 投诉两小时内回电
    (((19, 27), (22, 27)), ((21, 29), (22, 30)), 0.102, "too_few")])               # 周末接驳车
def test_three_measures_of_a_meeting(treated, control, net, verdict):
    found = compare(group(*treated), group(*control))

    assert (round(found.net, 3), found.verdict, found.has_control) == (pytest.approx(net, abs=0.004), verdict, True)


@pytest.mark.parametrize(("treated", "more_is_better", "verdict", "is_worse"), [
    (((20, 100), (60, 100)), True, "effective", False),
    (((60, 100), (20, 100)), True, "ineffective", True),
    (((60, 100), (20, 100)), False, "effective", False),
    (((20, 100), (60, 100)), False, "ineffective", True),
    (((50, 100), (52, 100)), True, "ineffective", False),
    (((50, 100), (52, 100)), False, "ineffective", False),
])
def test_the_interval_must_lie_on_the_good_side_of_zero(treated, more_is_better, verdict, is_worse):
    found = compare(group(*treated), more_is_better=more_is_better)

    assert (found.verdict, found.is_worse) == (verdict, is_worse)


@pytest.mark.parametrize(("sizes", "small"), [
    ((50, 50, 50, 50), ()),
    ((49, 50, 50, 50), ("before",)),
    ((50, 49, 50, 50), ("after",)),
    ((50, 50, 49, 50), ("control_before",)),
    ((50, 50, 50, 49), ("control_after",)),
    ((1, 50, 50, 1), ("before", "control_after")),
])
def test_one_group_with_too_few_is_enough_to_conclude_nothing(sizes, small):
    a, b, c, d = sizes

    found = compare(group((0, a), (b, b)), group((c // 2, c), (d // 2, d)))

    assert (found.small, found.verdict == Verdict.TOO_FEW) == (small, bool(small))


def test_too_few_is_never_called_worse():
    assert compare(group((9, 9), (0, 9))) == compare(group((9, 9), (0, 9)), more_is_better=True)
    assert not compare(group((9, 9), (0, 9))).is_worse


@pytest.mark.parametrize("least", [1, 10, 200])
def test_how_many_are_enough_is_the_schools_own_rule(least):
    assert (compare(group((10, 100), (90, 100)), least=least).verdict == Verdict.EFFECTIVE) == (least <= 100)
    assert LEAST == 50


@pytest.mark.parametrize(("treated", "control"), [
    (((0, 0), (5, 60)), None),
    (((5, 60), (0, 0)), None),
    (((0, 0), (0, 0)), None),
    (((5, 60), (9, 60)), ((0, 0), (5, 60))),
    (((5, 60), (9, 60)), ((5, 60), (0, 0))),
])
def test_of_an_empty_group_nothing_can_be_told(treated, control):
    found = compare(group(*treated), group(*control) if control else None)

    assert (found.net, found.low, found.high, found.verdict) == (None, None, None, Verdict.TOO_FEW)


@pytest.mark.parametrize("events", [
    (0, 0),
    (60, 60),
    (0, 60),
])
def test_where_nobody_or_everybody_did_it_the_interval_is_no_point(events):
    found = compare(group((events[0], 60), (events[1], 60)))

    assert found.low < found.high
    assert found.verdict == (Verdict.EFFECTIVE if events == (0, 60) else Verdict.INEFFECTIVE)


def test_a_comparison_group_takes_off_what_happened_to_everybody():
    rose = group((100, 200), (140, 200))

    assert compare(rose).verdict == Verdict.EFFECTIVE
    assert compare(rose, rose).verdict == Verdict.INEFFECTIVE
    assert compare(rose, rose).net == pytest.approx(0)


@pytest.mark.parametrize(("hits", "of"), [
    (-1, 5),
    (6, 5),
    (1, 0),
])
def test_more_hits_than_there_are_cannot_be(hits, of):
    with pytest.raises(ValueError, match=f"{hits} of {of}"):
        Count(hits, of)


def test_changes_and_shares_are_told_where_there_are_any():
    assert (group((1, 4), (3, 4)).change, group((0, 0), (3, 4)).change, Count(0, 0).share) == (0.5, None, None)
    assert isinstance(compare(group((1, 4), (3, 4))), Comparison)
