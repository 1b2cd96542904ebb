"""Reads of the measures: the list as it is narrowed, effects over a period, lessons."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from churn import access
from churn.measures.evaluating import Seen, seen
from churn.models import Department, Evaluation, Measure
from tenancy.models import Membership

State = Measure.State
ENDED = (State.ADOPTED, State.REVISED, State.STOPPED)


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to. ``show``: running (with what is done and waits), late, ripe, ended or all."""

    show: str = ""
    words: str = ""
    department: str = ""
    mine: bool = False


def listed(member: Membership, asked: Asked, today: date) -> QuerySet[Any]:
    """By the day they are due; ended ones by the day they were decided, the latest first. Each with its evaluations."""
    rows = access.measures(member)
    ended = rows.filter(state__in=ENDED).order_by("-decided_on", "-pk")
    rows = {"late": rows.late(today), "ripe": ripe(rows), "ended": ended, "all": rows}.get(asked.show, rows.undecided())
    if asked.words:
        rows = rows.filter(_named(asked.words))
    if asked.department in Department.values:
        rows = rows.filter(department=asked.department)
    return (rows.filter(owner=member) if asked.mine else rows).prefetch_related(last_words())


def _named(words: str) -> Q:
    return Q(title__icontains=words) | Q(why__icontains=words) | Q(lesson__icontains=words) | Q(owner__name__icontains=words)


def ripe(rows: Any) -> Any:
    """Not decided although the rule has spoken its last word."""
    return rows.undecided().filter(pk__in=Evaluation.objects.filter(is_final=True).values("measure"))


def last_words() -> Any:
    """``measure.told``: its evaluations, the latest first."""
    return Prefetch("evaluations", queryset=Evaluation.objects.order_by("-on", "-pk"), to_attr="told")


@dataclass(frozen=True)
class Counts:
    """How many are under way, late, and wait for a decision."""

    running: int
    late: int
    ripe: int


def counts(member: Membership, today: date) -> Counts:
    rows = access.measures(member)
    return Counts(rows.running().count(), rows.late(today).count(), ripe(rows).count())


@dataclass(frozen=True)
class Effect:
    """A measure with its latest evaluation."""

    measure: Measure
    evaluation: Evaluation
    seen: Seen

    @property
    def verdict(self) -> str:
        """Empty while its days are not full: what is still counted is not judged."""
        return self.evaluation.verdict if self.evaluation.is_final else ""

    @property
    def word(self) -> str:
        return str(self.evaluation.get_verdict_display()) if self.evaluation.is_final else _("还在看")


def effects(member: Membership, first: date, last: date, *, final: bool = False) -> list[Effect]:
    """The latest evaluation of each measure in a period, what is certain first: by verdict, then by how far the effect goes."""
    rows = Evaluation.objects.filter(on__gte=first, on__lte=last, measure__in=access.measures(member))
    rows = (rows.filter(is_final=True) if final else rows).order_by("measure_id", "-on", "-pk").distinct("measure_id")
    rows = rows.select_related("measure__owner", "measure__campus", "measure__class_group")
    found = [Effect(row.measure, row, seen(row)) for row in rows]
    order = [str(Evaluation.Outcome.EFFECTIVE), str(Evaluation.Outcome.INEFFECTIVE), str(Evaluation.Outcome.TOO_FEW), ""]
    return sorted(found, key=lambda one: (order.index(one.verdict), -abs(one.seen.found.net or 0), one.measure.pk))


def sorted_out(found: Iterable[Effect]) -> dict[str, list[Effect]]:
    """By verdict, for the sentence above the picture; ``running`` are those that are not judged yet."""
    rows = list(found)
    judged = {str(verdict): [one for one in rows if one.verdict == verdict] for verdict in Evaluation.Outcome.values}
    return judged | {"running": [one for one in rows if not one.verdict]}


def lessons(member: Membership, words: str = "", state: str = "") -> QuerySet[Any]:
    """经验教训: what decided measures taught, the latest first."""
    rows = access.measures(member).filter(state__in=[state] if state in ENDED else ENDED)
    rows = rows.filter(_named(words) | Q(cause__name__icontains=words)) if words else rows
    return rows.prefetch_related(last_words()).order_by("-decided_on", "-pk")
