"""到访的步骤: the steps of a visit from the booking to the feedback, and which may follow which (R3, B9). Pure.

The nine stages of the policy are the columns of the board; 迎接 holds two steps of the stopwatch, since waiting ends with the greeting.
A step may be left out (no contract today), never gone through backwards: a wrong tap is taken back instead.
"""
from collections.abc import Iterable
from enum import StrEnum


class Step(StrEnum):
    BOOKED = "booked"              # 预约
    PREPARED = "prepared"          # 准备: the host has read the briefing
    ARRIVED = "arrived"            # 到达
    GREETED = "greeted"            # 迎接
    SEATED = "seated"              # 入座、登记
    TOUR = "tour"                  # 参观
    CONSULTATION = "consultation"  # 咨询
    SIGNING = "signing"            # 签约
    LEFT = "left"                  # 离开、跟进
    FEEDBACK = "feedback"          # 反馈


ORDER = tuple(Step)
WATCHED = ORDER[ORDER.index(Step.ARRIVED):ORDER.index(Step.LEFT) + 1]  # what the stopwatch times
HERE = frozenset(WATCHED[:-1])                                         # the family is in the house
STAGES: tuple[tuple[str, tuple[Step, ...]], ...] = (
    ("booking", (Step.BOOKED,)), ("preparation", (Step.PREPARED,)), ("welcome", (Step.ARRIVED, Step.GREETED)),
    ("registration", (Step.SEATED,)), ("tour", (Step.TOUR,)), ("consultation", (Step.CONSULTATION,)), ("signing", (Step.SIGNING,)),
    ("follow_up", (Step.LEFT,)), ("feedback", (Step.FEEDBACK,)))
USUAL = {Step.BOOKED: Step.ARRIVED, Step.PREPARED: Step.ARRIVED, Step.ARRIVED: Step.GREETED, Step.GREETED: Step.SEATED,
         Step.SEATED: Step.TOUR, Step.TOUR: Step.CONSULTATION, Step.CONSULTATION: Step.LEFT, Step.SIGNING: Step.LEFT}


def place(step: str) -> int:
    return ORDER.index(Step(step))


def may_follow(step: str, now: str) -> bool:
    """Only what comes later; steps between may be left out."""
    return place(step) > place(now)


def usually_next(now: str) -> Step | None:
    """What the one big button does; None where nothing follows by itself."""
    return USUAL.get(Step(now))


def stage_of(step: str) -> str:
    """Which of the nine stages a step belongs to."""
    return next(name for name, steps in STAGES if Step(step) in steps)


def before_last(taken: Iterable[str]) -> Step:
    """Where a visit is again when its last step is taken back."""
    rest = sorted(place(step) for step in taken)[:-1]
    return ORDER[rest[-1]] if rest else Step.BOOKED
