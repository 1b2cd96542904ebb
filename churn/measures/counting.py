"""Tallies of a measure and of those it is compared with, over days before and after it began (SPEC B8, C19)."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Q

from churn.measures.indicators import Tally
from churn.models import Measure
from crm.models import NATURAL_OUTCOMES, ClassGroup
from tenancy.models import Campus
from tenancy.plans import whole_sets
from tenancy.scope import current_tenant_id

SQL = (Path(__file__).parent / "sql" / "tallies.sql").read_text()
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """Days from the first to the last, both included."""

    first: date
    last: date


def windows(starts_on: date, span: int, today: date) -> tuple[Window, Window] | None:
    """Equally many days before and since, ``span`` at most and none that is not over; None where there is none yet."""
    days = min(span, (today - starts_on).days)
    if days < 1:
        return None
    return (Window(starts_on - days * ONE_DAY, starts_on - ONE_DAY), Window(starts_on, starts_on + (days - 1) * ONE_DAY))


@dataclass(frozen=True)
class Sides:
    """Where a measure is done and where, beside it, things were left as they were. ``classes`` None: every class."""

    campuses: Sequence[int]
    classes: Sequence[int] | None = None
    others: Sequence[int] = ()
    other_classes: Sequence[int] | None = None
    beside: str = ""


def sides(measure: Measure, days: tuple[Window, Window]) -> Sides:
    """A class beside the other classes of its campus, a campus beside the other campuses; a whole school has nobody beside it.

    Where another measure for the same indicator began on one of the days that are counted, nothing was left as it was, so it is no
    comparison, whatever became of that measure. One that began before all of them was there on both sides and changes nothing.
    """
    busy = Measure.objects.filter(indicator=measure.indicator, starts_on__gte=days[0].first, starts_on__lte=days[1].last).exclude(
        pk=measure.pk)
    if measure.class_group:
        return _of_class(measure.class_group, busy)
    if measure.campus_id:
        rest = Campus.objects.exclude(pk=measure.campus_id).exclude(pk__in=busy.exclude(campus=None).values("campus"))
        names = {} if busy.filter(campus=None).exists() else {row.pk: row.name for row in rest}
        return Sides([measure.campus_id], None, list(names), None, "、".join(names.values())[:200])
    return Sides(list(Campus.objects.values_list("pk", flat=True)))


def _of_class(group: ClassGroup, busy: Any) -> Sides:
    campus = group.campus_id
    if busy.filter(Q(campus=None) | Q(campus=campus, class_group=None)).exists():
        return Sides([campus], [group.pk])
    rest = ClassGroup.objects.filter(campus=campus).exclude(pk=group.pk)
    names = {row.pk: row.name for row in rest.exclude(pk__in=busy.exclude(class_group=None).values("class_group"))}
    return Sides([campus], [group.pk], [campus] if names else [], list(names), "、".join(names.values())[:200])


def tallies(where: Sides, days: Window, *, satisfied: int) -> tuple[Tally, Tally | None]:
    """Of those with the measure, and of those beside; None where there is nobody to compare with."""
    asked: dict[str, Any] = {"tenant": current_tenant_id(), "first": days.first, "last": days.last, "satisfied": satisfied,
             "campuses": list(where.campuses), "classes": _ids(where.classes), "others": list(where.others),
             "other_classes": _ids(where.other_classes), "natural": [str(outcome) for outcome in NATURAL_OUTCOMES]}
    with connection.cursor() as cursor, whole_sets():
        cursor.execute(SQL, asked)
        found = {row[0]: Tally(*row[1:]) for row in cursor.fetchall()}
    return found.get(True, Tally()), found.get(False, Tally()) if where.others else None


def _ids(ids: Sequence[int] | None) -> list[int] | None:
    return None if ids is None else list(ids)
