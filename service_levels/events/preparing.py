"""筹备: a list of what has to be there, who sees to it and by when; it begins with the list of the last event of the kind (K35b, e)."""
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from service_levels.access import ORGANISE
from service_levels.events.checklists import usual
from service_levels.models import Event, EventTask
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused

LOG = "crm.log"


@transaction.atomic
def keep(row: EventTask, *, by: Membership, at: datetime) -> EventTask:
    must(by, ORGANISE)
    _still(row.event, at)
    row.save()
    record(by, "service.event_task_kept", row, event=row.event_id)
    return row


@transaction.atomic
def begin(event: Event, *, by: Membership, at: datetime) -> int:
    """The list of the last event of the kind, days and colleagues with it, else the usual one. How many items."""
    must(by, ORGANISE)
    _still(event, at)
    Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if event.tasks.exists():
        raise Refused(_("清单里已经有了，接着加就行。"), code="begun")
    day = timezone.localdate(event.starts_at)
    rows = _as_last_time(event, day) or _as_usual(event, day)
    for row in rows:
        row.due_on = max(row.due_on, timezone.localdate(at))  # planned late, it is due today and not yesterday
    EventTask.objects.bulk_create(rows)
    record(by, "service.event_tasks_begun", event)
    return event.tasks.count()


def last_alike(event: Event) -> Event | None:
    """The event of the same kind before this one, that took place."""
    rows = Event.objects.filter(kind=event.kind, cancelled_at=None, starts_at__lt=event.starts_at).exclude(pk=event.pk)
    found: Event | None = rows.exclude(opened_at=None).first()
    return found


def _as_last_time(event: Event, day: date) -> list[EventTask]:
    before = last_alike(event)
    if before is None:
        return []
    ahead = day - timezone.localdate(before.starts_at)
    return [EventTask(event=event, kind=one.kind, what=one.what, due_on=one.due_on + ahead, fen=one.fen,
                      member=one.member if one.member and one.member.is_active else None)
            for one in before.tasks.select_related("member")]


def _as_usual(event: Event, day: date) -> list[EventTask]:
    return [EventTask(event=event, kind=kind, what=what, due_on=day - timedelta(days=before)) for kind, what, before in usual(event.kind)]


@transaction.atomic
def done(row: EventTask, *, by: Membership, at: datetime) -> None:
    """It is there. Whoever sees it may say so."""
    must(by, LOG)
    _still(row.event, at)
    if not EventTask.objects.filter(pk=row.pk, done_at=None).update(done_at=at, done_by=by):
        raise Refused(_("同事刚处理过，请刷新再看。"), code="changed")
    record(by, "service.event_task_done", row, event=row.event_id)


@transaction.atomic
def not_done(row: EventTask, *, by: Membership, at: datetime) -> None:
    must(by, LOG)
    _still(row.event, at)
    EventTask.objects.filter(pk=row.pk).update(done_at=None, done_by=None)
    record(by, "service.event_task_not_done", row, event=row.event_id)


@transaction.atomic
def remove(row: EventTask, *, by: Membership, at: datetime) -> None:
    must(by, ORGANISE)
    _still(row.event, at)
    record(by, "service.event_task_removed", row, event=row.event_id)
    row.delete()


def _still(event: Event, at: datetime) -> None:
    if event.stands(at) in ("closed", "cancelled"):
        raise Refused(_("活动已经总结或取消了，清单不再改。"), code="over")
