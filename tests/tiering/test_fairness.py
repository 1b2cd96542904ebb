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


@pytest.mark.parametrize(("counts", "n", "freedom"), [
    ({}, 0, 0), ({"东园": {}}, 0, 0), ({"东园": {"A": 50}, "西园": {"A": 50}}, 100,
            0), ({"东园": {"A": 50, "B": 50}, "西园": {}}, 100, 0),
    ({"东园": {"A": 50, "B": 50}, "西园": {"A": 50, "B": 50}}, 200,
            1), ({"东园": {"A": 9, "B": 9, "C": 9}, "西园": {"A": 9, "B": 9, "D": 9}}, 54, 3),
])
def test_empty_groups_and_tiers_do_not_count(counts, n, freedom):
    verdict = compare(counts, LABELS)

    assert (verdict.n, verdict.freedom) == (n, freedom)


@pytest.mark.parametrize(("size", "too_small"), [(7, True), (8, False), (100, False)])
def test_under_thirty_there_is_no_verdict(size, too_small):
    verdict = compare({"东园": {"A": size, "B": size}, "西园": {"A": size, "B": size}}, LABELS)

    assert verdict.too_small is too_small and not verdict.unlike


def test_a_rare_tier_gives_no_verdict_however_many_there_are():
    verdict = compare({"东园": {"A": 500, "B": 1}, "西园": {"A": 20}}, LABELS)

    assert verdict.too_small and not verdict.unlike


def test_the_same_shares_everywhere_are_alike():
    verdict = compare({name: {"A": 10, "B": 20, "C": 30} for name in ("东园", "西园", "南园")}, LABELS)

    assert (verdict.statistic, verdict.p, verdict.unlike) == (0.0, 1.0, False)


def test_every_group_is_shown_with_every_tier():
    verdict = compare({"东园": {"A": 50}, "西园": {"D": 50}}, LABELS)

    assert verdict.groups == (("东园", (("A", 50), ("B", 0), ("C", 0), ("D", 0))),
            ("西园", (("A", 0), ("B", 0), ("C", 0), ("D", 50))))


@given(st.integers(1, 30))
def test_the_tail_falls_from_one_to_nothing(freedom):
    found = [tail(statistic, freedom) for statistic in (0, 1, 5, 20, 100, 1000)]

    assert found[0] == 1.0 and found == sorted(found, reverse=True) and found[-1] < 1e-9


@given(st.lists(st.lists(st.integers(1, 60), min_size=4, max_size=4), min_size=2, max_size=5), st.randoms())
def test_the_order_of_the_groups_changes_nothing(table, rng):
    rows = [(str(n), dict(zip(LABELS, row, strict=True))) for n, row in enumerate(table)]
    shuffled = rows[:]
    rng.shuffle(shuffled)

    assert compare(dict(rows), LABELS).p == pytest.approx(compare(dict(shuffled), LABELS).p)
