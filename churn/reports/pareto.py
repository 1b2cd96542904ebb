"""主因: losses shared out among their causes and set in order, the vital few first (C14f, UI §4). Pure and exact.

A case is one loss: one child, and what the family had paid in the year before. Its causes share it in tenths; what no cause was
named for is a cause of its own, so that the parts always add up to the whole.
"""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TENTHS = 10
VITAL = 70     # per cent of the whole that the vital few make up at least
SHOWN = 6      # so many causes have a bar of their own; the others share the last one
UNNAMED = 0    # the key of what no cause was named for


@dataclass(frozen=True)
class Loss:
    """One lost child: what the family paid in a year in 分, and (cause, tenths) for each cause that was named."""

    fen: int
    causes: Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Part:
    """What one cause holds: tenths of a child and tenths of 分, and in how many cases it was named."""

    cause: int
    tenths: int
    fen_tenths: int
    cases: int

    @property
    def fen(self) -> int:
        return round(self.fen_tenths / TENTHS)

    @property
    def children(self) -> float:
        return self.tenths / TENTHS

    def size(self, by_money: bool) -> int:
        return self.fen_tenths if by_money else self.tenths


@dataclass(frozen=True)
class Bar:
    """A part with its share and the share of it and all before it, both of the whole, from 0 to 1; ``others``: how many it stands for."""

    part: Part
    share: float
    reached: float
    is_vital: bool
    others: int = 0


def shared_out(losses: Iterable[Loss]) -> list[Part]:
    """The parts of all losses by cause; they add up to ten tenths for each loss."""
    held: dict[int, list[int]] = {}
    for loss in losses:
        named = [*loss.causes]
        left = TENTHS - sum(tenths for _cause, tenths in named)
        for cause, tenths in [*named, *([(UNNAMED, left)] if left > 0 else [])]:
            row = held.setdefault(cause, [0, 0, 0])
            row[0] += tenths
            row[1] += tenths * loss.fen
            row[2] += 1
    return [Part(cause, *row) for cause, row in held.items()]


def pareto(parts: Iterable[Part], *, by_money: bool) -> list[Bar]:
    """Largest first, by money or by children; what was not named stands last, whatever its size. Empty where nothing was lost.

    The vital few are the fewest named causes, largest first, that make up seven tenths of the whole, and never more than half
    of all named causes: where everything is equally to blame, nothing is.
    """
    ordered = sorted(parts, key=lambda part: (part.cause == UNNAMED, -part.size(by_money), part.cause))
    whole = sum(part.size(by_money) for part in ordered)
    if not whole:
        return []
    vital = _vital([part for part in ordered if part.cause != UNNAMED], whole, by_money)
    bars, reached = [], 0
    for part in ordered:
        reached += part.size(by_money)
        bars.append(Bar(part, part.size(by_money) / whole, reached / whole, part.cause in vital))
    return _folded(bars)


def _vital(named: Sequence[Part], whole: int, by_money: bool) -> set[int]:
    reached, found = 0, set()
    for part in named:
        if reached * 100 >= VITAL * whole:
            break
        reached += part.size(by_money)
        found.add(part.cause)
    return found if reached * 100 >= VITAL * whole and len(found) * 2 <= max(2, len(named)) else set()


def _folded(bars: list[Bar]) -> list[Bar]:
    """Causes behind the sixth share one bar; what was not named keeps its own."""
    named, unnamed = [bar for bar in bars if bar.part.cause != UNNAMED], [bar for bar in bars if bar.part.cause == UNNAMED]
    if len(named) <= SHOWN + 1:
        return bars
    rest = named[SHOWN:]
    together = Part(-1, sum(bar.part.tenths for bar in rest), sum(bar.part.fen_tenths for bar in rest), sum(bar.part.cases for bar in rest))
    last = Bar(together, sum(bar.share for bar in rest), rest[-1].reached, any(bar.is_vital for bar in rest), len(rest))
    return [*named[:SHOWN], last, *unnamed]
