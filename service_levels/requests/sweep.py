"""时限到了告诉谁: a warning before it, the deadline, and up to three levels after it, each once (K34, S7, S12b; E-6).

A range on one index finds what is due; rows that somebody works on at the moment are left for the next minute. A chunk is one
transaction, so a worker that dies has told whole chunks or nothing of them.
"""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.calendar import Calendar
from crm.models import EntryKind, TimelineEntry
from notifications.actions import Notice, tell_each
from service_levels.models import Clock, ServiceRequest
from service_levels.requests import clocks
from service_levels.requests.clocks import Course, Rules
from service_levels.requests.timing import courses, rules, span_of, told_by
from service_levels.requests.working import LINK
from tenancy.access import holders
from tenancy.models import Campus, Membership
from tenancy.scope import current_tenant_id

CHUNK = 500
# one look at the index for each school, however many of its clocks are due
SCHOOLS = """SELECT t.id FROM tenancy_tenant t WHERE t.is_active
             AND EXISTS (SELECT FROM service_levels_clock c WHERE c.tenant_id = t.id AND c.next_at <= %s) ORDER BY t.id"""
KEEP = """UPDATE service_levels_clock c SET told = k.told, next_at = k.next_at, breached_at = k.breached_at
          FROM unnest(%(ids)s::bigint[], %(told)s::smallint[], %(next)s::timestamptz[], %(breached)s::timestamptz[])
               AS k (id, told, next_at, breached_at)
          WHERE c.tenant_id = %(tenant)s AND c.id = k.id"""
NOBODYS = "crm.survey"  # who hears of what nobody has taken


def schools_due(at: datetime) -> list[int]:
    """Ids of the schools in which somebody is to be told by now; the poller sees no more of a clock than that."""
    with connections["poller"].cursor() as cursor:
        cursor.execute(SCHOOLS, [at])
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True)
class Passed:
    """A clock that has passed a mark which nobody was told of; ``fresh``: it was not late before."""

    clock: Clock
    request: ServiceRequest
    level: int
    fresh: bool


@transaction.atomic
def sweep(at: datetime, *, chunk: int = CHUNK) -> int:
    """Tell of one chunk of clocks; how many there were. Which ones come first does not matter: all that are due have their turn now."""
    rows = list(Clock.objects.marked(at).select_for_update(skip_locked=True, of=("self",)).order_by()[:chunk])
    school = told_by()
    ruled = rules(school)
    passed = [one for clock, course, calendar in courses(rows) if (one := _advance(clock, course, calendar, ruled, at))]
    _keep(rows)
    _write_late([one for one in passed if one.fresh], at)
    tell_each(_notices(passed, ("", school.first_to, school.second_to, school.third_to)), at=at)
    return len(rows)


def _keep(rows: list[Clock]) -> None:
    """Where the clocks have come to, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP, {"tenant": current_tenant_id(), "ids": [row.pk for row in rows], "told": [row.told for row in rows],
                              "next": [row.next_at for row in rows], "breached": [row.breached_at for row in rows]})


def _advance(clock: Clock, course: Course, calendar: Calendar, ruled: Rules, at: datetime) -> Passed | None:
    """Move a clock past the marks that are over; only the last of them is told, so that a sleep of ours sends no volley."""
    ahead = [mark for mark in clocks.marks(course, span_of(clock), calendar, ruled, clock.due_at) if mark.level > clock.told]
    over = [mark for mark in ahead if mark.at <= at]
    fresh = clock.breached_at is None and any(mark.level for mark in over)
    clock.told = over[-1].level if over else clock.told
    clock.breached_at = clock.due_at if fresh else clock.breached_at
    clock.next_at = next((mark.at for mark in ahead if mark.at > at), None)
    return Passed(clock, clock.request, clock.told, fresh) if over else None


def _write_late(passed: list[Passed], at: datetime) -> None:
    """A deadline that was missed stands on the family's timeline once."""
    day = timezone.localdate(at)
    TimelineEntry.objects.bulk_create([
        TimelineEntry(customer=one.request.customer, kind=EntryKind.PROMISE_BROKEN, at=at, day=day,
                      title=_("没有按时%(what)s") % {"what": one.clock.get_kind_display()}, text=one.request.number)
        for one in passed if one.request.customer], batch_size=1000)


def _notices(passed: list[Passed], above: Sequence[str]) -> list[Notice]:
    """``above``: by level the right of those who are told beside whoever does it."""
    @cache
    def people(right: str, place: Campus | None) -> tuple[Membership, ...]:
        return tuple(holders(right, place)) if right else ()

    found = []
    for one in passed:
        row, words = one.request, {"number": one.request.number, "what": one.clock.get_kind_display()}
        title = _("%(number)s 快到%(what)s时限了") if one.level == 0 else _("%(number)s 的%(what)s已经逾期")
        whose = [row.owner] if row.owner and row.owner.is_active else people(NOBODYS, row.place)
        for member in dict.fromkeys([*whose, *people(above[one.level], row.place)]):
            found.append(Notice(member, title % words, f"request-{row.pk}-{one.clock.kind}-{one.level}", f"{LINK}{row.pk}/"))
    return found
