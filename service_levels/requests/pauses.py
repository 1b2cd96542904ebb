"""查暂停 (B6): which clocks were stopped, by whom, for how long, and whether the family had spoken meanwhile."""
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crm.calendar import Calendar
from crm.opening import calendars_for
from service_levels.access import requests
from service_levels.models import RequestEvent, ServiceRequest
from service_levels.requests.clocks import ZERO, during
from tenancy.models import Membership

Verb = RequestEvent.Verb
ENDS = (Verb.RESUMED, Verb.RESOLVED)
MOST = 500


@dataclass(frozen=True)
class Pause:
    """A clock that was stopped: since when, until when (None: it still stands), how much open time that took, and how long the family
    had already spoken when it went on.
    """

    request: ServiceRequest
    by: Membership | None
    why: str
    since: datetime
    until: datetime | None
    took: timedelta
    idle: timedelta

    @property
    def flagged(self) -> bool:
        """The family had answered, and the clock stood still all the same."""
        return self.idle > ZERO


@dataclass(frozen=True)
class Sum:
    """A colleague's pauses."""

    name: str
    count: int
    flagged: int
    took: timedelta
    idle: timedelta


def pauses(member: Membership, since: datetime, until: datetime, at: datetime) -> list[Pause]:
    """Those that began in a time, the ones that stood longest against a family's word first; 500 at most."""
    begun = RequestEvent.objects.filter(verb=Verb.PAUSED, at__gte=since, at__lt=until, request__in=requests(member).order_by())
    ids = list(begun.order_by("-at").values_list("request", flat=True)[:MOST])
    rows = ServiceRequest.objects.select_related("customer__campus", "campus", "owner").in_bulk(ids)
    events: dict[int, list[RequestEvent]] = {pk: [] for pk in rows}
    for event in RequestEvent.objects.filter(request__in=rows).select_related("by").order_by("at", "id"):
        events[event.request_id].append(event)
    calendars = calendars_for({row.place.pk if row.place else None for row in rows.values()})
    found = [one for pk, row in rows.items() for one in _of(row, events[pk], calendars[row.place.pk if row.place else None], at)
             if since <= one.since < until]
    return sorted(found, key=lambda one: (-one.idle, -one.took))


def _of(row: ServiceRequest, events: list[RequestEvent], calendar: Calendar, at: datetime) -> Iterator[Pause]:
    for event in events:
        if event.verb != Verb.PAUSED:
            continue
        until = next((one.at for one in events if one.verb in ENDS and one.at >= event.at), None)
        end = until or max(at, event.at)
        spoke = next(iter(during([one.at for one in events if one.verb == Verb.HEARD], (event.at, end))), None)
        yield Pause(row, event.by, event.text, event.at, until, calendar.elapsed(event.at, end),
                    calendar.elapsed(spoke, end) if spoke else ZERO)


def by_colleague(rows: Iterable[Pause]) -> list[Sum]:
    """Who paused how often and for how long, whoever let families wait most first."""
    own: dict[Any, list[Pause]] = {}
    for row in rows:
        own.setdefault(row.by, []).append(row)
    sums = [Sum(who.name if who else "–", len(kept), sum(one.flagged for one in kept), sum((one.took for one in kept), ZERO),
                sum((one.idle for one in kept), ZERO)) for who, kept in own.items()]
    return sorted(sums, key=lambda one: (-one.idle, -one.took, one.name))
