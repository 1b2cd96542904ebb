"""升降矩阵: who was where before and is where now, counted and listed in the database, drawn here."""
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from tenancy.plans import whole_sets
from tenancy.scope import current_tenant_id
from tiering.models import Batch

NEW, GONE = "new", "gone"
LINES, VIEW = ((Path(__file__).parent / "sql" / name).read_text() for name in ("lines.sql", "page.sql"))
# what a view of the batch page shows, as a condition on a line of this batch
VIEWS = {"down": "after > before", "up": "after < before", "held": "held", "same": "after = before", "all": "true"}


@dataclass
class Cell:
    count: int
    kind: str  # stay | up | dn | out | sum
    before: str = ""
    after: str = ""
    big: bool = False


@dataclass
class Movement:
    """Rows before, columns after; ↑ below the diagonal, ↓ above; new and gone at the edges."""

    labels: tuple[str, ...]
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def total(self, *kinds: str) -> int:
        return sum(n for (before, after), n in self.counts.items() if self.kind(before, after) in kinds)

    def kind(self, before: str, after: str) -> str:
        if before == NEW or after == GONE or "" in (before, after):
            return "out"
        first, second = self.labels.index(before), self.labels.index(after)
        return "stay" if first == second else "up" if second < first else "dn"

    @property
    def ups(self) -> int:
        return self.total("up")

    @property
    def downs(self) -> int:
        return self.total("dn")

    def biggest(self) -> tuple[str, str, int] | None:
        """The largest stream between two tiers."""
        moved = [(n, pair) for pair, n in self.counts.items() if self.kind(*pair) in ("up", "dn")]
        if not moved:
            return None
        n, (before, after) = max(moved)
        return before, after, n

    def rows(self) -> list[tuple[str, list[Cell]]]:
        """The table with its sums: one row a tier and one for the new, one column a tier, one for the gone."""
        ringed = self.biggest()
        table = []
        for before in (*self.labels, NEW):
            cells = [Cell(self.counts[before, after], self.kind(before, after), before, after,
                          ringed is not None and ringed[:2] == (before, after))
                     for after in (*self.labels, GONE) if not (before == NEW and after == GONE)]
            cells += [Cell(0, "out")] if before == NEW else []
            table.append((before, [*cells, Cell(sum(c.count for c in cells), "sum")]))
        return table

    def sums(self) -> list[int]:
        columns = (*self.labels, GONE)
        return [sum(n for (_, after), n in self.counts.items() if after == column) for column in columns]


@dataclass(frozen=True)
class Line:
    """One customer beside where it was; tiers are positions in the batch's own labels, None for not rated or not there."""

    customer: int
    before: int | None
    after: int | None


def _parameters(batch: Batch, campuses: Sequence[int] | None) -> dict[str, Any]:
    labels = batch.version.as_rules().labels
    old = batch.previous.version.as_rules().labels if batch.previous else labels
    positions = [labels.index(label) if label in labels else None for label in old]
    return {"tenant": current_tenant_id(), "batch": batch.pk, "previous": batch.previous_id, "positions": positions,
            "campuses": list(campuses) if campuses is not None else None}


@dataclass(frozen=True)
class Counted:
    """All that is counted over the lines of a batch: the matrix, and how many lines each view of the page holds."""

    movement: Movement
    views: dict[str, int]


def counts(batch: Batch, campuses: Sequence[int] | None = None) -> list[tuple[Any, ...]]:
    """How many lines there are of each kind, as plain rows; the lines are gone through once.

    A row holds: where before, where after, is here, was there, how many, and how many of them each view shows.
    """
    views = ", ".join(f"count(*) FILTER (WHERE is_here AND {condition})" for condition in VIEWS.values())
    with connection.cursor() as cursor, whole_sets():
        cursor.execute(f"{LINES} SELECT before, after, is_here, was_there, count(*), {views} FROM lines GROUP BY 1, 2, 3, 4",
                       _parameters(batch, campuses))
        return list(cursor.fetchall())


def counted(batch: Batch, rows: Iterable[tuple[Any, ...]]) -> Counted:
    """The matrix and the views of a batch beside the published one before it, from its counts."""
    labels = batch.version.as_rules().labels
    found = Counted(Movement(labels), dict.fromkeys(VIEWS, 0))
    for before, after, is_here, was_there, count, *shown in rows:
        if after is not None:
            found.movement.counts[labels[before] if before is not None else NEW, labels[after]] += count
        elif not is_here and was_there and before is not None:
            found.movement.counts[labels[before], GONE] += count
        for view, n in zip(VIEWS, shown, strict=True):
            found.views[view] += n
    return found


def movement(batch: Batch, campuses: Sequence[int] | None = None) -> Movement:
    return counted(batch, counts(batch, campuses)).movement


def listed(batch: Batch, view: str, campuses: Sequence[int] | None = None, *, first: int = 0, count: int) -> list[Line]:
    """A page of one view, by customer."""
    return _lines(f"{VIEW} WHERE {VIEWS[view]}", _parameters(batch, campuses), first, count)


def cell(batch: Batch, before: str, after: str, campuses: Sequence[int] | None = None, *, first: int = 0, count: int) -> list[Line]:
    """The customers behind one cell of the matrix; GONE lists those of the batch before."""
    labels = batch.version.as_rules().labels
    came = "before IS NULL" if before == NEW else "before = %(before)s"
    went = "NOT is_here" if after == GONE else "after = %(after)s"
    wanted = {"before": _position(labels, before), "after": _position(labels, after)}
    sql = f"{LINES} SELECT customer_id, before, after FROM lines WHERE {came} AND {went}"
    return _lines(sql, _parameters(batch, campuses) | wanted, first, count)


def _position(labels: Sequence[str], label: str) -> int:
    return labels.index(label) if label in labels else -1


def _lines(sql: str, parameters: dict[str, Any], first: int, count: int) -> list[Line]:
    with connection.cursor() as cursor, whole_sets():
        cursor.execute(f"{sql} ORDER BY customer_id OFFSET %(first)s LIMIT %(count)s", parameters | {"first": first, "count": count})
        return [Line(*row) for row in cursor.fetchall()]
