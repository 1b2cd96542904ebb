"""Geometry of the pictures: pieces fill their bar, lines stay in their frame, intervals are Wilson's."""
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from tiering import charts

COUNTS = st.lists(st.integers(0, 5000), min_size=2, max_size=6)
SHARES = st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=2, max_size=8)


@given(COUNTS)
def test_pieces_fill_the_bar_in_proportion(counts):
    pieces = charts.stacked([(str(n), count) for n, count in enumerate(counts)], width=560)
    if not sum(counts):
        assert pieces == []
        return

    room = 560 - 2 * (len(counts) - 1)
    assert all(abs(piece.width - room * count / sum(counts)) <= 0.06 for piece, count in zip(pieces, counts, strict=True))
    assert all(0 <= piece.x <= 560 and piece.x + piece.width <= 560.2 for piece in pieces)


@given(st.dictionaries(st.sampled_from("ABCD"), SHARES, min_size=1))
def test_every_dot_stands_inside_the_frame(series):
    drawn = charts.lines(series)

    dots = [dot for line in drawn["lines"] for dot in line.dots]
    assert all(40 <= dot.x <= 520 - 66 + 0.1 and 14 - 0.1 <= dot.y <= 204.1 for dot in dots)


@given(st.dictionaries(st.sampled_from("ABCD"), SHARES, min_size=2))
def test_labels_at_the_ends_never_touch(series):
    ends = sorted(line.end[1] for line in charts.lines(series)["lines"])

    assert all(below - above >= 14.9 for above, below in zip(ends, ends[1:], strict=False))


def test_worked_back_quarters_are_hollow_and_the_beginning_has_its_rule():
    drawn = charts.lines({"A": [0.1, 0.2, 0.3]}, hollow=[True, True, False], began=2)

    assert [dot.hollow for dot in drawn["lines"][0].dots] == [True, True, False]
    assert drawn["began"] == drawn["lines"][0].dots[2].x
    assert charts.lines({"A": [0.1, 0.2]})["began"] is None


def test_each_tier_has_a_mark_of_its_own():
    drawn = charts.lines({label: [0.2, 0.3] for label in "ABCD"})

    assert len({line.dots[0].path for line in drawn["lines"]}) == 4


@pytest.mark.parametrize("count,steps", [(2, "ad"), (3, "acd"), (4, "abcd"), (5, "abccd")])
def test_lightness_is_spread_over_however_many_tiers(count, steps):
    assert "".join(charts.step_of(n, count) for n in range(count)) == steps


@given(st.integers(1, 3000), st.data())
def test_the_interval_is_the_one_scipy_computes(of, data):
    kept = data.draw(st.integers(0, of))
    low, high = charts.wilson(kept, of)
    expected = binomtest(kept, of).proportion_ci(0.95, method="wilson")

    assert abs(low - expected.low) < 1e-6 and abs(high - expected.high) < 1e-6


def test_nothing_counted_is_no_interval_at_all():
    assert charts.wilson(0, 0) == (0.0, 1.0)


@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(0, 300), st.integers(0, 300), st.one_of(st.none(), st.floats(0, 1))),
                min_size=1, max_size=5))
def test_dots_of_rates_stay_between_the_edges(rows):
    drawn = charts.dots([(label, min(kept, of), of, before) for label, kept, of, before in rows])

    for row in drawn["rows"]:
        assert row["x"] is None or 49.9 <= row["x"] <= 410.1
        assert row["span"] >= 0
