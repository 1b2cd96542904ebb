"""应触达做到了多少: by tier and week, by colleague, by what was owed (B7, S20). Excused ones count for nobody, missed ones always."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncWeek

from crm.days import monday
from service_levels.access import touches
from service_levels.models import Touch
from service_levels.plans.book import UNRATED
from tenancy.models import Membership

WEEKS = 12
FLOOR = 0.8  # below it a cell is marked
STEPS = (0.8, 0.9, 0.95, 0.99)  # of five shades, from poor to full
DUE = Q(voided_on=None) | Q(missed_on__isnull=False)
IN_TIME = Q(entry__isnull=False, kept_on__lte=F("due_on"))
LATE = Q(entry__isnull=False, kept_on__gt=F("due_on"))
COUNTS = {"due": Count("id"), "in_time": Count("id", filter=IN_TIME), "late": Count("id", filter=LATE)}


@dataclass(frozen=True)
class Kept:
    """Of what was due: how much was done in time and how much late."""

    due: int = 0
    in_time: int = 0
    late: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(self.due + other.due, self.in_time + other.in_time, self.late + other.late)

    @property
    def missed(self) -> int:
        return self.due - self.in_time - self.late

    @property
    def share(self) -> float | None:
        """None where nothing was due."""
        return self.in_time / self.due if self.due else None

    @property
    def step(self) -> int:
        """Which of the five shades, 1 to 5."""
        return 1 + sum(self.share >= step for step in STEPS) if self.share is not None else 0


@dataclass(frozen=True)
class Row:
    """A tier, or whoever else: a cell for each week, and all of them together."""

    name: str
    cells: tuple[Kept, ...]
    total: Kept


@dataclass(frozen=True)
class Coverage:
    weeks: tuple[date, ...]
    rows: tuple[Row, ...]
    total: Kept
    owners: tuple[tuple[str, Kept], ...]
    lines: tuple[tuple[str, Kept], ...]


def coverage(member: Membership, day: date, *, campus: int | None = None) -> Coverage:
    """The last twelve weeks to a day, of the member's customers. What is due after the day counts once it is done."""
    weeks = tuple(monday(day) - timedelta(weeks=n) for n in reversed(range(WEEKS)))
    rows = touches(member).filter(DUE, Q(due_on__lte=day) | Q(entry__isnull=False), due_on__range=(weeks[0], weeks[-1] + timedelta(days=6)))
    if campus:
        rows = rows.filter(customer__campus=campus)
    cells = {(label, week): Kept(due, in_time, late) for label, week, due, in_time, late in _counted(
        rows.annotate(week=TruncWeek("due_on")), "label", "week")}
    labels = sorted({label for label, _week in cells}, key=lambda label: (label == UNRATED, label))
    table = tuple(_row(label, [cells.get((label, week), Kept()) for week in weeks]) for label in labels)
    owners = [(owner or "", Kept(*counts)) for owner, *counts in _counted(rows, "customer__owner__name")]
    lines = [(line, Kept(*counts)) for line, *counts in _counted(rows, "text")]
    return Coverage(weeks, table, sum((row.total for row in table), Kept()), _worst_first(owners), _worst_first(lines))


def _counted(rows: QuerySet[Any], *by: str) -> Iterable[tuple[Any, ...]]:
    return rows.order_by().values_list(*by).annotate(**COUNTS)


def _row(label: str, cells: list[Kept]) -> Row:
    return Row(label, tuple(cells), sum(cells, Kept()))


def _worst_first(rows: list[tuple[str, Kept]]) -> tuple[tuple[str, Kept], ...]:
    return tuple(sorted(rows, key=lambda row: (row[1].share if row[1].share is not None else 2, -row[1].due, row[0])))


def history(customer: Any, day: date, most: int = 12) -> list[Touch]:
    """What became of what one family was owed, the latest first."""
    rows = Touch.objects.filter(customer=customer, due_on__lte=day + timedelta(days=7))
    done = rows.filter(Q(entry__isnull=False) | Q(missed_on__isnull=False) | Q(voided_by__isnull=False))
    return list(done.select_related("entry__by", "voided_by").order_by("-due_on", "-id")[:most])
