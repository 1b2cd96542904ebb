"""漏斗: a family counts once, in the line of its first visit; equal to counting by hand; nothing is lost between the lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.funnel import STEPS, Booked, Line, funnel, per_cent

VISITS = st.lists(
    st.builds(
        Booked,
        family=st.integers(1, 12),
        line=st.sampled_from(["online", "phone", "walk_in"]),
        came=st.booleans(),
        missed=st.just(False),
        is_trial=st.booleans(),
    ).map(lambda v: Booked(v.family, v.line, v.came, not v.came and v.family % 3 == 0, v.is_trial)),
    max_size=40,
)
SOME = st.sets(st.integers(1, 15))


def visit(family: int, line: str = "online", *, came: bool = True, missed: bool = False, trial: bool = False) -> Booked:
    return Booked(family, line, came, missed, trial)


def test_a_family_is_followed_from_the_booking_to_the_classroom():
    rows = [visit(1), visit(1, trial=True), visit(2), visit(3, came=False, missed=True), visit(4, came=False)]

    whole, _lines = funnel(rows, signed={1, 2}, enrolled={1})

    assert whole == Line(None, (4, 2, 1, 2, 1), due=4, missed=1)
    assert whole.shares == [("booked", 4, 100), ("came", 2, 50), ("trial", 1, 25), ("signed", 2, 50), ("enrolled", 1, 25)]
    assert whole.no_show == 25


def test_who_books_twice_counts_once_in_the_line_of_the_first():
    whole, lines = funnel([visit(1, "phone"), visit(1, "online"), visit(2, "online")], signed={1}, enrolled=set())

    assert whole.booked == 2 and [(line.name, line.counts) for line in lines] == [
        ("online", (1, 1, 0, 0, 0)),
        ("phone", (1, 1, 0, 1, 0)),
    ]


def test_a_visit_that_was_missed_is_missed_in_its_own_line():
    _whole, lines = funnel([visit(1, "phone"), visit(1, "online", came=False, missed=True)], set(), set())

    assert [(line.name, line.due, line.missed, line.no_show) for line in lines] == [("phone", 1, 0, 0)]


def test_a_trial_class_that_nobody_came_to_is_none():
    whole, _lines = funnel([visit(1, came=False, trial=True)], set(), set())

    assert whole.counts == (1, 0, 0, 0, 0) and whole.no_show is None


def test_who_signed_without_having_booked_is_not_of_this_period():
    whole, _lines = funnel([visit(1)], signed={7}, enrolled={8})

    assert whole.counts == (1, 1, 0, 0, 0)


def test_nothing_booked_has_no_shares():
    whole, lines = funnel([], {1}, {1})

    assert lines == []
    assert whole.counts == (0,) * 5
    assert [share for _s, _n, share in whole.shares] == [None] * 5


@pytest.mark.parametrize("part,whole,said", [(0, 4, 0), (1, 3, 33), (2, 3, 67), (1, 200, 1), (1, 201, 0), (5, 5, 100),
        (1, 0, None)])
def test_shares_are_rounded_as_people_do(part, whole, said):
    assert per_cent(part, whole) == said


@given(VISITS, SOME, SOME)
def test_the_lines_add_up_to_the_whole(visits, signed, enrolled):
    whole, lines = funnel(visits, signed, enrolled)

    for step in range(len(STEPS)):
        assert sum(line.counts[step] for line in lines) == whole.counts[step]


@given(VISITS, SOME, SOME)
def test_the_whole_equals_counting_by_hand(visits, signed, enrolled):
    whole, _lines = funnel(visits, signed, enrolled)

    families = {v.family for v in visits}
    assert whole.counts == (
        len(families),
        len({v.family for v in visits if v.came}),
        len({v.family for v in visits if v.came and v.is_trial}),
        len(families & signed),
        len(families & enrolled),
    )
    assert (whole.due, whole.missed) == (sum(v.came or v.missed for v in visits), sum(v.missed for v in visits))


@given(VISITS)
def test_no_step_is_larger_than_the_booking(visits):
    whole, _lines = funnel(visits, set(range(20)), set(range(20)))

    assert all(count <= whole.booked for count in whole.counts)
    assert whole.counts[2] <= whole.counts[1]
