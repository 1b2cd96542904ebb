"""升降矩阵 as a table: kinds of cells, sums along both edges, the largest stream; pure, by hand and by law."""
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiering.movement import GONE, NEW, Movement

LABELS = ("A", "B", "C", "D")
PLACES = st.tuples(st.sampled_from([*LABELS, NEW]), st.sampled_from([*LABELS,
        GONE])).filter(lambda pair: pair != (NEW, GONE))
COUNTS = st.dictionaries(PLACES, st.integers(1, 500), max_size=20).map(Counter)


def matrix(**streams):
    """``AB=3`` is three customers from A to B; N and G stand for new and gone."""
    names = {"N": NEW, "G": GONE}
    return Movement(LABELS, Counter({(names.get(k[0], k[0]), names.get(k[1], k[1])): n for k, n in streams.items()}))


@pytest.mark.parametrize(("before", "after", "kind"), [
    ("A", "A", "stay"), ("A", "B", "dn"), ("D", "A", "up"), (NEW, "A", "out"), ("A", GONE, "out"), ("", "A",
            "out"), ("A", "", "out"), ("C", "B", "up"),
])
def test_a_cell_is_a_stay_a_rise_a_fall_or_outside(before, after, kind):
    assert Movement(LABELS).kind(before, after) == kind


@pytest.mark.parametrize(("streams", "ups", "downs", "stays"), [
    ({}, 0, 0, 0), ({"AA": 5, "AB": 2, "BA": 3, "NA": 7, "AG": 1}, 3, 2, 5), ({"DA": 1, "CB": 1}, 2, 0,
            0), ({"NA": 9, "NB": 9}, 0, 0, 0),
])
def test_rises_and_falls_are_counted_apart_from_comers_and_leavers(streams, ups, downs, stays):
    found = matrix(**streams)

    assert (found.ups, found.downs, found.total("stay")) == (ups, downs, stays)


@pytest.mark.parametrize(("streams", "biggest"), [
    ({}, None), ({"AA": 99}, None), ({"NA": 99, "AG": 99}, None), ({"AB": 2, "BA": 3},
            ("B", "A", 3)), ({"AB": 3, "CD": 3}, ("C", "D", 3)),
    ({"AA": 99, "BC": 1}, ("B", "C", 1)),
])
def test_the_largest_stream_runs_between_two_tiers(streams, biggest):
    assert matrix(**streams).biggest() == biggest


def test_the_table_has_a_row_for_each_tier_and_the_new_and_a_column_for_each_and_the_gone():
    rows = matrix(AB=2, NA=1, DG=4).rows()

    assert [name for name, _cells in rows] == [*LABELS, NEW]
    assert {len(cells) for _name, cells in rows} == {6}
    assert [[cell.count for cell in cells] for _name, cells in rows] == [
        [0, 2, 0, 0, 0, 2], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 4, 4], [1, 0, 0, 0, 0, 1]]


def test_only_the_largest_stream_is_ringed():
    ringed = [(cell.before, cell.after) for _name, cells in matrix(AB=2, BA=5, CD=1).rows() for cell in cells if cell.big]

    assert ringed == [("B", "A")]


def test_a_cell_knows_where_it_leads():
    cell = matrix(AB=2).rows()[0][1][1]

    assert (cell.before, cell.after, cell.count, cell.kind) == ("A", "B", 2, "dn")


def test_the_corner_of_the_new_and_the_gone_is_empty():
    last = matrix(NA=1).rows()[-1][1]

    assert (last[4].count, last[4].kind) == (0, "out")


@given(COUNTS)
def test_the_table_adds_up_along_both_edges(counts):
    found = Movement(LABELS, counts)
    table = [[cell.count for cell in cells] for _name, cells in found.rows()]

    assert [sum(row[:-1]) for row in table] == [row[-1] for row in table]
    assert [sum(row[n] for row in table) for n in range(5)] == found.sums()
    assert sum(found.sums()) == sum(counts.values())


@given(COUNTS)
def test_every_customer_is_of_one_kind(counts):
    found = Movement(LABELS, counts)

    assert found.total("stay") + found.ups + found.downs + found.total("out") == sum(counts.values())


@given(COUNTS)
def test_the_largest_stream_is_as_large_as_any(counts):
    found = Movement(LABELS, counts)
    moved = [n for pair, n in counts.items() if found.kind(*pair) in ("up", "dn")]

    assert (found.biggest() or (None, None, None))[2] == (max(moved) if moved else None)
