"""分配规则 (SPEC S23a, K32): experienced colleagues for whom the plan puts first, then who has most room; nobody away. Pure."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who looks after families: minutes a week that are promised already, and that there are."""

    pk: int
    is_experienced: bool
    minutes: Fraction
    capacity: Fraction
    is_away: bool = False

    def share(self, more: Fraction = Fraction(0)) -> Fraction:
        """How full their week is, or would be; 1 is full."""
        return (self.minutes + more) / self.capacity


@dataclass(frozen=True, slots=True)
class Need:
    """A family, the minutes a week its plan promises, and whether it goes to experienced colleagues only."""

    pk: int
    minutes: Fraction
    wants_experience: bool = False


def suited(need: Need, colleagues: Iterable[Colleague]) -> list[Colleague]:
    """Who may look after it, whose week would be least full first; nobody where nobody is experienced enough."""
    found = [one for one in colleagues if one.capacity > 0 and not one.is_away and (one.is_experienced or not need.wants_experience)]
    return sorted(found, key=lambda one: (one.share(need.minutes), one.pk))


def spread(needs: Sequence[Need], colleagues: Sequence[Colleague]) -> dict[int, int]:
    """By family who looks after it: those that want experience first, then the longest ones, each to whose week is least full then."""
    weeks = {one.pk: one for one in colleagues}
    found: dict[int, int] = {}
    for need in sorted(needs, key=lambda one: (not one.wants_experience, -one.minutes, one.pk)):
        first = next(iter(suited(need, weeks.values())), None)
        if first is not None:
            found[need.pk] = first.pk
            weeks[first.pk] = replace(first, minutes=first.minutes + need.minutes)
    return found
