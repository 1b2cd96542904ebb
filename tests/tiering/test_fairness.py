"""The fairness check agrees with an independent implementation, and gives no verdict on few customers."""
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tiering.fairness import compare, tail

LABELS = ("A", "B", "C", "D")


@given(st.floats(0.01, 200), st.integers(1, 40))
def test_the_tail_is_scipys(statistic, freedom):
    assert tail(statistic, freedom) == pytest.approx(stats.chi2.sf(statistic, freedom), rel=1e-8, abs=1e-12)


@given(st.lists(st.lists(st.integers(1, 60), min_size=4, max_size=4), min_size=2, max_size=6))
def test_the_statistic_is_scipys(table):
    verdict = compare({str(n): dict(zip(LABELS, row, strict=True)) for n, row in enumerate(table)}, LABELS)
    expected = stats.chi2_contingency(table, correction=False)

    assert (verdict.freedom, verdict.n) == (expected.dof, sum(map(sum, table)))
    assert verdict.statistic == pytest.approx(expected.statistic, rel=1e-9, abs=1e-9)
    assert verdict.p == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-12)


def test_few_customers_or_one_group_give_no_verdict():
    few = compare({"东园": {"A": 9, "D": 1}, "西园": {"A": 1, "D": 9}}, LABELS)
    one = compare({"东园": {"A": 90, "D": 10}}, LABELS)

    assert (few.too_small, few.unlike, one.too_small, one.unlike) == (True, False, True, False)


def test_campuses_that_differ_are_told_apart_from_those_that_do_not():
    unlike = compare({"东园": {"A": 40, "D": 10}, "西园": {"A": 10, "D": 40}}, LABELS)
    alike = compare({"东园": {"A": 25, "D": 25}, "西园": {"A": 24, "D": 26}}, LABELS)

    assert (unlike.unlike, alike.unlike) == (True, False)
