"""The timeline and the forest: known places, and laws for any measures."""
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.measures.charts import BOUNDS, Effect, Span, forest, timeline

TODAY = date(2026, 11, 20)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def spans(draw):
    first = draw(DAYS)
    due = first + timedelta(days=draw(st.integers(0, 300)))
    done = draw(st.none() | st.integers(0, 400))
    return Span(first, due, draw(st.integers(0, 100)), None if done is None else first + timedelta(days=done))


@st.composite
def effects(draw):
    low, net, high = sorted(draw(st.tuples(*[st.floats(-2, 2)] * 3)))
    return draw(st.sampled_from([Effect(net, low, high), Effect(None, None, None)]))


# -- the timeline ------------------------------------------------------------------------------------------------------------------
def test_a_measure_of_one_month_fills_that_month():
    found = timeline([Span(date(2026, 11, 1), date(2026, 11, 30), 50)], TODAY, width=900, left=300)

    assert (found.lanes[0].x, found.lanes[0].width, found.lanes[0].filled, found.lanes[0].late) == (300.0, 600.0,
            300.0, 0.0)
    assert found.months == ((300.0, date(2026, 11, 1)),) and found.today == 680.0


def test_what_is_past_its_day_shows_how_far_until_today():
    lane = timeline([Span(date(2026, 11, 1), date(2026, 11, 9), 0)], TODAY, width=900, left=300).lanes[0]

    assert (lane.late_x, lane.late) == (480.0, 220.0)


def test_what_was_done_late_shows_how_late_and_no_more():
    lane = timeline([Span(date(2026, 11, 1), date(2026, 11, 9), 100, date(2026, 11, 12))], TODAY, width=900,
            left=300).lanes[0]

    assert lane.late == 60.0


def test_no_measures_at_all_still_have_today():
    found = timeline([], TODAY)

    assert found.lanes == ()
    assert found.months[0][1] == date(2026, 11, 1)
    assert found.left < found.today < found.right


@given(rows=st.lists(spans(), max_size=12), today=DAYS)
def test_every_bar_lies_on_the_scale_and_its_filling_within_it(rows, today):
    found = timeline(rows, today)

    for lane in found.lanes:
        assert found.left <= lane.x and lane.x + lane.width + lane.late <= found.right + 0.5
        assert 0 <= lane.filled <= lane.width + 0.1 and lane.late >= 0
    assert found.left <= found.today <= found.right


@given(rows=st.lists(spans(), min_size=1, max_size=12), today=DAYS)
def test_months_stand_in_order_and_a_later_start_never_stands_further_left(rows, today):
    found = timeline(rows, today)
    starts = sorted(zip([row.first for row in rows], [lane.x for lane in found.lanes], strict=True))

    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(found.months))
    assert all(a[1] <= b[1] for a, b in pairwise(starts))


# -- the forest --------------------------------------------------------------------------------------------------------------------
def test_an_effect_stands_at_its_place_between_zero_and_the_edge():
    found = forest([Effect(0.14, 0.03, 0.25)], left=200, right=400)
    whisker = found.rows[0][1]

    assert found.zero == 300.0 and [points for _x, points in found.marks] == [-40, -20, 0, 20, 40]
    assert (whisker.x, whisker.low, whisker.high) == (335.0, 307.5, 362.5)


@pytest.mark.parametrize(("high", "bound"), [
    (0.001, 5),
    (0.05, 5),
    (0.06, 10),
    (0.41, 60),
    (1.0, 100),
    (1.9, 100),
])
def test_the_scale_is_as_wide_as_the_widest_interval_needs(high, bound):
    assert forest([Effect(0, -0.001, high)]).marks[-1][1] == bound


def test_what_nobody_can_tell_has_its_line_and_no_mark():
    found = forest([Effect(None, None, None), Effect(0, -0.1, 0.1)])

    assert found.rows[0][1] is None
    assert found.rows[1][1] is not None
    assert found.rows[0][0] < found.rows[1][0]


@given(rows=st.lists(effects(), max_size=9))
def test_whiskers_stay_in_order_and_on_the_scale(rows):
    found = forest(rows)

    for effect, (_y, drawn) in zip(rows, found.rows, strict=True):
        assert (drawn is None) == (effect.net is None)
        if drawn is not None:
            assert found.marks[0][0] <= drawn.low <= drawn.x <= drawn.high <= found.marks[-1][0]
            assert (effect.net > 0) >= (drawn.x > found.zero)
            assert (effect.net < 0) >= (drawn.x < found.zero)
    assert found.marks[-1][1] in BOUNDS
