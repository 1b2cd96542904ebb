"""当前等级: standings follow published batches and approved overrides, and keep their history."""
from datetime import date
from pathlib import Path

from django.db import connection

from tenancy.plans import whole_sets
from tenancy.scope import current_tenant_id
from tiering.models import Batch, Override, Standing

TAKE = (Path(__file__).parent / "sql" / "take_standings.sql").read_text()


def take_from(batch: Batch) -> int:
    """Close the standings that changed or left, open the new ones; returns how many opened."""
    labels = list(batch.version.as_rules().labels)
    with connection.cursor() as cursor, whole_sets():
        cursor.execute(TAKE, {"tenant": current_tenant_id(), "batch": batch.pk, "scheme": batch.version.scheme_id,
                              "as_of": batch.as_of, "labels": labels})
        return int(cursor.fetchone()[0])


def set_by_override(override: Override, *, on: date) -> Standing:
    """From this day the customer holds the approved tier, until the override expires."""
    label = override.scheme.versions.get(state="in_force").as_rules().labels[override.tier]
    current = Standing.objects.now().filter(scheme=override.scheme, customer=override.customer).first()
    score = current.score if current else 0
    if current:
        current.until_on = max(on, current.from_on)
        current.save(update_fields=["until_on"])
    return Standing.objects.create(scheme=override.scheme, customer=override.customer, tier=override.tier, label=label,
                                   score=score, from_on=on, override=override)
