"""Geometry of the report's pictures: numbers in, SVG coordinates out. Pure."""
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

STEPS = "abcd"


def step_of(position: int, count: int) -> str:
    """Which of the four steps of lightness a tier has: best is ink, worst is sand."""
    return STEPS[round(position * 3 / max(1, count - 1))]


@dataclass
class Piece:
    x: float
    width: float
    label: str
    count: int
    step: str
    roomy: bool


def stacked(counts: Sequence[tuple[str, int]], width: float = 560, gap: float = 2) -> list[Piece]:
    """A bar of pieces as long as their counts, with a hairline gap between them."""
    total = sum(n for _, n in counts)
    if not total:
        return []
    room = width - gap * (len(counts) - 1)
    pieces, x = [], 0.0
    for number, (label, n) in enumerate(counts):
        piece = room * n / total
        pieces.append(Piece(round(x, 1), round(max(piece, 0), 1), label, n, step_of(number, len(counts)), piece > 34))
        x += piece + gap
    return pieces


@dataclass(frozen=True)
class Dot:
    """A point of a line with its tier's own mark; hollow where the quarter was only worked back."""

    x: float
    y: float
    path: str
    hollow: bool


# ● ■ ◆ ✚ around the origin, so that a line is told apart without colour
MARKS = {"a": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z", "b": "M-3.6 -3.6h7.2v7.2h-7.2Z", "c": "M0 -5L5 0L0 5L-5 0Z",
         "d": "M-1.6 -4.6h3.2v3h3v3.2h-3v3h-3.2v-3h-3v-3.2h3Z"}


@dataclass
class Line:
    label: str
    step: str
    points: str
    dots: list["Dot"]
    end: tuple[float, float]
    last: float


def lines(series: dict[str, Sequence[float | None]], *, hollow: Sequence[bool] = (), began: int | None = None, width: float = 520,
          height: float = 190, left: float = 40, top: float = 14) -> dict[str, Any]:
    """Shares over periods as lines; the top of the scale is the next 15 % above the largest.

    ``hollow`` says for each period whether it was worked back; ``began`` is the period in which tiering began.
    """
    values = [v for row in series.values() for v in row if v is not None]
    top_share = min(1.0, max(0.15, math.ceil(max(values, default=0) / 0.15) * 0.15))
    count = max((len(row) for row in series.values()), default=0)
    step_x = (width - left - 70) / max(1, count - 1)

    def place(number: int, share: float) -> tuple[float, float]:
        return round(left + number * step_x, 1), round(top + height * (1 - share / top_share), 1)

    drawn = []
    for number, (label, row) in enumerate(series.items()):
        step = step_of(number, len(series))
        dots = [Dot(*place(n, v), MARKS[step], n < len(hollow) and hollow[n]) for n, v in enumerate(row) if v is not None]
        if dots:
            points = " ".join(f"{dot.x},{dot.y}" for dot in dots)
            drawn.append(Line(label, step, points, dots, (dots[-1].x, dots[-1].y), [v for v in row if v is not None][-1]))
    rules = [(round(top + height * (1 - n / 3), 1), f"{top_share * n / 3 * 100:.0f}%") for n in range(4)]
    _spread(drawn)
    return {"lines": drawn, "rules": rules, "xs": [place(n, 0)[0] for n in range(count)], "bottom": top + height + 18,
            "right": width - 66, "left": left, "top": top, "began": place(began, 0)[0] if began is not None and count > 1 else None}


def _spread(drawn: list[Line], least: float = 15) -> None:
    """Labels at the ends of lines must not touch."""
    ordered = sorted(drawn, key=lambda line: line.end[1])
    for above, below in zip(ordered, ordered[1:], strict=False):
        if below.end[1] - above.end[1] < least:
            below.end = (below.end[0], above.end[1] + least)


def wilson(kept: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); (0, 1) when nothing was counted."""
    if not of:
        return 0.0, 1.0
    z, p = 1.959964, kept / of
    centre, spread = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return max(0.0, (centre - spread) / (1 + z * z / of)), min(1.0, (centre + spread) / (1 + z * z / of))


def dots(rows: Sequence[tuple[str, int, int, float | None]], *, width: float = 520, left: float = 50,
         right: float = 110) -> dict[str, Any]:
    """Rates with their intervals: (label, kept, of, share of the period before)."""
    shares = [kept / of for _, kept, of, _ in rows if of] + [s for *_, s in rows if s is not None]
    low = max(0.0, math.floor((min(shares, default=0.6) - 0.08) * 10) / 10)
    room = width - left - right

    def x(share: float) -> float:
        return round(left + room * (max(share, low) - low) / (1 - low or 1), 1)

    drawn = []
    for number, (label, kept, of, before) in enumerate(rows):
        start, end = wilson(kept, of)
        drawn.append({"label": label, "kept": kept, "of": of, "share": kept / of if of else None, "y": 26 + number * 34,
                      "x": x(kept / of) if of else None, "from": x(start), "span": round(x(end) - x(start), 1),
                      "before": x(before) if before is not None else None, "step": step_of(number, len(rows))})
    ticks = [(x(low + (1 - low) * n / 4), f"{(low + (1 - low) * n / 4) * 100:.0f}%") for n in range(5)]
    return {"rows": drawn, "ticks": ticks, "height": 40 + 34 * len(rows), "bottom": 22 + 34 * len(rows)}
