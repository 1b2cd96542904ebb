"""积分账 (SPEC K22): what of the points a family earned is still there, and when what lapses. Pure.

Points are spent in the order in which they lapse, so nobody loses points that they could have spent. Entries never change: what lapses,
what was a mistake, is an entry of its own, and the balance is the sum of all.
"""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

FOREVER = date.max


@dataclass(frozen=True)
class Line:
    """One entry: ``points`` above nothing came, below nothing went; what came lapses after ``last_on`` (None: never)."""

    points: int
    on: date
    last_on: date | None = None


@dataclass(frozen=True)
class Lot:
    """What is left of points that lapse together."""

    points: int
    last_on: date


def lots(lines: Iterable[Line]) -> tuple[Lot, ...]:
    """What is left of what came, the soonest to lapse first. ValueError where more went than came."""
    came: dict[date, int] = {}
    gone = 0
    for line in lines:
        if line.points > 0:
            came[line.last_on or FOREVER] = came.get(line.last_on or FOREVER, 0) + line.points
        else:
            gone -= line.points
    left = []
    for last_on in sorted(came):
        taken = min(gone, came[last_on])
        gone -= taken
        if came[last_on] > taken:
            left.append(Lot(came[last_on] - taken, last_on))
    if gone:
        raise ValueError(f"{gone} more went than came")
    return tuple(left)


def lapsed(lines: Iterable[Line], day: date) -> int:
    """Points whose last day is over on a day and that nobody has spent: what the next entry takes away.

    What sql/lapse.sql says for all families in one sum: what came and is over, less all that went.
    """
    return sum(lot.points for lot in lots(lines) if lot.last_on < day)


def lapsing(lines: Iterable[Line], until: date) -> tuple[Lot, ...]:
    """What lapses up to and with a day, for telling the family in time."""
    return tuple(lot for lot in lots(lines) if lot.last_on <= until)
