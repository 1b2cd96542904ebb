"""撞单规则 (SPEC B25): whose a family is by what is on record. Pure; whoever decides may decide otherwise and says why.

Whoever reached the family first holds it, for as long as they keep in touch: when somebody else reaches it and the holder has been
silent for longer than the school allows, it passes to them. Two who came on the same day are told apart by who had them visit
first, then by who was in touch more often; if that is equal as well, the rule says nothing.
"""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

FIRST, LAPSED, VISIT, OFTEN, ONLY, EVEN, NONE = "first", "lapsed", "visit", "often", "only", "even", "none"


@dataclass(frozen=True)
class Touch:
    """One dated fact: somebody was in touch with the family; a visit counts as one."""

    who: int
    on: date
    is_visit: bool = False


@dataclass(frozen=True)
class Claim:
    """One colleague's days with the family, in order, and the first on which they had it visit."""

    who: int
    days: tuple[date, ...]
    visited_on: date | None = None

    @property
    def first(self) -> date:
        return self.days[0]

    def last_before(self, day: date) -> date:
        """The latest day in touch up to a day, which is not before the first."""
        return max(one for one in self.days if one <= day)


@dataclass(frozen=True)
class Proposal:
    """Whose it is by the rule, why, and from whom it passed where it passed; None where the rule says nothing."""

    who: int | None
    why: str
    before: int | None = None


def claims(touches: Sequence[Touch]) -> list[Claim]:
    """One for each colleague, by the day they first were in touch; on the same day by the order of ids."""
    found: dict[int, list[Touch]] = {}
    for touch in touches:
        found.setdefault(touch.who, []).append(touch)
    made = [Claim(who, tuple(sorted(one.on for one in theirs)), min((one.on for one in theirs if one.is_visit), default=None))
            for who, theirs in found.items()]
    return sorted(made, key=lambda claim: (claim.first, claim.who))


def propose(touches: Sequence[Touch], *, silent_days: int) -> Proposal:
    """Whose the family is by the rule."""
    found = claims(touches)
    if not found:
        return Proposal(None, NONE)
    if len(found) == 1:
        return Proposal(found[0].who, ONLY)
    told = _first(found)
    if told.who is None:
        return told
    holder = next(claim for claim in found if claim.who == told.who)
    for claim in found:
        if claim.first > holder.first and (claim.first - holder.last_before(claim.first)).days > silent_days:
            told, holder = Proposal(claim.who, LAPSED, holder.who), claim
    return told


def _first(found: Sequence[Claim]) -> Proposal:
    """Of those who came first: one, or told apart by the first visit, then by how often they were in touch that day and since."""
    same_day = [claim for claim in found if claim.first == found[0].first]
    if len(same_day) == 1:
        return Proposal(same_day[0].who, FIRST)
    visits = sorted((claim.visited_on, claim.who) for claim in same_day if claim.visited_on)
    if visits and (len(visits) == 1 or visits[0][0] < visits[1][0]):
        return Proposal(visits[0][1], VISIT)
    often = sorted(same_day, key=lambda claim: -len(claim.days))
    if len(often[0].days) > len(often[1].days):
        return Proposal(often[0].who, OFTEN)
    return Proposal(None, EVEN)
