"""问卷的统计: what the answers to a question come to. Pure.

Two scales are compared by their level: how far the mean is along the scale, from 0 to 100. Too few answers say nothing of a
question, and are said to be too few; a level below WEAK names a weak point (R33).
"""
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

Key = TypeVar("Key")
SCALES: Mapping[str, range] = {"five": range(1, 6), "ten": range(11)}
ENOUGH = 5   # answers from which on a mean is shown as one
WEAK = 70    # of 100: 3.8 of 5, 7 of 10
GOOD = {"five": 4, "ten": 9}  # from which number on an answer is a good one


@dataclass(frozen=True)
class Tally:
    """How often each answer was given to one question; for choices, by the place of the option."""

    kind: str
    counts: Mapping[int, int]
    people: int = 0  # who answered, where one person may choose several

    @property
    def total(self) -> int:
        return self.people or sum(self.counts.values())

    @property
    def mean(self) -> Decimal | None:
        """To two places, as it is shown; None for choices and while nobody has answered."""
        return _rounded(self._sum(), self.total) if self.kind in SCALES and self.total else None

    @property
    def level(self) -> int | None:
        """0 to 100 along the scale."""
        scale = SCALES.get(self.kind)
        if scale is None or not self.total:
            return None
        low, high = scale[0], scale[-1]
        return int(_rounded(100 * (self._sum() - low * self.total), self.total * (high - low), places=0))

    @property
    def good(self) -> int | None:
        """Which part of the answers is a good one, in per cent."""
        if self.kind not in SCALES or not self.total:
            return None
        return round(100 * sum(n for number, n in self.counts.items() if number >= GOOD[self.kind]) / self.total)

    @property
    def promoters(self) -> int | None:
        """净推荐值 (NPS) of a 0–10 question: the share of 9 and 10 less the share of 0 to 6, from -100 to 100."""
        if self.kind != "ten" or not self.total:
            return None
        share = sum(n * ((number >= 9) - (number <= 6)) for number, n in self.counts.items())
        return round(100 * share / self.total)

    @property
    def is_enough(self) -> bool:
        return self.total >= ENOUGH

    @property
    def is_weak(self) -> bool:
        return self.is_enough and self.level is not None and self.level < WEAK

    def bars(self, options: int = 0) -> list[tuple[int, int, int]]:
        """Each answer that could be given, how often it was, and its share in per cent; for choices, of so many options."""
        places: Iterable[int] = SCALES.get(self.kind, range(options))
        return [(place, self.counts.get(place, 0), round(100 * self.counts.get(place, 0) / self.total) if self.total else 0)
                for place in places]

    def _sum(self) -> int:
        return sum(number * n for number, n in self.counts.items())


@dataclass(frozen=True)
class Count:
    """So many equal answers: to which line of which kind, about what, received by whom."""

    line: int
    kind: str
    topic: str
    host: int | None
    number: int | None
    chosen: tuple[int, ...]
    times: int


@dataclass
class Level:
    """How a topic or a host stands: the level of all scale answers about them, each answer weighing the same."""

    sum: Decimal = Decimal(0)
    total: int = 0
    lines: set[int] = field(default_factory=set)

    @property
    def value(self) -> int | None:
        return int(_rounded(self.sum, self.total, places=0)) if self.total else None

    @property
    def is_enough(self) -> bool:
        return self.total >= ENOUGH

    @property
    def is_weak(self) -> bool:
        return self.is_enough and self.value is not None and self.value < WEAK


def by_line(counts: Iterable[Count]) -> dict[int, Tally]:
    """Each question's tally."""
    kinds: dict[int, str] = {}
    found: dict[int, Counter[int]] = {}
    people = Counter[int]()
    for one in counts:
        kinds[one.line] = one.kind
        mine = found.setdefault(one.line, Counter())
        for place in one.chosen if one.number is None else (one.number,):
            mine[place] += one.times
        people[one.line] += one.times
    return {line: Tally(kinds[line], dict(mine), people[line]) for line, mine in found.items()}


def by_topic(counts: Iterable[Count]) -> dict[str, Level]:
    return _levels((one.topic, one) for one in counts)


def by_host(counts: Iterable[Count]) -> dict[int, Level]:
    return _levels((one.host, one) for one in counts if one.host is not None)


def _levels(counts: Iterable[tuple[Key, Count]]) -> dict[Key, Level]:
    found: dict[Key, Level] = {}
    for key, one in counts:
        if one.number is None or one.kind not in SCALES:
            continue
        low, high = SCALES[one.kind][0], SCALES[one.kind][-1]
        level = found.setdefault(key, Level())
        level.sum += Decimal(100 * (one.number - low) * one.times) / (high - low)
        level.total += one.times
        level.lines.add(one.line)
    return found


def _rounded(part: int | Decimal, whole: int, places: int = 2) -> Decimal:
    return (Decimal(part) / whole).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
