"""流失风险: who is about to leave, and by what one can tell (SPEC C27, B4, K14g). Pure and exact: integers in, integers out.

A sign is one thing that is known of a family on a day, in the unit that ``SIGNS`` names beside it; None where nothing is known.
Each sign earns points by its steps; the points of all signs add up to the score, 0 to 100, and the score falls into a band.
Every point has its reason, so that a person can say why and what to do; nothing is learnt, hidden or guessed.

Documented answers: what is not known earns nothing and is listed in ``missing``; a value on a step earns that step; a score on a
cut-off belongs to the higher band; what is over 100 stays 100.
"""
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST = 100

# the signs and their units, in the order in which facts are gathered
SIGNS = (
    "missed",       # 缺勤: per cent of the last twenty school days
    "run",          # 连续缺勤: school days in a row up to the day
    "lapsed",       # 该缴未缴: days since the last payment, per cent of the family's usual interval
    "silent",       # 没有往来: days since the last contact, visit or event
    "unanswered",   # 没有回音: surveys that stayed unanswered within 90 days
    "broken",       # 承诺未兑现: within 180 days
    "satisfaction", # 满意度: the latest within a year, rating × 100
    "complaints",   # 投诉: within 180 days
    "lessons",      # 剩余课时: lessons left in all packages
    "tenure",       # 在园时长: days since the first day at the school
    "transfer",     # 转园倾向: signals within 90 days
)
POSITION = {code: place for place, code in enumerate(SIGNS)}
FALLING = frozenset({"satisfaction", "lessons", "tenure"})  # the less, the worse
Facts = Sequence[int | None]
Points = tuple[int | None, ...]
Steps = tuple[tuple[int, int], ...]


class Band(StrEnum):
    """平稳, 留意, 高风险"""

    LOW = "low"
    WATCH = "watch"
    HIGH = "high"


@dataclass(frozen=True)
class Weights:
    """What each sign is worth at a school, and from which score on a family is watched or at high risk.

    ``steps`` of a sign are (value, points), from mild to severe: a value that reaches several earns the last. A sign without
    steps is not looked at.
    """

    steps: Mapping[str, Steps]
    watch: int = 25
    high: int = 50


@dataclass(frozen=True)
class Reason:
    """A sign that earned points: its value and how many of at most how many points."""

    sign: str
    value: int
    points: int
    most: int


@dataclass(frozen=True)
class Risk:
    """The score, its band, why, and what is not known. Reasons stand with the heaviest first, else in the order of ``SIGNS``."""

    score: int
    band: Band
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]


SHIPPED = Weights({
    "missed": ((15, 8), (30, 18), (50, 30)),
    "run": ((3, 8), (5, 16), (10, 30)),
    "lapsed": ((150, 10), (200, 25), (300, 40)),
    "silent": ((45, 5), (90, 12)),
    "unanswered": ((1, 4), (2, 8)),
    "broken": ((1, 10), (2, 18)),
    "satisfaction": ((300, 10), (200, 25)),
    "complaints": ((1, 12), (2, 22)),
    "lessons": ((8, 8), (4, 15), (0, 30)),
    "tenure": ((90, 8), (30, 12)),
    "transfer": ((1, 40), (2, 55)),
})


def pointer(weights: Weights) -> Callable[[Facts], Points]:
    """What each sign earns, in the order of ``SIGNS``; None where it is not known. Prepared once, for judging many families."""
    tables = [_table(code, weights.steps.get(code, ())) for code in SIGNS]

    def points_of(facts: Facts) -> Points:
        return tuple([None if value is None else earned[bisect_right(bounds, value * turn)]
                      for value, (turn, bounds, earned) in zip(facts, tables, strict=True)])
    return points_of


def score_of(points: Points) -> int:
    return min(MOST, sum([earned for earned in points if earned]))


def judge(weights: Weights, facts: Facts) -> Risk:
    """The risk of one family on one day."""
    points = pointer(weights)(facts)
    score = score_of(points)
    reasons = [Reason(code, value, earned, max(most for _bound, most in weights.steps[code]))
               for code, value, earned in zip(SIGNS, facts, points, strict=True) if earned and value is not None]
    missing = tuple(code for code, value in zip(SIGNS, facts, strict=True) if value is None and weights.steps.get(code))
    return Risk(score, band_of(weights, score), tuple(sorted(reasons, key=lambda reason: -reason.points)), missing)


def band_of(weights: Weights, score: int) -> Band:
    if score >= weights.high:
        return Band.HIGH
    return Band.WATCH if score >= weights.watch else Band.LOW


def faults(weights: Weights) -> list[str]:
    """Codes of what is wrong with weights that somebody typed; empty where they can be used."""
    found = [f"unknown:{code}" for code in weights.steps if code not in POSITION]
    found += [f"steps:{code}" for code, steps in weights.steps.items() if code in POSITION and not _is_rising(code, steps)]
    return found if 0 < weights.watch < weights.high <= MOST else [*found, "cutoffs"]


def _table(code: str, steps: Steps) -> tuple[int, list[int], list[int]]:
    """How a value is turned, the bounds it is held against from mild to severe, and what it earns past each of them."""
    turn = -1 if code in FALLING else 1
    return turn, [bound * turn for bound, _points in steps], [0, *(points for _bound, points in steps)]


def _is_rising(code: str, steps: Steps) -> bool:
    """From mild to severe in value and in points, each of 1 to 100 points."""
    bounds = [-bound if code in FALLING else bound for bound, _points in steps]
    points = [points for _bound, points in steps]
    return all(a < b for pair in (bounds, points) for a, b in zip(pair, pair[1:], strict=False)) and all(0 < p <= MOST for p in points)
