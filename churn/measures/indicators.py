"""评估指标 (SPEC C18): five shares out of one tally of a group over some days. Pure.

Families count, not children. A base is whoever was enrolled on the first day, less those who left naturally (B22): a graduation is
no failure to renew. What a school's numbers cannot tell is an empty count, never a guess.
"""
from dataclasses import asdict, dataclass
from typing import Any

from churn.measures.verdict import Count

MORE_IS_BETTER = {"satisfaction": True, "loyalty": True, "renewal": True, "referral": True, "churn": False}


@dataclass(frozen=True)
class Tally:
    """One group over some days, in families.

    ``start`` and ``end`` were enrolled on the first and the last day, ``start`` without who left naturally in between. Of ``start``:
    ``renewed`` paid again and were still here on the last day, ``loyal`` stayed and never spoke of leaving, ``referred`` recommended
    somebody, ``left`` went and not naturally. ``answered`` said how satisfied they are, ``satisfied`` last said so and were.
    """

    start: int = 0
    end: int = 0
    renewed: int = 0
    loyal: int = 0
    referred: int = 0
    left: int = 0
    answered: int = 0
    satisfied: int = 0

    def as_json(self) -> dict[str, int]:
        return asdict(self)


def tally_of(kept: dict[str, Any]) -> Tally:
    """A tally as it was stored."""
    return Tally(**{name: int(kept.get(name, 0)) for name in Tally.__dataclass_fields__})


def count_of(tally: Tally, indicator: str, formula: str) -> Count:
    """So many of so many for one indicator. ``formula`` says what the renewal rate is divided by: start, end or average.

    The average of an odd sum is taken up: half a family more below than above the line never flatters.
    """
    if indicator == "satisfaction":
        return Count(tally.satisfied, tally.answered)
    if indicator == "renewal":
        below = {"start": tally.start, "end": tally.end, "average": -(-(tally.start + tally.end) // 2)}[formula]
        return Count(tally.renewed, below)
    return Count({"loyalty": tally.loyal, "referral": tally.referred, "churn": tally.left}[indicator], tally.start)
