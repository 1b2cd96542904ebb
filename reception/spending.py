"""花费 (R39b): what a period cost and what one family cost. Pure; amounts in 分.

A month that lies in the period by a part counts by its days, so that any two neighbouring periods add up to what was entered.
"""
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

Cost = tuple[date, str, int]  # the month's first day, whose, how much


def spent(costs: Iterable[Cost], first: date, last: date) -> dict[str, int]:
    """What each channel or source cost from the first to the last day, both counted; rounded half up at the end."""
    exact: dict[str, Fraction] = defaultdict(Fraction)
    for month, name, fen in costs:
        exact[name] += fen * _part(month, first, last)
    return {name: rounded(amount) for name, amount in exact.items() if amount}


def each(fen: int, families: int) -> int | None:
    """What one family cost; None where there was none."""
    return rounded(Fraction(fen, families)) if families else None


def rounded(amount: Fraction) -> int:
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def _part(month: date, first: date, last: date) -> Fraction:
    """Which part of a month's days lies in the period."""
    days = monthrange(month.year, month.month)[1]
    end = month + timedelta(days=days - 1)
    return Fraction(max(0, (min(end, last) - max(month, first)).days + 1), days)
