"""人手、设备和预算够不够 (SPEC B20, S23–S25): what plans promise to so many customers against what a school has. Pure."""
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from service_levels.plans.book import A_YEAR, Plan, Unit

WEEKS = A_YEAR[Unit.WEEK]


@dataclass(frozen=True)
class Load:
    """What the promises take: minutes of staff a week, 分 a year, and each piece of equipment so often a week."""

    minutes_week: Fraction | int
    fen_year: int
    tools_week: Mapping[str, Fraction] = field(default_factory=dict)

    def __add__(self, other: "Load") -> "Load":
        tools = {name: self.tools_week.get(name, Fraction()) + other.tools_week.get(name, Fraction())
                 for name in {**self.tools_week, **other.tools_week}}
        return Load(self.minutes_week + other.minutes_week, self.fen_year + other.fen_year, tools)

    @property
    def hours_week(self) -> float:
        return float(self.minutes_week) / 60


@dataclass(frozen=True)
class Means:
    """What there is: minutes of staff a week for keeping in touch, 分 a year for gifts and concessions, uses of equipment a week."""

    minutes_week: int
    fen_year: int
    tools_week: Mapping[str, int] = field(default_factory=dict)

    @property
    def hours_week(self) -> float:
        return self.minutes_week / 60


@dataclass(frozen=True)
class Shortage:
    """What lacks: ``hours`` (of staff, a week), ``fen`` (a year) or ``tool`` (uses a week, of which), and by how much."""

    what: str
    by: Fraction | int
    name: str = ""

    @property
    def hours(self) -> float:
        return float(self.by) / 60

    @property
    def times(self) -> float:
        return float(self.by)


def load(served: Iterable[tuple[Plan, int]]) -> Load:
    """What so many customers of each plan take."""
    minutes = fen = 0
    tools: Counter[str] = Counter()
    for plan, count in served:
        minutes += plan.minutes_a_year * count
        fen += plan.fen_a_year * count
        for name, times in plan.tools_a_year.items():
            tools[name] += times * count
    return Load(Fraction(minutes, WEEKS), fen, {name: Fraction(times, WEEKS) for name, times in tools.items()})


def shortages(needed: Load, means: Means) -> tuple[Shortage, ...]:
    """What is promised and not there; nothing where it can be done."""
    found = []
    if needed.minutes_week > means.minutes_week:
        found.append(Shortage("hours", needed.minutes_week - means.minutes_week))
    if needed.fen_year > means.fen_year:
        found.append(Shortage("fen", needed.fen_year - means.fen_year))
    for name, times in sorted(needed.tools_week.items()):
        if times > means.tools_week.get(name, 0):
            found.append(Shortage("tool", times - means.tools_week.get(name, 0), name))
    return tuple(found)


@dataclass(frozen=True)
class Allotted:
    """What of the promises of plans of one priority can be kept when those put first are served first; 1 is all of it."""

    priority: int
    plans: tuple[str, ...]
    customers: int
    hours: Fraction
    fen: Fraction
    tools: Fraction

    @property
    def is_kept(self) -> bool:
        return self.hours == self.fen == self.tools == 1


def allot(served: Sequence[tuple[Plan, int]], means: Means) -> list[Allotted]:
    """先保最看重的 (S7a, S24a, S25a): staff, budget and equipment go to the plans put first; those of one priority share the rest."""
    minutes, fen = Fraction(means.minutes_week), Fraction(means.fen_year)
    tools = {name: Fraction(n) for name, n in means.tools_week.items()}
    found = []
    for priority in sorted({plan.priority for plan, count in served if count}):
        here = [(plan, count) for plan, count in served if count and plan.priority == priority]
        needed = load(here)
        shares = [_share(tools.get(name, Fraction()), times) for name, times in needed.tools_week.items()]
        names = tuple(dict.fromkeys(plan.name for plan, _count in here))
        found.append(Allotted(priority, names, sum(count for _plan, count in here), _share(minutes, Fraction(needed.minutes_week)),
                              _share(fen, Fraction(needed.fen_year)), min(shares, default=Fraction(1))))
        minutes, fen = max(minutes - needed.minutes_week, Fraction()), max(fen - needed.fen_year, Fraction())
        tools = {name: max(there - needed.tools_week.get(name, Fraction()), Fraction()) for name, there in tools.items()}
    return found


def _share(there: Fraction, needed: Fraction) -> Fraction:
    return min(Fraction(1), there / needed) if needed else Fraction(1)
