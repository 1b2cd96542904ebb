"""From asking to attending: added up by name, with laws for any rows."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.departments import words
from churn.departments.funnel import STEPS, Line, lines

ROWS = st.lists(st.tuples(st.sampled_from(["", "小红书", "转介绍"]), st.booleans(), st.booleans(), st.booleans(),
        st.integers(1, 50)), max_size=20)


def test_families_are_added_up_by_name_the_longest_first():
    whole, found = lines([
        ("转介绍", True, True, True, 3),
        ("转介绍", True, False, False, 2),
        ("小红书", False, False, False, 9),
        ("", False, True, False, 1),
    ])

    assert found == [Line("小红书", 9, 0, 0, 0), Line("转介绍", 5, 5, 3, 3), Line("", 1, 1, 1, 0)]
    assert whole == Line("", 15, 6, 4, 3)


def test_attendance_without_an_enrolment_is_none():
    assert lines([("x", True, False, True, 4)])[0] == Line("", 4, 4, 0, 0)


def test_nobody_at_all_is_an_empty_line():
    whole, found = lines([])

    assert (whole, found, whole.share, whole.per_cent("came"), whole.widest) == (Line(""), [], None, 0, "")


@pytest.mark.parametrize(("line", "widest"), [
    (Line("", 10, 4, 3, 3), "came"),
    (Line("", 10, 9, 3, 3), "enrolled"),
    (Line("", 10, 9, 8, 3), "attended"),
    (Line("", 10, 10, 10, 10), ""),
    (Line("", 10, 5, 0, 0), "came"),
])
def test_the_widest_leak_is_the_step_that_lost_most(line, widest):
    assert line.widest == widest


def test_what_is_lost_and_what_is_won_of_a_line():
    line = Line("x", 8, 6, 4, 3)

    assert (line.not_enrolled, line.never_attended, line.share, [line.per_cent(step) for step in STEPS]) == (4, 1,
            0.5, [100, 75, 50, 38])


@given(rows=ROWS)
def test_the_lines_add_up_to_the_whole_and_every_step_is_a_part_of_who_asked(rows):
    whole, found = lines(rows)

    for step in STEPS:
        assert sum(getattr(line, step) for line in found) == getattr(whole, step)
    for line in [whole, *found]:
        assert 0 <= line.attended <= line.enrolled <= line.asked and 0 <= line.came <= line.asked
        assert all(0 <= line.per_cent(step) <= 100 for step in STEPS)


@given(rows=ROWS)
def test_the_order_of_the_rows_makes_no_difference(rows):
    assert lines(rows) == lines(list(reversed(rows)))


def test_steps_and_the_widest_leak_have_their_words():
    line = Line("", 8, 6, 4, 3)

    assert words.steps(line) == [("咨询", 8, 100), ("到访", 6, 75), ("报名", 4, 50), ("上课", 3, 38)]
    assert (words.widest(line), words.widest(Line("", 4, 4, 4, 4))) == ("到访", "")
