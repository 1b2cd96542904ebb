"""Geometry of the risk's pictures, by hand."""
from datetime import date, timedelta

import pytest

from churn.risk.charts import Step, curves, steps, top_of

DAY = date(2026, 11, 20)
WEEK = timedelta(weeks=1)


@pytest.mark.parametrize(("most", "top"), [
    (0, 1),
    (1, 1),
    (2, 2),
    (3, 5),
    (5, 5),
    (6, 10),
    (11, 20),
    (21, 50),
    (51, 100),
    (101, 200),
    (4999, 5000),
])
def test_the_scale_ends_at_a_round_number(most, top):
    assert top_of(most) == top


def test_days_stand_at_their_own_distance_and_counts_at_their_height():
    chart = curves([DAY, DAY + WEEK, DAY + 4 * WEEK], [[0, 5, 10], [10, 10, 10]], width=374, height=134)

    assert [curve.points for curve in chart.curves] == ["34.0,110.0 109.0,60.0 334.0,10.0",
            "34.0,10.0 109.0,10.0 334.0,10.0"]
    assert chart.rules == ((110.0, 0), (60.0, 5), (10.0, 10))
    assert chart.marks == ((34.0, DAY), (334.0, DAY + 4 * WEEK))


def test_labels_that_would_touch_are_kept_apart_and_each_says_its_own_number():
    chart = curves([DAY, DAY + WEEK], [[1, 3], [0, 3]], width=374, height=134)

    high, watch = chart.curves

    assert (high.last, watch.last) == (3, 3) and abs(high.end[1] - watch.end[1]) == 15


def test_one_day_is_one_mark_and_no_day_is_none():
    assert curves([DAY], [[3]]).marks == ((34, DAY),)
    assert (curves([], [[]]).curves, curves([], []).marks) == ((), ())


def test_a_count_of_one_has_no_rule_between():
    assert [n for _y, n in curves([DAY, DAY + WEEK], [[0, 1]]).rules] == [0, 1]


def test_a_familys_history_is_drawn_as_long_as_it_lasted():
    spans = [(DAY, DAY + WEEK, 0, "low"), (DAY + WEEK, DAY + 4 * WEEK, 50, "high")]

    assert steps(spans, width=400, height=70) == (Step(0, 100, 70, "low"), Step(100, 300, 35, "high"))


def test_what_lasted_no_time_is_still_seen_and_nothing_is_nothing():
    assert steps([(DAY, DAY, 100, "high")], width=400) == (Step(0, 2, 0, "high"),)
    assert steps([]) == ()
