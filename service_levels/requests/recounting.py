"""重算时限 (B6): a changed calendar or plan moves no deadline that was promised until somebody has seen how and agreed.

The worker reckons every running clock anew and writes down what would differ. Whoever approves it lets those deadlines move that
are still what they were; each such request has it in its history.
"""
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from audit.actions import record
from notifications.actions import later, settle, tell
from service_levels.access import PUBLISH
from service_levels.models import Clock, Recount, RequestEvent, ServiceRequest
from service_levels.plans.queries import in_force
from service_levels.requests import clocks, timing
from tenancy.access import holders, must
from tenancy.models import Membership
from tenancy.refusals import Refused

State, Why = Recount.State, Recount.Why
RECOUNT = "service.recount"  # in the outbox
LINK = "service/recounts/"


@dataclass(frozen=True)
class Change:
    """A deadline as it is and as it would be; ``late``: it would be over already."""

    clock: Clock
    before: datetime
    after: datetime
    minutes: int
    late: bool = False

    @property
    def sooner(self) -> bool:
        return self.after < self.before


def ask(why: str) -> None:
    """Have it reckoned by the worker, after the change is there for good."""
    later(RECOUNT, why=why)


def calendar_changed() -> None:
    ask(Why.CALENDAR)


@transaction.atomic
def propose(why: str, *, at: datetime) -> Recount | None:
    """Write down what would differ; None where nothing would. An older proposal is replaced, since it was reckoned from less."""
    Recount.objects.filter(state=State.WAITING).update(state=State.REPLACED)
    changes = [[one.clock.pk, one.before.isoformat(), one.after.isoformat(), one.minutes] for one in _changes()]
    if not changes:
        return None
    made = Recount.objects.create(why=why, at=at, changes=changes)
    tell(holders(PUBLISH, None), _("%(why)s，%(n)s 个时限会变，请您看过再定") % {"why": made.get_why_display(), "n": len(changes)},
         key=f"recount-{made.pk}", link=f"{LINK}{made.pk}/", at=at)
    return made


def _changes() -> Iterator[Change]:
    """Every running clock whose deadline would be another one by the calendar and the plans of now."""
    targets = _targets()
    for clock, course, calendar in timing.courses(list(Clock.objects.filter(stopped_at=None).order_by("id"))):
        minutes = targets.get((clock.request.version_id, clock.request.plan, clock.kind), clock.minutes)
        after = clocks.due(course, timedelta(minutes=minutes), calendar)
        if after is not None and clock.due_at is not None and after != clock.due_at:
            yield Change(clock, clock.due_at, after, minutes)


def _targets() -> dict[tuple[int | None, str, str], int]:
    """What the plans in force allow, for whichever version of their scheme a request was opened under."""
    found: dict[tuple[int | None, str, str], int] = {}
    for version in in_force():
        for pk in version.scheme.plan_versions.values_list("pk", flat=True):
            for plan in version.as_book().plans:
                found[pk, plan.code, Clock.Kind.FIRST_REPLY], found[pk, plan.code, Clock.Kind.RESOLUTION] = plan.respond, plan.resolve
    return found


def changes_of(row: Recount, at: datetime) -> list[Change]:
    """What it would do, those that are over already first, then those that come sooner."""
    told = {pk: (parse_datetime(before), parse_datetime(after), minutes) for pk, before, after, minutes in row.changes}
    rows = Clock.objects.filter(pk__in=told).select_related("request__customer")
    found = [Change(clock, before, after, minutes, after < at) for clock in rows for before, after, minutes in [told[clock.pk]]
             if before and after]
    return sorted(found, key=lambda one: (not one.late, not one.sooner, one.after, one.clock.pk))


# -- decided ---------------------------------------------------------------------------------------------------------------
@transaction.atomic
def approve(row: Recount, *, by: Membership, at: datetime) -> int:
    """Move the deadlines that are still what they were; how many."""
    _decide(row, State.APPROVED, by, at)
    wanted = {change.clock.pk: change for change in changes_of(row, at)}
    held = list(Clock.objects.select_for_update(of=("self",)).filter(pk__in=wanted, stopped_at=None).select_related("request"))
    moved = [clock for clock in held if clock.due_at == wanted[clock.pk].before]
    for clock in moved:
        clock.minutes, clock.due_at = wanted[clock.pk].minutes, None
    Clock.objects.bulk_update(moved, ["minutes", "due_at"], batch_size=500)
    for request in _requests(moved):
        RequestEvent.objects.create(request=request, at=at, verb=RequestEvent.Verb.RECOUNTED, by=by, text=row.get_why_display())
        timing.wind(request)
    record(by, "service.recount_approved", row, clocks=len(moved))
    return len(moved)


def _requests(moved: Iterable[Clock]) -> list[ServiceRequest]:
    rows = ServiceRequest.objects.filter(pk__in={clock.request_id for clock in moved}).select_related("customer__campus", "campus")
    return list(rows.order_by("pk"))


@transaction.atomic
def dismiss(row: Recount, *, by: Membership, at: datetime) -> None:
    """What was promised stays promised."""
    _decide(row, State.DISMISSED, by, at)
    record(by, "service.recount_dismissed", row)


def _decide(row: Recount, state: str, by: Membership, at: datetime) -> None:
    must(by, PUBLISH)
    if not Recount.objects.filter(pk=row.pk, state=State.WAITING).update(state=state, decided_by=by, decided_at=at):
        raise Refused(_("这一次已经定了，或者又重算过了。"), code="stale")
    row.refresh_from_db()
    settle(f"recount-{row.pk}", at=at)
