"""Geometry of the measures' pictures: the timeline of all of them, effects with their intervals. Pure; days and points in."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
BOUNDS = (5, 10, 20, 40, 60, 80, 100)  # how far the scale of effects reaches to both sides, in percentage points


@dataclass(frozen=True)
class Span:
    """One measure as it is to be drawn: its days, how far it is in per cent, and when it was done."""

    first: date
    due: date
    progress: int
    done: date | None = None


@dataclass(frozen=True)
class Lane:
    """One measure on the timeline: the planned bar, what of it is done, and the overdue piece behind it."""

    y: float
    x: float
    width: float
    filled: float
    late_x: float
    late: float


@dataclass(frozen=True)
class Timeline:
    lanes: tuple[Lane, ...]
    months: tuple[tuple[float, date], ...]
    today: float
    left: float
    right: float
    height: float


def timeline(spans: Sequence[Span], today: date, *, width: float = 900, left: float = 250, row: float = 34) -> Timeline:
    """Bars on one scale of days that begins with the month of the earliest and ends with the month of the latest."""
    first = min([span.first for span in spans] + [today]).replace(day=1)
    last = _month_after(max([span.due for span in spans] + [today])) - ONE_DAY
    days = (last - first).days + 1

    def x(day: date) -> float:
        return round(left + (width - left) * (day - first).days / days, 1)

    lanes = []
    for number, span in enumerate(spans):
        start, end = x(span.first), x(span.due + ONE_DAY)
        over = x(min((span.done or today) + ONE_DAY, last + ONE_DAY)) if (span.done or today) > span.due else end
        whole = end - start
        lanes.append(Lane(26 + number * row, start, round(whole, 1), round(whole * span.progress / 100, 1), end, round(over - end, 1)))
    months, day = [], first
    while day <= last:
        months.append((x(day), day))
        day = _month_after(day)
    return Timeline(tuple(lanes), tuple(months), x(today), left, width, 26 + row * len(spans) + 4)


def _month_after(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


@dataclass(frozen=True)
class Effect:
    """A point with its interval, as shares from −1 to 1; None where nothing can be told."""

    net: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Whisker:
    y: float
    x: float
    low: float
    high: float


@dataclass(frozen=True)
class Forest:
    """``marks`` are (x, percentage points); a row without a figure has no whisker."""

    rows: tuple[tuple[float, Whisker | None], ...]
    marks: tuple[tuple[float, int], ...]
    zero: float
    height: float


def forest(effects: Sequence[Effect], *, left: float = 190, right: float = 470, row: float = 56) -> Forest:
    """Every effect on one scale around zero, wide enough for the widest interval; beyond 100 points it is cut at the edge."""
    most = max((abs(edge) * 100 for one in effects for edge in (one.low, one.high) if edge is not None), default=BOUNDS[0])
    bound = next((b for b in BOUNDS if b >= most), BOUNDS[-1])
    middle, half = (left + right) / 2, (right - left) / 2

    def x(share: float) -> float:
        return round(middle + half * max(-1.0, min(1.0, share * 100 / bound)), 1)

    rows = []
    for number, one in enumerate(effects):
        y = 46 + number * row
        known = one.net is not None and one.low is not None and one.high is not None
        rows.append((y, Whisker(y, x(one.net or 0), x(one.low or 0), x(one.high or 0)) if known else None))
    marks = tuple((x(points / 100), points) for points in (-bound, -bound // 2, 0, bound // 2, bound)) if bound > 5 else (
        (x(-0.05), -5), (x(0), 0), (x(0.05), 5))
    return Forest(tuple(rows), marks, x(0), 46 + row * len(effects))
