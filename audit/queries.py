"""Reading the audit: what happened to one row."""
from datetime import datetime
from typing import NamedTuple

from django.db import models

from audit.models import Entry
from audit.words import word

SHOWN = 200


class Told(NamedTuple):
    """One act on a row, in words; ``who`` is empty when the product itself acted."""

    at: datetime
    who: str
    what: str


def acts_on(row: models.Model) -> list[Told]:
    """The newest acts and looks at a row, at most 200."""
    entries = Entry.objects.filter(object_type=row._meta.label_lower, object_id=row.pk).select_related("actor").order_by("-id")
    return [Told(entry.at, entry.actor.name if entry.actor else "", word(entry.verb)) for entry in entries[:SHOWN]]
