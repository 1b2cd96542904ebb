"""公平检查 (B19): whether tiers fall differently by campus, class or fee policy than chance would have it. Pure.

The statistic is Pearson's chi-square over groups × tiers; its tail is exact (closed form for whole degrees of
freedom). Under 30 customers in all, or when an expected count falls under 1, there is no verdict.
"""
import math
from collections.abc import Mapping
from dataclasses import dataclass

SMALL, LEVEL = 30, 0.05


@dataclass(frozen=True)
class Verdict:
    """``too_small`` means no verdict may be given; ``unlike`` that the groups differ beyond chance."""

    n: int
    statistic: float
    freedom: int
    p: float
    too_small: bool
    groups: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]

    @property
    def unlike(self) -> bool:
        return not self.too_small and self.p < LEVEL


def tail(statistic: float, freedom: int) -> float:
    """P(chi-square with ``freedom`` degrees ≥ statistic)."""
    if statistic <= 0:
        return 1.0
    half = statistic / 2
    if freedom % 2 == 0:
        return math.exp(-half) * sum(half**k / math.factorial(k) for k in range(freedom // 2))
    odd = sum(half ** (k + 0.5) / math.gamma(k + 1.5) for k in range((freedom - 1) // 2))
    return math.erfc(math.sqrt(half)) + math.exp(-half) * odd


def compare(counts: Mapping[str, Mapping[str, int]], labels: tuple[str, ...]) -> Verdict:
    """``counts[group][tier]``; empty groups and empty tiers do not count."""
    groups = {name: row for name, row in counts.items() if sum(row.values())}
    tiers = [label for label in labels if any(row.get(label) for row in groups.values())]
    n = sum(sum(row.values()) for row in groups.values())
    freedom = max(0, len(groups) - 1) * max(0, len(tiers) - 1)
    shown = tuple((name, tuple((label, row.get(label, 0)) for label in labels)) for name, row in groups.items())
    if freedom <= 0:
        return Verdict(n, 0.0, 0, 1.0, True, shown)
    totals = {label: sum(row.get(label, 0) for row in groups.values()) for label in tiers}
    statistic, least = 0.0, math.inf
    for row in groups.values():
        size = sum(row.values())
        for label in tiers:
            expected = size * totals[label] / n
            least = min(least, expected)
            statistic += (row.get(label, 0) - expected) ** 2 / expected
    return Verdict(n, statistic, freedom, tail(statistic, freedom), n < SMALL or least < 1, shown)
