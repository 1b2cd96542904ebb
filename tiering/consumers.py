"""After a batch is submitted or published: tell those whose turn it is. Parents are told nothing."""
from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from crm.models import EntryKind, TimelineEntry
from notifications.actions import consumer, tell
from tenancy.models import Membership
from tenancy.roles import RIGHTS
from tiering.models import Batch, Standing


@consumer("tiering.batch_submitted")
def submitted(payload: dict[str, Any]) -> None:
    """Those who review or approve, except who submitted."""
    batch = Batch.objects.get(pk=payload["batch"])
    roles = [role for role, rights in RIGHTS.items() if rights & {"tiering.review", "tiering.publish"}]
    asked = Membership.objects.filter(role__in=roles, is_active=True).exclude(pk=batch.proposed_by_id)
    tell(asked, _("%(quarter)s 定级批次等您复核") % {"quarter": batch.quarter}, key=f"batch-{batch.pk}-review",
         link=f"tiering/batches/{batch.pk}/")


@consumer("tiering.batch_published")
def published(payload: dict[str, Any]) -> None:
    """The owner of each changed customer, once, with their number; the customer's timeline says what happened."""
    batch = Batch.objects.select_related("version").get(pk=payload["batch"])
    opened = Standing.objects.filter(batch=batch, from_on=batch.as_of).select_related("customer")
    changed = [s for s in opened if batch.previous_id]
    owners = Counter(s.customer.owner_id for s in changed if s.customer.owner_id)
    for member in Membership.objects.filter(pk__in=list(owners), is_active=True):
        tell([member], _("%(quarter)s 定级：您负责的 %(n)s 户等级有变") % {"quarter": batch.quarter, "n": owners[member.pk]},
             key=f"batch-{batch.pk}-published", link=f"tiering/batches/{batch.pk}/")
    TimelineEntry.objects.bulk_create(
        [TimelineEntry(customer_id=s.customer_id, kind=EntryKind.TIER, at=batch.published_at, day=batch.as_of,
                       title=_("%(quarter)s：%(label)s 级") % {"quarter": batch.quarter, "label": s.label}) for s in opened if s.label],
        batch_size=2000)
