"""Geometry of the 主因 chart: bars and the line of what they reach, both on one scale of 0 to 100 % of the whole (UI §4). Pure."""
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One bar: its place, and the point of the line above its middle."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    reached: float


@dataclass(frozen=True)
class Chart:
    columns: tuple[Column, ...]
    line: str
    rules: tuple[tuple[float, int], ...]
    right: float
    bottom: float


def columns(shares: Sequence[tuple[float, float]], *, width: float = 720, height: float = 240, gap: float = 12) -> Chart:
    """(share, reached) for each bar, from left to right; a bar that reaches everything is as high as the scale."""
    left, right, top = 8.0, width - 44, 14.0
    each = (right - left) / max(1, len(shares))

    def y(share: float) -> float:
        return round(top + height * (1 - share), 1)

    drawn = tuple(Column(round(left + n * each + gap / 2, 1), y(share), round(each - gap, 1), round(height * share, 1),
                         round(left + (n + 0.5) * each, 1), y(reached)) for n, (share, reached) in enumerate(shares))
    rules = tuple((y(per_cent / 100), per_cent) for per_cent in (0, 25, 50, 75, 100))
    return Chart(drawn, " ".join(f"{one.middle},{one.reached}" for one in drawn), rules, right, y(0))
