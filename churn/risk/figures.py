"""回测的数字: how well a warning of one day named those who then left. Pure; counts and shares of counts, nothing estimated."""
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any

from churn.risk.rules import SIGNS, Band, Points

ENOUGH = 30  # below so many families no share is spoken of, only counts (UI §5)
FATES = ("stayed", "lost", "natural", "unsaid")


@dataclass(frozen=True)
class Seen:
    """A family on the day: its band and points then, what became of it, and after how many days it left, if a day is known.

    ``fate`` is stayed, lost, natural (graduated, moved … never churn, B22) or unsaid (left without a reason given).
    """

    band: str
    points: Points
    fate: str
    days: int | None = None


def figures(seen: Iterable[Seen]) -> dict[str, Any]:
    """Counts as JSON: ``bands`` and ``signs`` are [families, of whom lost]; natural and unsaid leavers count in neither.

    ``lead`` is the median of days from the warning to the leaving, of those at high risk who left on a known day.
    """
    everybody = list(seen)
    judged = [one for one in everybody if one.fate in ("stayed", "lost")]
    known = sorted(one.days for one in judged if one.fate == "lost" and one.band == Band.HIGH and one.days is not None)
    return {
        "n": len(judged), "lost": _lost(judged), "natural": sum(one.fate == "natural" for one in everybody),
        "unsaid": sum(one.fate == "unsaid" for one in everybody),
        "bands": {str(band): _pair([one for one in judged if one.band == band]) for band in reversed(Band)},
        "signs": {sign: _pair([one for one in judged if one.points[place]]) for place, sign in enumerate(SIGNS)},
        "lead": median(known) if known else None, "lead_n": len(known)}


def _pair(rows: list[Seen]) -> list[int]:
    return [len(rows), _lost(rows)]


def _lost(rows: list[Seen]) -> int:
    return sum(one.fate == "lost" for one in rows)


@dataclass(frozen=True)
class Share:
    """``hits`` of ``of``, with the share only where there were enough."""

    hits: int
    of: int

    @property
    def rate(self) -> float | None:
        return self.hits / self.of if self.of >= ENOUGH else None


@dataclass(frozen=True)
class Reading:
    """What the counts say: of whom was warned of, how many left; of whom left, how many had been warned of; and of all."""

    precision: Share
    recall: Share
    base: Share

    @property
    def helps(self) -> bool | None:
        """Whether high risk was a better guess than picking anybody; None where there were too few to say."""
        if self.precision.rate is None or self.base.rate is None:
            return None
        return self.precision.rate > self.base.rate


def reading(counted: dict[str, Any], bands: Iterable[str] = (Band.HIGH,)) -> Reading:
    """Precision and recall of a warning that means these bands."""
    pairs = [counted["bands"][band] for band in bands]
    warned, hit = sum(n for n, _lost in pairs), sum(lost for _n, lost in pairs)
    return Reading(Share(hit, warned), Share(hit, counted["lost"]), Share(counted["lost"], counted["n"]))
