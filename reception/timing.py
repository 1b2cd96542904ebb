"""等候和时长 (R39c, B9): how long families waited and each step lasted over a period, for everybody and for each host."""
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from crm.opening import day_begins
from reception import stopwatch
from reception.access import bookings
from reception.models import VisitStep
from reception.models.visits import STEP_WORDS
from reception.stages import HERE, WATCHED, Step
from reception.stopwatch import Spread
from tenancy.models import Campus, Membership

TIMED = tuple(step for step in WATCHED if step in HERE and step != Step.ARRIVED)  # arriving is waiting, which has a column of its own


@dataclass(frozen=True)
class Timing:
    """One line: whose visits, how many, how they were spread."""

    host: Membership | None
    visits: int
    waiting: Spread | None
    steps: tuple[Spread | None, ...]  # in the order of TIMED
    whole: Spread | None


def timings(member: Membership, first: date, last: date, campus: Campus | None) -> list[Timing]:
    """Everybody first, then each host by name; visits by the day they were booked for, both days counted."""
    rows = bookings(member).filter(starts_at__gte=day_begins(first), starts_at__lt=day_begins(last + timedelta(days=1)))
    rows = rows.filter(slot__campus=campus) if campus else rows
    marks: dict[int, dict[str, datetime]] = defaultdict(dict)
    for pk, step, at in VisitStep.objects.filter(visit__booking__in=rows.values("pk")).values_list("visit__booking", "step", "at"):
        marks[pk][step] = at
    hosts = {row.pk: row.host for row in rows.filter(pk__in=marks)}
    by_host: dict[Membership | None, list[dict[str, datetime]]] = defaultdict(list)
    for pk, taken in marks.items():
        by_host[hosts[pk]].append(taken)
    named = sorted(((host, some) for host, some in by_host.items() if host), key=lambda pair: (pair[0].name, pair[0].pk))
    return [_timing(None, list(marks.values())), *(_timing(host, some) for host, some in named)]


def _timing(host: Membership | None, visits: list[dict[str, datetime]]) -> Timing:
    lasted: dict[str, list[timedelta | None]] = defaultdict(list)
    for taken in visits:
        for one in stopwatch.lengths(taken):
            lasted[one.step].append(one.lasted)
    return Timing(host, len(visits), stopwatch.spread(map(stopwatch.waited, visits)),
                  tuple(stopwatch.spread(lasted[step]) for step in TIMED), stopwatch.spread(map(stopwatch.stayed, visits)))


def header() -> list[Any]:
    """The columns after the host's name."""
    return [STEP_WORDS[step] for step in TIMED]
