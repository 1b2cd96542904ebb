"""What is done with 市场信息: written, changed, put away (S11c)."""
from datetime import datetime

from django.db import IntegrityError, transaction

from audit.actions import record
from service_levels.access import INFORM
from service_levels.models import MarketNote
from service_levels.models.market import TAKEN
from service_levels.plans.telling import answer_discreetly
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused


@transaction.atomic
def keep(row: MarketNote, *, by: Membership, at: datetime) -> MarketNote:
    """A new note or a changed one. Raises Refused for a second one of the same day and for words that give a family away."""
    must(by, INFORM)
    for field in ("title", "text", "source"):
        answer_discreetly(getattr(row, field), field)
    row.edited_by, row.edited_at = by, at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(str(TAKEN), "on") from None
    record(by, "service.market_note_kept", row)
    return row


@transaction.atomic
def drop(row: MarketNote, *, by: Membership) -> None:
    """What was sent stays on the families' timelines."""
    must(by, INFORM)
    record(by, "service.market_note_dropped", row)
    row.delete()
