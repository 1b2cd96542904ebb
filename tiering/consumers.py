"""After an act of tiering: tell those whose turn it is, and take back what nobody need do any more. Parents are told nothing."""
from collections import Counter
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import EntryKind, TimelineEntry
from notifications.actions import consumer, settle, tell
from tenancy import panels
from tenancy.models import Membership
from tenancy.roles import RIGHTS
from tiering.models import Batch, Override, SchemeVersion, Standing


def holders(*rights: str) -> QuerySet[Membership]:
    """Active colleagues whose role holds one of these rights."""
    return Membership.objects.filter(role__in=[role for role, held in RIGHTS.items() if held & set(rights)], is_active=True)


def _named(batch: Batch) -> dict[str, Any]:
    """Three schemes are judged in one quarter: a line in the inbox says which one."""
    return {"quarter": batch.quarter, "scheme": batch.version.scheme.name}


def _batch(payload: dict[str, Any]) -> Batch:
    return Batch.objects.select_related("version__scheme").get(pk=payload["batch"])


@consumer("tiering.batch_submitted")
def submitted(payload: dict[str, Any]) -> None:
    """Those who review or approve, except who submitted; a batch submitted again is told again."""
    batch = _batch(payload)
    if batch.state != Batch.State.IN_REVIEW:  # decided before we came to tell
        return
    asked = holders("tiering.review", "tiering.publish").exclude(pk=batch.proposed_by_id)
    tell(asked, _("%(quarter)s %(scheme)s 定级批次等您复核") % _named(batch),
         key=f"batch-{batch.pk}-review-{batch.proposed_at:%Y%m%d%H%M%S%f}", link=f"tiering/batches/{batch.pk}/")


@consumer("tiering.batch_rejected")
def rejected(payload: dict[str, Any]) -> None:
    """Who submitted it learns that it came back; the reason stands on the batch."""
    batch = _batch(payload)
    if batch.state != Batch.State.IN_REVIEW:  # submitted again before we came: the question stands
        settle(f"batch-{batch.pk}-review", at=timezone.now())
    tell(Membership.objects.filter(pk=batch.proposed_by_id), _("%(quarter)s %(scheme)s 定级批次被退回") % _named(batch),
         key=f"batch-{batch.pk}-rejected-{batch.proposed_at:%Y%m%d%H%M%S%f}", link=f"tiering/batches/{batch.pk}/")


@consumer("tiering.batch_published")
def published(payload: dict[str, Any]) -> None:
    """The owner of each changed customer, once, with their number; the customer's timeline says what happened."""
    batch = _batch(payload)
    settle(f"batch-{batch.pk}-review", at=timezone.now())
    opened = Standing.objects.filter(batch=batch, from_on=batch.as_of).select_related("customer")
    changed = [s for s in opened if batch.previous_id]
    owners = Counter(s.customer.owner_id for s in changed if s.customer.owner_id)
    for member in Membership.objects.filter(pk__in=list(owners), is_active=True):
        tell([member], _("%(quarter)s %(scheme)s 定级：您负责的 %(n)s 户等级有变") % (_named(batch) | {"n": owners[member.pk]}),
             key=f"batch-{batch.pk}-published", link=f"tiering/batches/{batch.pk}/", at=batch.published_at)
    TimelineEntry.objects.bulk_create(
        [TimelineEntry(customer_id=s.customer_id, kind=EntryKind.TIER, at=batch.published_at, day=batch.as_of,
                       title=_("%(quarter)s：%(label)s 级") % {"quarter": batch.quarter, "label": s.label}) for s in opened if s.label],
        batch_size=2000)
    panels.build("tiers_published", batch)


@consumer("tiering.version_submitted")
def version_submitted(payload: dict[str, Any]) -> None:
    """Who may approve a scheme, except who submitted it."""
    version = SchemeVersion.objects.select_related("scheme").get(pk=payload["version"])
    if version.state != SchemeVersion.State.SUBMITTED:
        return
    tell(holders("tiering.publish").exclude(pk=version.proposed_by_id),
         _("方案“%(scheme)s”第 %(n)s 版等您审批") % {"scheme": version.scheme.name, "n": version.number},
         key=f"version-{version.pk}-submitted", link=f"tiering/schemes/{version.scheme_id}/")


@consumer("tiering.override_proposed")
def override_proposed(payload: dict[str, Any]) -> None:
    """Who may approve an override, except who proposed it. The family is not named: the line may leave the house."""
    override = Override.objects.get(pk=payload["override"])
    if override.approved_at is not None:
        return
    tell(holders("tiering.override").exclude(pk=override.proposed_by_id), _("有一项人工调整等您批准"),
         key=f"override-{override.pk}-proposed", link="tiering/overrides/")
