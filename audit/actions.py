"""record() in the transaction of the act itself; seal() a minute later; verify() whenever somebody doubts."""
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.utils import timezone

from audit.models import Entry, Seal
from tenancy.models import Membership
from tenancy.prepared import insert
from tenancy.scope import current_tenant_id

FIRST = "0" * 64


def record(actor: Membership | None, verb: str, obj: Any = None, **data: Any) -> None:
    """One audit row, committed with the act or not at all. ``data`` holds ids and numbers only."""
    insert(Entry(at=timezone.now(), actor=actor, verb=verb, data=data,
                 object_type=obj._meta.label_lower if obj is not None else "", object_id=obj.pk if obj is not None else None))


def looked(actor: Membership | None, verb: str, rows: Iterable[models.Model]) -> None:
    """Somebody saw, revealed, exported or downloaded these records: one row each (QUALITY P-1)."""
    now = timezone.now()
    Entry.objects.bulk_create([Entry(at=now, actor=actor, verb=verb, object_type=row._meta.label_lower, object_id=row.pk)
                               for row in rows])


def seal(limit: int = 5000, *, before: int | None = None) -> int:
    """Chain the entries of transactions older than the oldest that still runs (or than ``before``).

    One sealer a tenant at a time; returns how many entries were sealed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [7201, current_tenant_id() % 2**31])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT coalesce(%s, pg_snapshot_xmin(pg_current_snapshot())::text::bigint)", [before])
        oldest_running = cursor.fetchone()[0]
    last = Seal.objects.order_by("-number").first()
    number, previous = (last.number, last.digest) if last else (0, FIRST)
    seals = []
    for entry in Entry.objects.filter(seal=None, transaction__lt=oldest_running).order_by("id")[:limit]:
        number += 1
        digest = _digest(previous, entry)
        seals.append(Seal(entry=entry, number=number, previous=previous, digest=digest))
        previous = digest
    Seal.objects.bulk_create(seals)
    return len(seals)


def verify() -> int | None:
    """None when the chain holds, else the number of the first link that does not."""
    previous = FIRST
    for expected, link in enumerate(Seal.objects.select_related("entry").order_by("number"), start=1):
        if link.number != expected or link.previous != previous or link.digest != _digest(previous, link.entry):
            return expected
        previous = link.digest
    return None


def _digest(previous: str, entry: Entry) -> str:
    told = [previous, entry.pk, entry.at.isoformat(), entry.actor_id, entry.verb, entry.object_type, entry.object_id, entry.data]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
