"""漏斗 (R39b): 预约 → 到访 → 试听 → 签约 → 在读, in families, by channel, campus, host or source; 未到率 in visits. Pure.

A family counts once, in the line of its first visit of the period, however often it booked; each step of it counts whether or
not the step before was recorded, so a family that signs without a trial class is no gap.
"""
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass

STEPS = ("booked", "came", "trial", "signed", "enrolled")


@dataclass(frozen=True)
class Booked:
    """One booking of the period, in the order of time."""

    family: int
    line: Hashable
    came: bool
    missed: bool
    is_trial: bool


@dataclass(frozen=True)
class Line:
    """How many families got how far, and of the visits that were due how many were missed."""

    name: Hashable
    counts: tuple[int, ...]  # in the order of STEPS
    due: int
    missed: int

    @property
    def booked(self) -> int:
        return self.counts[0]

    def share(self, step: str) -> int | None:
        """Per cent of those who booked; None where nobody did."""
        return per_cent(self.counts[STEPS.index(step)], self.booked)

    @property
    def shares(self) -> list[tuple[str, int, int | None]]:
        return [(step, count, self.share(step)) for step, count in zip(STEPS, self.counts, strict=True)]

    @property
    def no_show(self) -> int | None:
        return per_cent(self.missed, self.due)


def per_cent(part: int, whole: int) -> int | None:
    """Rounded half up, as people do."""
    return (200 * part + whole) // (2 * whole) if whole else None


def funnel(visits: Iterable[Booked], signed: Collection[int], enrolled: Collection[int]) -> tuple[Line, list[Line]]:
    """The whole, and each line, the longest first."""
    home: dict[int, Hashable] = {}
    came, trial, due, missed = set(), set(), Counter[Hashable](), Counter[Hashable]()
    for one in visits:
        home.setdefault(one.family, one.line)
        due[one.line] += one.came or one.missed
        missed[one.line] += one.missed
        if one.came:
            came.add(one.family)
            if one.is_trial:
                trial.add(one.family)
    by_line: dict[Hashable, set[int]] = defaultdict(set)
    for family, line in home.items():
        by_line[line].add(family)
    reached = (set(home), came, trial, set(signed), set(enrolled))
    lines = [_line(name, families, reached, due[name], missed[name]) for name, families in by_line.items()]
    whole = _line(None, set(home), reached, due.total(), missed.total())
    return whole, sorted(lines, key=lambda line: (-line.booked, str(line.name)))


def _line(name: Hashable, families: set[int], reached: Iterable[set[int]], due: int, missed: int) -> Line:
    return Line(name, tuple(len(families & step) for step in reached), due, missed)
