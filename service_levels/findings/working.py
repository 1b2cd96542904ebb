"""What is done with a reason that was found: something is changed for the family, it is done, the family is told (K24e, K25)."""
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from churn.models import Cause
from crm.actions import log_contact
from crm.models import Customer, EntryKind
from notifications.actions import settle, tell
from service_levels.models import Finding
from service_levels.plans.discreet import names_a_label
from service_levels.touches.settling import IN_PERSON
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused

LOG = "crm.log"
Kind = Finding.Kind


@dataclass(frozen=True)
class Change:
    """What is changed for the family, of which kind, by whom, by when."""

    kind: str
    what: str
    member: Membership
    due_on: date


@transaction.atomic
def find(customer: Customer, cause: Cause, evidence: str, *, by: Membership, at: datetime) -> Finding:
    """A reason with what it rests on; the same one may be found again later."""
    must(by, LOG)
    if not cause.is_open:
        raise Refused(_("这个原因已经停用，请选别的。"), "cause")
    if not evidence.strip():
        raise Refused(_("请写依据：谁说的、看到了什么。"), "evidence")
    row: Finding = Finding.objects.create(customer=customer, cause=cause, evidence=evidence.strip()[:300], on=timezone.localdate(at), by=by)
    record(by, "service.cause_found", row, cause=cause.pk)
    return row


@transaction.atomic
def change(row: Finding, wish: Change, *, by: Membership, at: datetime) -> None:
    """Something is changed, or something else than was said before; whoever does it is told."""
    must(by, LOG)
    if wish.kind not in Kind.values or not wish.kind:
        raise Refused(_("请选改哪一类。"), "kind")
    if not wish.what.strip():
        raise Refused(_("请写为这一家改什么。"), "what")
    if not wish.member.is_active:
        raise Refused(_("%(name)s 已经离岗，请选一位在岗的同事。") % {"name": wish.member.name}, "member")
    fresh = {"kind": wish.kind, "change": wish.what.strip()[:200], "member": wish.member, "due_on": wish.due_on}
    if not Finding.objects.filter(pk=row.pk, done_on=None).update(**fresh):
        raise _changed()
    row.refresh_from_db()
    record(by, "service.change_planned", row, kind=wish.kind)
    if wish.member.pk != by.pk:
        tell([wish.member], _("有一件为家庭改的事交给您"), key=f"finding-{row.pk}-{wish.member.pk}",
             link=f"service/findings/{row.pk}/", at=at)


@transaction.atomic
def done(row: Finding, result: str, *, by: Membership, at: datetime) -> None:
    must(by, LOG)
    if not row.kind:
        raise Refused(_("先写改什么，再记改好了。"), code="no_change")
    if not result.strip():
        raise Refused(_("请写改得怎么样；家长要听。"), "result")
    fresh = {"done_on": timezone.localdate(at), "result": result.strip()[:200]}
    if not Finding.objects.exclude(kind="").filter(pk=row.pk, done_on=None).update(**fresh):
        raise _changed()
    row.refresh_from_db()
    settle(f"finding-{row.pk}-", at=at)
    record(by, "service.change_done", row)


@transaction.atomic
def tell_back(row: Finding, how: str, *, by: Membership, at: datetime) -> None:
    """The family hears what was changed for it: a contact like any other."""
    must(by, LOG)
    if how not in IN_PERSON:
        raise Refused(_("请选怎么告诉的。"), "how")
    if names_a_label(f"{row.change}{row.result}"):
        raise Refused(_("这段话提到了等级、风险或挽留，改一改再告诉家长。"), code="label")
    if not Finding.objects.exclude(done_on=None).filter(pk=row.pk, told_on=None).update(told_on=timezone.localdate(at)):
        raise _changed()
    row.refresh_from_db()
    words = _("%(what)s。%(result)s") % {"what": row.change, "result": row.result}
    log_contact(row.customer, kind=EntryKind.CONTACT, channel=how, text=words, by=by, at=at, title=_("告诉家长改了什么"))
    record(by, "service.change_told", row)


@transaction.atomic
def drop(row: Finding, *, by: Membership) -> None:
    """Written by mistake, as long as nothing was done."""
    must(by, LOG)
    if row.done_on:
        raise Refused(_("已经改好的要留着。"), code="done")
    record(by, "service.cause_dropped", row, customer=row.customer_id)
    row.delete()


def _changed() -> Refused:
    return Refused(_("同事刚处理过，请刷新再看。"), code="changed")
