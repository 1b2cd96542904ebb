"""What is done with 市场信息: written, changed, put away (S11c)."""
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from service_levels.access import INFORM
from service_levels.models import MarketNote
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused


@transaction.atomic
def keep(row: MarketNote, *, by: Membership, at: datetime) -> MarketNote:
    """A new note or a changed one. Raises Refused for a second one of the same day: nobody could say which of them is told."""
    must(by, INFORM)
    if MarketNote.objects.filter(on=row.on).exclude(pk=row.pk).exists():
        raise Refused(_("这一天起用的已经有一份，改那一份，或者换一天。"), "on")
    row.edited_by, row.edited_at = by, at
    row.save()
    record(by, "service.market_note_kept", row)
    return row


@transaction.atomic
def drop(row: MarketNote, *, by: Membership) -> None:
    """What was sent stays on the families' timelines."""
    must(by, INFORM)
    record(by, "service.market_note_dropped", row)
    row.delete()
