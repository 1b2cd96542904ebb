"""The steps of a visit: forward only, steps between may be left out, a wrong tap is taken back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.stages import (
    HERE,
    ORDER,
    STAGES,
    WATCHED,
    Step,
    before_last,
    may_follow,
    stage_of,
    usually_next,
)

steps = st.sampled_from(list(Step))


def test_the_nine_stages_of_the_policy_hold_every_step_once():
    assert [name for name, _steps in STAGES] == [
        "booking",
        "preparation",
        "welcome",
        "registration",
        "tour",
        "consultation",
        "signing",
        "follow_up",
        "feedback",
    ]
    assert [step for _name, held in STAGES for step in held] == list(ORDER)


def test_the_stopwatch_times_from_arriving_to_leaving():
    assert WATCHED == (
        Step.ARRIVED,
        Step.GREETED,
        Step.SEATED,
        Step.TOUR,
        Step.CONSULTATION,
        Step.SIGNING,
        Step.LEFT,
    )
    assert set(WATCHED) - {Step.LEFT} == HERE


@given(steps, steps)
def test_only_what_comes_later_may_follow(now, step):
    assert may_follow(step, now) is (ORDER.index(step) > ORDER.index(now))


@given(steps)
def test_the_big_button_leads_to_a_step_that_may_follow_until_the_family_has_left(now):
    step = usually_next(now)

    assert (step is None) is (now in (Step.LEFT, Step.FEEDBACK))
    assert step is None or may_follow(step, now)


def test_the_big_button_goes_through_a_whole_visit():
    walked, now = [], Step.BOOKED
    while (step := usually_next(now)) is not None:
        walked.append(step)
        now = step

    assert walked == [Step.ARRIVED, Step.GREETED, Step.SEATED, Step.TOUR, Step.CONSULTATION, Step.LEFT]


@pytest.mark.parametrize(
    ("step", "stage"),
    [("arrived", "welcome"), ("greeted", "welcome"), ("seated", "registration"), ("left", "follow_up")],
)
def test_every_step_stands_in_its_column(step, stage):
    assert stage_of(step) == stage


@given(st.sets(steps.filter(lambda s: s != Step.BOOKED)))
def test_taking_back_leads_to_the_step_before_the_last(taken):
    back = before_last(taken)

    assert back == (sorted(taken, key=ORDER.index)[-2] if len(taken) > 1 else Step.BOOKED)
