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


@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(0, 300), st.integers(0, 300),
        st.one_of(st.none(), st.floats(0, 1))),
                min_size=1, max_size=5))
def test_dots_of_rates_stay_between_the_edges(rows):
    drawn = charts.dots([(label, min(kept, of), of, before) for label, kept, of, before in rows])

    for row in drawn["rows"]:
        assert row["x"] is None or 49.9 <= row["x"] <= 410.1
        assert row["span"] >= 0


# -- bars ----------------------------------------------------------------------------------------------------------------
def test_a_bar_of_two_halves_has_a_hairline_between():
    first, second = charts.stacked([("A", 5), ("B", 5)], width=102)

    assert [(p.x, p.width, p.label, p.count, p.step) for p in (first, second)] == [(0.0, 50.0, "A", 5, "a"),
            (52.0, 50.0, "B", 5, "d")]


@pytest.mark.parametrize(("counts", "roomy"), [([("A", 1), ("B", 99)], [False, True]), ([("A", 50), ("B", 50)], [True,
        True])])
def test_a_label_stands_inside_only_where_there_is_room(counts, roomy):
    assert [piece.roomy for piece in charts.stacked(counts)] == roomy


def test_a_tier_nobody_holds_takes_no_room_but_keeps_its_place():
    pieces = charts.stacked([("A", 3), ("B", 0), ("C", 3)])

    assert [(p.label, p.width > 0) for p in pieces] == [("A", True), ("B", False), ("C", True)]


@pytest.mark.parametrize("counts", [[], [("A", 0)], [("A", 0), ("B", 0)]])
def test_of_nobody_there_is_no_bar(counts):
    assert charts.stacked(counts) == []


# -- lines ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("shares", "top"), [([0.10], "15%"), ([0.15], "15%"), ([0.16], "30%"), ([0.5], "60%"),
        ([0.99], "100%"), ([1.0], "100%"), ([], "15%")])
def test_the_scale_ends_at_the_next_fifteen_per_cent(shares, top):
    assert charts.lines({"A": shares})["rules"][-1][1] == top


def test_a_higher_share_stands_higher():
    dots = charts.lines({"A": [0.1, 0.2, 0.3]})["lines"][0].dots

    assert dots[0].y > dots[1].y > dots[2].y and dots[0].x < dots[1].x < dots[2].x


def test_a_quarter_without_a_share_is_a_gap_in_the_line():
    line = charts.lines({"A": [0.1, None, 0.3]})["lines"][0]

    assert len(line.dots) == 2 and line.last == 0.3 and len(line.points.split()) == 2


def test_a_tier_without_any_share_has_no_line():
    assert [line.label for line in charts.lines({"A": [0.5], "B": [None]})["lines"]] == ["A"]


def test_of_nothing_a_frame_is_drawn():
    drawn = charts.lines({})

    assert (drawn["lines"], drawn["xs"], drawn["began"], len(drawn["rules"])) == ([], [], None, 4)


@pytest.mark.parametrize(("began", "drawn"), [(None, False), (0, True), (1, True)])
def test_the_quarter_in_which_tiering_began_is_marked(began, drawn):
    assert (charts.lines({"A": [0.1, 0.2, 0.3]}, began=began)["began"] is not None) is drawn


# -- dots ----------------------------------------------------------------------------------------------------------------
def test_a_rate_without_counts_has_no_dot_and_no_share():
    row = charts.dots([("A", 0, 0, None)])["rows"][0]

    assert (row["share"], row["x"], row["before"]) == (None, None, None)


def test_the_quarter_before_is_marked_beside_the_dot():
    row = charts.dots([("A", 9, 10, 0.8)])["rows"][0]

    assert row["share"] == 0.9
    assert row["before"] < row["x"]
    assert row["from"] < row["x"] < row["from"] + row["span"]


def test_rows_stand_under_each_other_and_the_picture_grows_with_them():
    one, three = charts.dots([("A", 9, 10, None)]), charts.dots([(label, 9, 10, None) for label in "ABC"])

    assert [row["y"] for row in three["rows"]] == [26, 60, 94]
    assert three["height"] - one["height"] == 68


def test_five_ticks_end_at_the_whole():
    ticks = charts.dots([("A", 9, 10, None)])["ticks"]

    assert len(ticks) == 5
    assert ticks[-1][1] == "100%"
    assert [x for x, _label in ticks] == sorted(x for x, _label in ticks)


@pytest.mark.parametrize(("kept", "of"), [(0, 1), (1, 1), (5, 10), (999, 1000)])
def test_an_interval_holds_its_share_and_stays_within_nought_and_one(kept, of):
    low, high = charts.wilson(kept, of)

    assert 0 <= low <= kept / of <= high <= 1


@given(st.integers(1, 10**6))
def test_more_counts_make_a_narrower_interval(of):
    few, many = charts.wilson(of, 2 * of), charts.wilson(10 * of, 20 * of)

    assert many[1] - many[0] < few[1] - few[0]
