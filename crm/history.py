"""历史: who changed what in a hand-edited row, from what to what, and putting an old value back.

Rows are written by database triggers (django-pghistory) into tables under the same tenant policy; sealed
columns never enter them. Who did it stands in the event's context, set by the edge that opened the request.
"""
from dataclasses import dataclass
from typing import Any

import pghistory
from django.db import models, transaction
from django.utils.translation import gettext as _
from pghistory.models import Event

from audit.actions import record
from tenancy.base import TenantManager
from tenancy.models import Membership
from tenancy.refusals import Refused

QUIET = {"version", "tenant", "tenant_id", "import_run", "import_run_id"}


class TenantEvent(Event):
    """A past state of a row of one school."""

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


def tracked(*sealed: str) -> Any:
    """Keep the state before each update and delete, without the sealed columns named."""
    return pghistory.track(
        pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(), exclude=list(sealed), base_model=TenantEvent,
        obj_field=pghistory.ObjForeignKey(related_name="events", null=True), context_field=pghistory.ContextJSONField(),
        context_id_field=None)


@dataclass
class Change:
    """One field of one act."""

    name: str
    old: Any
    new: Any


@dataclass
class Act:
    """One change of a row: when, by whom, which fields."""

    event: int
    at: Any
    who: str
    changes: list[Change]


def acts(row: Any) -> list[Act]:
    """Newest first; each event holds the state before it, so the next newer state is what it became."""
    events = list(row.events.filter(pgh_label="update").order_by("-pgh_id")[:200])
    names = _names(events)
    newer, told = row, []
    for event in events:
        changes = [Change(str(field.verbose_name), _shown(event, field), _shown(newer, field)) for field in _fields(event)
                   if getattr(event, field.attname) != getattr(newer, field.attname)]
        if changes:
            told.append(Act(event.pgh_id, event.pgh_created_at, names.get((event.pgh_context or {}).get("member"), _("自动")), changes))
        newer = event
    return told


def newest(row: Any) -> int:
    """The number of a row's last change, 0 for none: a page that was opened before it is stale."""
    return int(row.events.order_by("-pgh_id").values_list("pgh_id", flat=True).first() or 0)


def _fields(event: Any) -> list[Any]:
    return [f for f in event._meta.fields if not f.name.startswith("pgh_") and f.name not in QUIET and f.name != "id"]


def _shown(state: Any, field: Any) -> Any:
    display = getattr(state, f"get_{field.name}_display", None)
    value = display() if display else getattr(state, field.attname)
    if isinstance(field, models.ForeignKey) and value is not None:
        found = field.remote_field.model.objects.filter(pk=value).first()
        return str(found) if found else value
    return "–" if value in (None, "") else value


def _names(events: list[Any]) -> dict[int, str]:
    ids = {(event.pgh_context or {}).get("member") for event in events} - {None}
    return dict(Membership.objects.filter(pk__in=ids).values_list("pk", "name"))


@transaction.atomic
def restore(row: Any, event_id: int, *, by: Membership) -> None:
    """Put back the state that one event remembers; the restoring itself is one more event."""
    event = row.events.filter(pgh_id=event_id, pgh_label="update").first()
    if event is None:
        raise Refused(_("没有这一条历史。"))
    names = [field.attname for field in _fields(event)]
    for name in names:
        setattr(row, name, getattr(event, name))
    row.save(update_fields=names)
    record(by, "crm.restored", row, event=event_id)
