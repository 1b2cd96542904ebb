"""手写签名: what a finger drew, checked and made a picture. Pure.

It travels as strokes of points in a field of 600 × 200: ``[[[x, y], …], …]``. A dot or a scratch is no signature.
"""
import json
from typing import Any

from tenancy.said import Said

WIDTH, HEIGHT = 600, 200
STROKES, POINTS = 60, 6000  # at most
LEAST = 80  # of length drawn, in the units of the field
Stroke = list[tuple[float, float]]


def read(text: str) -> list[Stroke]:
    """The strokes of what a page sent. Raises ValueError with a Said in words for people."""
    try:
        raw = json.loads(text or "[]")
        strokes = [[_point(point) for point in stroke] for stroke in raw]
    except (ValueError, TypeError):
        raise ValueError(Said("签名没有传过来，请再签一次。")) from None
    if len(strokes) > STROKES or sum(map(len, strokes)) > POINTS:
        raise ValueError(Said("签名画得太多了，请清空重签。"))
    if sum(map(_length, strokes)) < LEAST:
        raise ValueError(Said("请在框里签上您的名字。"))
    return strokes


def written(strokes: list[Stroke]) -> str:
    """As it is kept: short, whole tenths."""
    return json.dumps(strokes, separators=(",", ":"))


def svg(strokes: list[Stroke]) -> str:
    """The picture, with nothing in it but lines."""
    path = " ".join(f"M{' L'.join(f'{x:g} {y:g}' for x, y in stroke)}" for stroke in strokes if len(stroke) > 1)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><path d="{path}" fill="none" stroke="#1e1c18" '
            'stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"/></svg>')


def _point(raw: Any) -> tuple[float, float]:
    x, y = (float(part) for part in raw)
    if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
        raise ValueError
    return round(x, 1), round(y, 1)


def _length(stroke: Stroke) -> float:
    return sum(((a - c) ** 2 + (b - d) ** 2) ** 0.5 for (a, b), (c, d) in zip(stroke, stroke[1:], strict=False))
