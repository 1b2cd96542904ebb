"""The stopwatch: lengths, waiting, staying, spread; checked against counting by hand and by the statistics module."""

import statistics
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.stages import ORDER, WATCHED, Step
from reception.stopwatch import clock, fits, lengths, spread, stayed, waited

T = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


def at(minutes: int, seconds: int = 0) -> datetime:
    return T + timedelta(minutes=minutes, seconds=seconds)


VISIT = {
    "arrived": at(2),
    "greeted": at(4, 10),
    "seated": at(5, 50),
    "tour": at(14, 10),
    "consultation": at(30),
    "left": at(52),
}


def test_each_step_lasts_until_the_next():
    assert [(one.step, one.lasted) for one in lengths(VISIT)] == [
        (Step.ARRIVED, timedelta(minutes=2, seconds=10)),
        (Step.GREETED, timedelta(minutes=1, seconds=40)),
        (Step.SEATED, timedelta(minutes=8, seconds=20)),
        (Step.TOUR, timedelta(minutes=15, seconds=50)),
        (Step.CONSULTATION, timedelta(minutes=22)),
        (Step.LEFT, None),
    ]


def test_waiting_and_staying():
    assert (waited(VISIT), stayed(VISIT)) == (timedelta(minutes=2, seconds=10), timedelta(minutes=50))


@pytest.mark.parametrize(
    ("marks", "wait"),
    [
        ({}, None),
        ({"arrived": T}, None),
        ({"arrived": T, "tour": at(7)}, timedelta(minutes=7)),
        ({"greeted": T}, None),
        ({"prepared": at(-60), "arrived": T, "seated": at(3)}, timedelta(minutes=3)),
    ],
)
def test_waiting_ends_with_whatever_comes_first(marks, wait):
    assert waited(marks) == wait


@pytest.mark.parametrize("marks", [{}, {"arrived": T}, {"left": T}])
def test_nobody_stayed_who_has_not_come_and_gone(marks):
    assert stayed(marks) is None


taken = st.dictionaries(st.sampled_from([str(step) for step in WATCHED]), st.integers(0, 10**4)).map(
    lambda seconds: dict(
        zip(
            [s for s in ORDER if s in seconds],
            [T + timedelta(seconds=n) for n in sorted(seconds.values())],
            strict=True,
        )
    )
)


@given(taken)
def test_the_lengths_add_up_to_the_whole(marks):
    parts = [one.lasted for one in lengths(marks) if one.lasted is not None]

    assert sum(parts, timedelta()) == (max(marks.values()) - min(marks.values()) if marks else timedelta())


@given(st.lists(st.integers(0, 7200), min_size=1, max_size=60))
def test_the_spread_is_the_median_and_the_nearest_rank_of_nine_tenths(seconds):
    found = spread([timedelta(seconds=n) for n in seconds] + [None])

    ninth = min(n for n in seconds if sum(other <= n for other in seconds) >= 0.9 * len(seconds) - 1e-9)
    assert (found.count, found.median) == (len(seconds), timedelta(seconds=statistics.median(seconds)))
    assert found.ninth == timedelta(seconds=ninth)


def test_nothing_timed_has_no_spread():
    assert spread([None, None]) is None and spread([]) is None


@pytest.mark.parametrize(
    ("step", "when", "good"),
    [
        ("tour", at(5, 50), True),
        ("tour", at(30), True),
        ("tour", at(5, 49), False),
        ("tour", at(30, 1), False),
        ("arrived", at(-99), True),
        ("left", at(999), True),
    ],
)
def test_a_time_that_is_put_right_stays_between_its_neighbours(step, when, good):
    assert fits(step, when, VISIT) is good


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (None, ""),
        (timedelta(), "0:00"),
        (timedelta(seconds=200), "3:20"),
        (timedelta(seconds=-5), "0:00"),
        (timedelta(hours=1, minutes=2, seconds=5), "1:02:05"),
    ],
)
def test_how_a_span_is_shown(span, shown):
    assert clock(span) == shown
