"""招生漏口 (C8): how many of the families that asked came, enrolled and really attended, by source or by event. Pure.

Who enrolled has been here, whether or not somebody wrote the visit down, so an enrolment without a noted visit is no gap.
"""
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

STEPS = ("asked", "came", "enrolled", "attended")


@dataclass(frozen=True)
class Line:
    """So many families asked, and so many of them got how far; ``name`` empty: their source is not known."""

    name: str
    asked: int = 0
    came: int = 0
    enrolled: int = 0
    attended: int = 0

    @property
    def not_enrolled(self) -> int:
        """咨询未报名"""
        return self.asked - self.enrolled

    @property
    def never_attended(self) -> int:
        """报名未上课"""
        return self.enrolled - self.attended

    @property
    def share(self) -> float | None:
        """Of those who asked, how many enrolled; None where nobody asked."""
        return self.enrolled / self.asked if self.asked else None

    def per_cent(self, step: str) -> int:
        """Of those who asked, in whole per cent; 0 where nobody did."""
        return round(100 * int(getattr(self, step)) / self.asked) if self.asked else 0

    @property
    def widest(self) -> str:
        """The step that lost the most families on the way to it; empty where none lost any."""
        counts = [int(getattr(self, step)) for step in STEPS]
        lost = {step: before - after for step, before, after in zip(STEPS[1:], counts, counts[1:], strict=False)}
        worst = max(lost, key=lambda step: lost[step])
        return worst if lost[worst] > 0 else ""


def lines(rows: Iterable[tuple[str, bool, bool, bool, int]]) -> tuple[Line, list[Line]]:
    """(name, came, enrolled, attended, families) added up: the whole, and each name, the longest first."""
    held: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for name, came, enrolled, attended, families in rows:
        for place, counts in enumerate((True, came or enrolled, enrolled, attended and enrolled)):
            held[name][place] += families * counts
    found = sorted((Line(name, *row) for name, row in held.items()), key=lambda line: (-line.asked, line.name))
    return Line("", *(sum(row[place] for row in held.values()) for place in range(4))), found
