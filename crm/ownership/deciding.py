"""What is done with a 撞单: raised, decided by a supervisor who claims nothing, taken back; the school's rule (SPEC B25)."""
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, Q
from django.utils.translation import gettext as _

from audit.actions import record
from crm import duplicates
from crm.models import Customer, Dispute, OwnershipRules
from crm.ownership.evidence import facts, touches
from crm.ownership.judging import Proposal, propose
from notifications.actions import settle, tell
from tenancy.access import holders, must
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused

State = Dispute.State


def rules() -> OwnershipRules:
    """The school's own row, or an unsaved one with what is shipped."""
    return OwnershipRules.objects.first() or OwnershipRules()


@transaction.atomic
def keep_rules(silent_days: int, *, by: Membership) -> OwnershipRules:
    must(by, "crm.referee")
    if not 1 <= silent_days <= 365:
        raise Refused(_("请填 1 到 365 天。"), "silent_days")
    row = OwnershipRules.objects.select_for_update().first() or OwnershipRules()
    was, row.silent_days, row.by = row.silent_days, silent_days, by
    row.save()
    record(by, "crm.ownership_rules_kept", row, was=was, now=silent_days)
    return row


def second_file(row: Dispute) -> Customer | None:
    """The other file while it is one: merged meanwhile or in the bin, there is nothing to bring together."""
    return row.other if row.other is not None and row.other.deleted_at is None else None


def files_of(row: Dispute) -> list[Customer]:
    return [one for one in (row.customer, second_file(row)) if one is not None]


def proposal_for(row: Dispute) -> Proposal:
    """What the rule says of the evidence as it is now."""
    return propose(touches(facts(files_of(row))), silent_days=rules().silent_days)


@transaction.atomic
def raise_it(customer: Customer, other: Customer | None, reason: str, *, by: Membership, at: datetime) -> Dispute:
    """Somebody says that the family is theirs too; whoever may decide learns of it."""
    must(by, "crm.log")
    if not reason.strip():
        raise Refused(_("请写怎么回事。"), "reason")
    if other is not None and other.pk == customer.pk:
        raise Refused(_("另一份档案要选别的一家。"), "other")
    row = Dispute(customer=customer, other=other, reason=reason.strip()[:300], by=by, at=at)
    row.proposed_id = proposal_for(row).who
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("这一家已经有一件等裁决的撞单。"), code="open_already") from None
    record(by, "crm.dispute_raised", row, customer=customer.pk)
    judges = [one for one in holders("crm.referee", customer.campus) if one.pk != by.pk]
    tell(judges, _("%(name)s 提了一件撞单，等裁决") % {"name": by.name}, key=f"dispute-{row.pk}-raised", link=f"ownership/{row.pk}/", at=at)
    return row


@transaction.atomic
def decide(row: Dispute, owner: Membership, campus: Campus | None, words: str, *, by: Membership, at: datetime) -> None:
    """The family is given to one colleague; two files become one. Who claims it does not decide it."""
    must(by, "crm.referee")
    if any(fact.who.pk == by.pk for fact in facts(files_of(row))) or by.pk == owner.pk:
        raise Refused(_("您也接触过这一家，请另一位主管裁决。"), code="party")
    if not owner.is_active:
        raise Refused(_("请选一位在岗的同事。"), "owner")
    if not words.strip():
        raise Refused(_("请写理由，双方都会看到。"), "words")
    other = second_file(row)
    if other is not None:
        must(by, "crm.merge")
    _close(row, State.DECIDED, words, by=by, at=at)
    kept = row.customer
    row.before = {"owner": kept.owner_id, "campus": kept.campus_id}
    if other is not None:
        row.merge = duplicates.merge(kept, other, take=[], by=by, at=at)
        kept.refresh_from_db()
    row.owner, row.campus = owner, campus or kept.campus
    kept.owner, kept.campus = owner, row.campus
    kept.save(update_fields=["owner", "campus"])
    row.save(update_fields=["before", "merge", "owner", "campus"])
    record(by, "crm.dispute_decided", row, customer=kept.pk, owner=owner.pk)
    said = _("撞单裁决了：这一家归%(name)s") % {"name": owner.name}
    tell(_parties(row, by), said, key=f"dispute-{row.pk}-decided-{at:%Y%m%d%H%M%S}", link=f"ownership/{row.pk}/", at=at)


def _parties(row: Dispute, by: Membership) -> list[Membership]:
    people = {fact.who.pk: fact.who for fact in facts(files_of(row))} | ({row.owner.pk: row.owner} if row.owner else {})
    return [one for one in people.values() if one.pk != by.pk and one.is_active]


def stays_when_merged(survivor: int) -> Q:
    """Of two files that become one: a dispute about just these two, and a second one that is open, stay where they are."""
    return Q(other=survivor) | Q(state=State.OPEN) & Q(Exists(Dispute.objects.open().filter(customer=survivor)))


def _close(row: Dispute, state: str, words: str, *, by: Membership, at: datetime) -> None:
    fresh: dict[str, Any] = {"state": state, "decided_by": by, "decided_at": at, "words": words.strip()[:300]}
    if not Dispute.objects.open().filter(pk=row.pk).update(**fresh):
        raise Refused(_("同事刚裁决过了。"), code="changed")
    row.refresh_from_db()
    settle(f"dispute-{row.pk}-", at=at)


@transaction.atomic
def drop(row: Dispute, words: str, *, by: Membership, at: datetime) -> None:
    """Not a dispute after all."""
    must(by, "crm.referee")
    if not words.strip():
        raise Refused(_("请写为什么不是撞单。"), "words")
    _close(row, State.DROPPED, words, by=by, at=at)
    record(by, "crm.dispute_dropped", row)


@transaction.atomic
def undo(row: Dispute, *, by: Membership, at: datetime) -> None:
    """The decision is taken back: files apart again, owner and campus as they were, unless somebody has changed them since."""
    must(by, "crm.referee")
    if row.state == State.OPEN:
        raise Refused(_("这一件还没裁决。"), code="changed")
    if Dispute.objects.open().filter(customer=row.customer_id).exists():
        raise Refused(_("这一家又有一件等裁决的撞单，请在那里裁决。"), code="open_already")
    kept = row.customer
    if row.state == State.DECIDED:
        if (kept.owner_id, kept.campus_id) != (row.owner_id, row.campus_id):
            raise Refused(_("裁决以后有人改过维护人或园所，不能撤销；请直接在资料里改。"), code="changed")
        if row.merge is not None and row.merge.undone_at is None:
            must(by, "crm.merge")
            duplicates.undo(row.merge, by=by, at=at)
            kept.refresh_from_db()
        kept.owner_id, kept.campus_id = row.before["owner"], row.before["campus"]
        kept.save(update_fields=["owner", "campus"])
    fresh = {"state": State.OPEN, "decided_by": None, "decided_at": None, "words": "", "owner": None, "campus": None, "merge": None,
             "before": {}}
    Dispute.objects.filter(pk=row.pk).update(**fresh)
    row.refresh_from_db()
    record(by, "crm.dispute_undone", row, customer=kept.pk)
