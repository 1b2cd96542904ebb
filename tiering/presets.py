"""Shipped schemes. The seeds leave every figure blank; these are starting points a school edits (K15).

``kg-ad``: 《幼儿园客户分级管理制度》 A–D. ``svc-14``: 《客户服务分级管理办法》 一–四级. ``prospect`` and ``partner``: X7.
"""
from dataclasses import dataclass

from tiering.rules import Cap, Gate, Indicator, Scheme

YUAN = 100   # 分
YEAR = 365   # days
RATING = 100


@dataclass(frozen=True)
class Preset:
    code: str
    name: str
    customer_type: str
    scheme: Scheme


KINDERGARTEN = Scheme(
    labels=("A", "B", "C", "D"), cuts=(7500, 5500, 3500, 0), stage="enrolled", min_days=60, halve_after=183,
    indicators=(
        Indicator("spend", 30, tuple(y * YUAN for y in (0, 8000, 14000, 18000, 24000)), (10, 35, 60, 80, 100), window=12),
        Indicator("intent", 20, tuple(r * RATING for r in (1, 2, 3, 4, 5)), (0, 25, 50, 75, 100), smooth=True, window=12,
                  when_missing=50),
        Indicator("influence", 20, (0, 10, 20, 50, 100), (0, 40, 55, 80, 100), window=24),
        Indicator("tenure", 15, (0, YEAR // 2, YEAR, 2 * YEAR, 3 * YEAR), (10, 40, 60, 85, 100)),
        Indicator("activities", 5, (0, 3, 9), (0, 50, 100), smooth=True, window=6),
        Indicator("contacts", 5, (0, 2, 6), (0, 50, 100), smooth=True, window=12),
        Indicator("satisfaction", 5, tuple(r * RATING for r in (1, 2, 3, 4, 5)), (0, 25, 50, 75, 100), smooth=True, window=12,
                  when_missing=50),
    ),
    gates=(Gate(0, "converted", 1),),
    caps=(Cap(3, "transfer", 1),),
)
SERVICE = Scheme(
    labels=("1", "2", "3", "4"), cuts=(7500, 5000, 2500, 0), min_days=0,
    indicators=(
        Indicator("spend", 35, tuple(y * YUAN for y in (0, 3000, 7000, 12000, 18000)), (5, 30, 55, 80, 100), window=12),
        Indicator("frequency", 25, (0, 1, 2, 3, 5), (0, 20, 45, 75, 100), window=12),
        Indicator("tenure", 20, (0, 90, 180, YEAR, 2 * YEAR), (10, 30, 50, 75, 100)),
        Indicator("credit", 10, tuple(r * RATING for r in (1, 2, 3, 4, 5)), (0, 25, 50, 75, 100), smooth=True, when_missing=50),
        Indicator("complexity", 10, tuple(r * RATING for r in (1, 2, 3, 4, 5)), (0, 25, 50, 75, 100), smooth=True,
                  when_missing=50),
    ),
)
PROSPECT = Scheme(
    labels=("A", "B", "C", "D"), cuts=(7000, 5000, 3000, 0), stage="prospect",
    indicators=(
        Indicator("intent", 50, tuple(r * RATING for r in (1, 2, 3, 4, 5)), (0, 25, 50, 75, 100), smooth=True, when_missing=40),
        Indicator("contacts", 30, (0, 1, 2, 4), (0, 40, 70, 100), window=3),
        Indicator("activities", 20, (0, 1, 2), (0, 60, 100), window=6),
    ),
)
PARTNER = Scheme(
    labels=("A", "B", "C", "D"), cuts=(7000, 5000, 3000, 0),
    indicators=(
        Indicator("influence", 50, (0, 10, 50, 100, 300), (0, 30, 60, 80, 100), window=24),
        Indicator("tenure", 25, (0, YEAR, 2 * YEAR, 3 * YEAR), (20, 50, 75, 100)),
        Indicator("credit", 25, tuple(r * RATING for r in (1, 2, 3, 4, 5)), (0, 25, 50, 75, 100), smooth=True, when_missing=50),
    ),
)
PRESETS = {
    "kindergarten": (Preset("kg-ad", "幼儿园 A–D", "family", KINDERGARTEN), Preset("prospect", "潜在客户", "family", PROSPECT),
                     Preset("partner", "合作机构", "partner", PARTNER)),
    "nursery": (Preset("kg-ad", "托育 A–D", "family", KINDERGARTEN), Preset("prospect", "潜在客户", "family", PROSPECT),
                Preset("partner", "合作机构", "partner", PARTNER)),
    "training": (Preset("svc-14", "客户服务一至四级", "learner", SERVICE), Preset("partner", "合作机构", "partner", PARTNER)),
}
