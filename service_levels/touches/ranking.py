"""先联系谁: tier × risk × lateness (SPEC B4, X4). Pure.

Whoever is worth much and about to leave comes before whoever is worth little and calm, however long that one has waited.
"""
from fractions import Fraction

from churn.risk.rules import Band

RISK = {Band.LOW: 1, Band.WATCH: 2, Band.HIGH: 3}
EARLY, MOST = Fraction(1, 2), 4  # before the day; and how many days of lateness count twice in all


def weight(place: int | None, tiers: int) -> Fraction:
    """Of a tier by its place, the first being 0: the best of four weighs 4, the last 1; who is not rated stands in the middle."""
    return Fraction(tiers, 2) if place is None else Fraction(tiers - place)


def lateness(days: int) -> Fraction:
    """Of days after the due day, negative before it: half before it, 1 on it, 3 at most."""
    return EARLY if days < 0 else 1 + Fraction(min(days, MOST), 2)


def urgency(place: int | None, tiers: int, band: str, days: int) -> Fraction:
    """Who is called first has the most."""
    return weight(place, tiers) * RISK[Band(band)] * lateness(days)
