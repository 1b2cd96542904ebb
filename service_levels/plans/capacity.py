"""人手和预算够不够 (SPEC B20, S23, S25): what plans promise to so many customers against what a school has. Pure."""
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from service_levels.plans.book import A_YEAR, Plan, Unit

WEEKS = A_YEAR[Unit.WEEK]


@dataclass(frozen=True)
class Load:
    """What the promises take: minutes of staff a week, 分 a year."""

    minutes_week: Fraction | int
    fen_year: int

    @property
    def hours_week(self) -> float:
        return float(self.minutes_week) / 60


@dataclass(frozen=True)
class Means:
    """What there is: minutes of staff a week for keeping in touch, 分 a year for gifts and concessions."""

    minutes_week: int
    fen_year: int

    @property
    def hours_week(self) -> float:
        return self.minutes_week / 60


@dataclass(frozen=True)
class Shortage:
    """What lacks: ``hours`` (of staff, a week) or ``fen`` (a year), and by how much."""

    what: str
    by: Fraction | int

    @property
    def hours(self) -> float:
        return float(self.by) / 60


def load(served: Iterable[tuple[Plan, int]]) -> Load:
    """What so many customers of each plan take."""
    minutes = fen = 0
    for plan, count in served:
        minutes += plan.minutes_a_year * count
        fen += plan.fen_a_year * count
    return Load(Fraction(minutes, WEEKS), fen)


def shortages(needed: Load, means: Means) -> tuple[Shortage, ...]:
    """What is promised and not there; nothing where it can be done."""
    found = []
    if needed.minutes_week > means.minutes_week:
        found.append(Shortage("hours", needed.minutes_week - means.minutes_week))
    if needed.fen_year > means.fen_year:
        found.append(Shortage("fen", needed.fen_year - means.fen_year))
    return tuple(found)
