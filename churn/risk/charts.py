"""Geometry of the risk's pictures: numbers in, SVG coordinates out. Pure."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

ROUND = (1, 2, 5)


@dataclass(frozen=True)
class Curve:
    """A line through counts: its points, its last one, and what stands there."""

    points: str
    end: tuple[float, float]
    last: int


@dataclass(frozen=True)
class Chart:
    """Curves on one scale from zero; ``rules`` are (y, number) and ``marks`` (x, day)."""

    curves: tuple[Curve, ...]
    rules: tuple[tuple[float, int], ...]
    marks: tuple[tuple[float, date], ...]
    width: int
    height: int


def top_of(most: int) -> int:
    """The least of 1, 2, 5, 10, 20, 50 … that is not below a count."""
    scale = 1
    while True:
        for step in ROUND:
            if step * scale >= most:
                return step * scale
        scale *= 10


def curves(days: Sequence[date], series: Sequence[Sequence[int]], *, width: int = 380, height: int = 150) -> Chart:
    """Counts over days, each day at its own distance from the first; labels of the last points are kept apart."""
    left, right, top, bottom = 34, 40, 10, 24
    most = top_of(max((n for row in series for n in row), default=1))
    span = max(1, (days[-1] - days[0]).days) if days else 1

    def x(day: date) -> float:
        return round(left + (width - left - right) * (day - days[0]).days / span, 1)

    def y(count: int) -> float:
        return round(top + (height - top - bottom) * (1 - count / most), 1)

    drawn = [Curve(" ".join(f"{x(day)},{y(n)}" for day, n in zip(days, row, strict=True)), (x(days[-1]), y(row[-1])), row[-1])
             for row in series if row]
    rules = tuple((y(n), n) for n in sorted({0, most // 2 if most > 1 else 0, most}))
    marks = tuple((x(day), day) for day in ([days[0], days[-1]] if len(days) > 1 else days))
    return Chart(_apart(drawn), rules, marks, width, height)


def _apart(drawn: Sequence[Curve], least: float = 15) -> tuple[Curve, ...]:
    """The labels at the ends do not touch; the points themselves stay where they are."""
    placed: list[Curve] = []
    for curve in sorted(drawn, key=lambda curve: curve.end[1]):
        above = placed[-1].end[1] if placed else -least
        placed.append(Curve(curve.points, (curve.end[0], max(curve.end[1], above + least)), curve.last))
    return tuple(next(p for p in placed if p.points == curve.points and p.last == curve.last) for curve in drawn)


@dataclass(frozen=True)
class Step:
    """A stretch of a family's history at one score."""

    x: float
    width: float
    y: float
    band: str


def steps(spans: Sequence[tuple[date, date, int, str]], *, width: int = 560, height: int = 70) -> tuple[Step, ...]:
    """A family's score from day to day: (from, until, score, band) as stretches on a scale of 0 to 100."""
    if not spans:
        return ()
    first, last = spans[0][0], spans[-1][1]
    whole = max(1, (last - first).days)

    def x(day: date) -> float:
        return round(width * (day - first).days / whole, 1)

    return tuple(Step(x(start), round(max(2.0, x(end) - x(start)), 1), round(height * (1 - score / 100), 1), band)
                 for start, end, score, band in spans)
