"""挽留方案 and what it costs beside a refund (SPEC B23). Pure: 分 in, 分 out."""
from dataclasses import dataclass


def lessons_cost(lessons: int, paid_fen: int, whole: int) -> int:
    """What so many lessons are worth at the price the family paid for each, to the 分, halves up; nothing where none were bought."""
    return (lessons * paid_fen * 2 + whole) // (whole * 2) if whole else 0


@dataclass(frozen=True)
class Beside:
    """A refund and a save offer beside each other: 分 paid back, 分 the family paid in a year, 分 the offer costs."""

    refund_fen: int
    year_fen: int
    offer_fen: int

    @property
    def one_in(self) -> int | None:
        """The offer pays for itself where one in so many families stays a year because of it; None where it costs nothing or never pays."""
        if self.offer_fen <= 0 or self.year_fen < self.offer_fen:
            return None
        return self.year_fen // self.offer_fen

    @property
    def never_pays(self) -> bool:
        return self.offer_fen > self.year_fen

    @property
    def saved_fen(self) -> int:
        """How much less the school pays out now where the offer is taken; below nothing where the offer costs more."""
        return self.refund_fen - self.offer_fen
