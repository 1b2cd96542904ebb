"""Which losses a report is about, and how they spread over campuses, classes and sources (C14f)."""
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from churn import access
from churn.models import CaseCause, Cause, ChurnCase
from churn.reports.pareto import UNNAMED, Bar, Loss, pareto, shared_out
from tenancy.models import Membership

State = ChurnCase.State
MOST_ROWS = 12


@dataclass(frozen=True)
class Named:
    """A bar with the words of its cause."""

    bar: Bar
    name: str
    area: str


@dataclass(frozen=True)
class Spread:
    """Of one campus, class or source: how many children were lost, what they had paid, and how many cases were kept."""

    name: str
    lost: int
    fen: int
    kept: int


@dataclass(frozen=True)
class Report:
    """The losses of a period: how many, worth what, by cause; and what does not count as a loss."""

    first: date
    last: date
    by_money: bool
    lost: int
    fen: int
    kept: int
    natural: int
    bars: Sequence[Named]
    campuses: Sequence[Spread]
    classes: Sequence[Spread]
    sources: Sequence[Spread]
    teachers: Sequence[Spread] = ()

    @property
    def vital(self) -> list[Named]:
        return [one for one in self.bars if one.bar.is_vital]

    @property
    def vital_share(self) -> float:
        return sum(one.bar.share for one in self.vital)


def report(member: Membership, first: date, last: date, campus: Any = None, *, by_money: bool = True) -> Report:
    """Cases that were closed in a period, of the member's campuses or of one."""
    rows = access.cases(member).filter(closed_on__gte=first, closed_on__lte=last)
    closed = list((rows.filter(campus=campus) if campus else rows).select_related("enrolment__class_group__teacher"))
    lost = [case for case in closed if case.state == State.LOST]
    causes = _causes(lost)
    parts = shared_out(Loss(case.revenue_fen, causes.get(case.pk, ())) for case in lost)
    states = Counter(case.state for case in closed)
    return Report(first, last, by_money, len(lost), sum(case.revenue_fen for case in lost), states[State.KEPT], states[State.NATURAL],
                  _named(pareto(parts, by_money=by_money)), *(_spread(closed, name_of) for name_of in (_campus, _class, _source, _teacher)))


def _causes(lost: list[ChurnCase]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    rows = CaseCause.objects.filter(case__in=[case.pk for case in lost]).order_by("pk")
    for case, cause, weight in rows.values_list("case_id", "cause_id", "weight"):
        found.setdefault(case, []).append((cause, weight))
    return found


def _named(bars: list[Bar]) -> list[Named]:
    known = Cause.objects.in_bulk([bar.part.cause for bar in bars])
    return [_words(bar, known.get(bar.part.cause)) for bar in bars]


def _words(bar: Bar, cause: Cause | None) -> Named:
    if cause is not None:
        return Named(bar, cause.name, str(cause.get_area_display()))
    return Named(bar, _("没写原因") if bar.part.cause == UNNAMED else _("其他 %(n)s 个") % {"n": bar.others}, "")


def _campus(case: ChurnCase) -> str:
    return case.campus.name


def _class(case: ChurnCase) -> str:
    group = case.enrolment.class_group if case.enrolment else None
    return f"{case.campus.name} {group.name}" if group else ""


def _teacher(case: ChurnCase) -> str:
    """班主任 of the class the child was in."""
    group = case.enrolment.class_group if case.enrolment else None
    return group.teacher.name if group and group.teacher else ""


def _source(case: ChurnCase) -> str:
    return case.customer.source


def _spread(closed: list[ChurnCase], name_of: Any) -> list[Spread]:
    """The worst first; who has no class or no source stands under its own line."""
    lost: Counter[str] = Counter()
    fen: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for case in closed:
        name = name_of(case) or _("没有写")
        lost[name] += case.state == State.LOST
        fen[name] += case.revenue_fen * (case.state == State.LOST)
        kept[name] += case.state == State.KEPT
    rows = [Spread(name, lost[name], fen[name], kept[name]) for name in lost if lost[name] or kept[name]]
    return sorted(rows, key=lambda row: (-row.fen, -row.lost, row.name))[:MOST_ROWS]
