"""Who is told of a measure that is late, day by day."""
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.measures.lateness import SHIPPED, Ladder, Rung, reached

DUE = date(2026, 11, 20)


@pytest.mark.parametrize(("days", "rungs"), [
    (-1, []),
    (0, [Rung.DUE]),
    (1, [Rung.LATE]),
    (2, [Rung.LATE]),
    (3, [Rung.LATE, Rung.LEADER]),
    (6, [Rung.LATE, Rung.LEADER]),
    (7, [Rung.LATE, Rung.LEADER, Rung.MANAGEMENT]),
    (400, [Rung.LATE, Rung.LEADER, Rung.MANAGEMENT]),
])
def test_each_day_reaches_its_rungs(days, rungs):
    assert reached(DUE, DUE + timedelta(days=days)) == rungs


def test_a_ladder_of_ones_own_is_followed():
    assert reached(DUE, DUE + timedelta(days=2), Ladder(late=2, leader=2, management=9)) == [Rung.LATE, Rung.LEADER]


@given(late=st.integers(-30, 400))
def test_a_later_day_never_reaches_less_than_the_day_before_it(late):
    before, after = (set(reached(DUE, DUE + timedelta(days=days))) for days in (late, late + 1))

    assert before - {Rung.DUE} <= after


@given(late=st.integers(1, 400))
def test_a_night_that_was_missed_skips_nobody(late):
    told = reached(DUE, DUE + timedelta(days=late))

    assert [rung for rung in told] == [rung for rung, days in ((Rung.LATE, SHIPPED.late), (Rung.LEADER,
            SHIPPED.leader), (Rung.MANAGEMENT, SHIPPED.management)) if late >= days]
