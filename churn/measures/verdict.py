"""前后对比与结论 (SPEC B8, C19): did a measure help? Decided by a written rule on counts, never by eye. Pure.

Every indicator is a share: of families who renewed, were satisfied, referred somebody, left. A measure's group is counted before
and after; where other campuses or classes were left as they were, they are counted over the same days and their change is taken
off, so that what happened to everybody is not credited to the measure.

The net effect is (after − before) − (after − before of the comparison group). Its 95 % interval adds up, as squares, the distances
of each share to its own Wilson limits (Newcombe, Statistics in Medicine 17, 1998, method 10; for four shares the same sum, known
as MOVER, Zou and Donner 2008). It holds where counts are small or nobody or everybody did it, where the usual formula says ± 0.

The rule: any group with fewer than ``least`` families → 样本不足, whatever the figures. Else the interval lies wholly on the good
side of zero → 有效. Else → 无效; ``is_worse`` where it lies wholly on the bad side.
"""
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot

from tiering.charts import wilson

LEAST = 50  # families in each group below which nothing is concluded; a setting of the school


class Verdict(StrEnum):
    """有效, 无效, 样本不足"""

    EFFECTIVE = "effective"
    INEFFECTIVE = "ineffective"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Count:
    """So many of so many."""

    hits: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.of:
            raise ValueError(f"{self.hits} of {self.of}")

    @property
    def share(self) -> float | None:
        return self.hits / self.of if self.of else None


@dataclass(frozen=True)
class Group:
    """One group over the same length of time before and after the measure began."""

    before: Count
    after: Count

    @property
    def change(self) -> float | None:
        first, last = self.before.share, self.after.share
        return None if first is None or last is None else last - first


@dataclass(frozen=True)
class Comparison:
    """What came of a measure. Shares and their differences from −1 to 1; None where a group is empty and nothing can be told.

    ``small`` names the groups with too few families: before, after, control_before, control_after.
    """

    net: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    is_worse: bool
    small: tuple[str, ...]
    has_control: bool


def compare(treated: Group, control: Group | None = None, *, more_is_better: bool = True, least: int = LEAST) -> Comparison:
    """Before against after, less the comparison group's own change where there is one."""
    counts = {"before": treated.before, "after": treated.after}
    if control is not None:
        counts |= {"control_before": control.before, "control_after": control.after}
    small = tuple(name for name, count in counts.items() if count.of < least)
    signed = [(treated.after, 1), (treated.before, -1), *([(control.after, -1), (control.before, 1)] if control else [])]
    if any(count.of == 0 for count, _sign in signed):
        return Comparison(None, None, None, Verdict.TOO_FEW, False, small, control is not None)
    net, low, high = interval(signed)
    good, bad = (low > 0, high < 0) if more_is_better else (high < 0, low > 0)
    verdict = Verdict.TOO_FEW if small else Verdict.EFFECTIVE if good else Verdict.INEFFECTIVE
    return Comparison(net, low, high, verdict, bad and not small, small, control is not None)


def interval(signed: Sequence[tuple[Count, int]]) -> tuple[float, float, float]:
    """A sum of shares, each taken with +1 or −1, and its 95 % interval. Counts of nobody are refused with ZeroDivisionError."""
    net, below, above = 0.0, [], []
    for count, sign in signed:
        share = count.hits / count.of
        down, up = wilson(count.hits, count.of)
        net += sign * share
        below.append(share - down if sign > 0 else up - share)
        above.append(up - share if sign > 0 else share - down)
    return net, max(-float(len(signed)) / 2, net - hypot(*below)), min(float(len(signed)) / 2, net + hypot(*above))
