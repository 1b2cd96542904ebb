"""合同的动作 (R24–R29): drawn up from the archive, explained clause by clause, signed, sealed, void, renewed.

Signing is one transaction: the signature, the enrolment (在园), the plan of contacts and the timeline; the sealed PDF follows
through the outbox. A signed contract is never changed: a mistake is made void and drawn up anew.
"""
import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm import actions as crm
from crm.archive import next_number
from crm.models import Child, ClassGroup, Customer, Enrolment, EntryKind, TimelineEntry
from notifications.actions import later
from reception import following, surveying
from reception.contracts import clauses, drawing, paper, seal
from reception.models import Booking, Contract, ContractTemplate, SchoolSeal
from reception.models.following import After
from tenancy.links import token_for, token_hash
from tenancy.models import Membership
from tenancy.refusals import Refused, spoken
from tenancy.scope import current_tenant

State = Contract.State
SIGNED = "reception.contract_signed"
LINK_DAYS = 7  # how long a parent's link to sign or to fetch the copy works


@dataclass(frozen=True)
class Terms:
    """What differs from family to family; the fee in 分 a month."""

    child: Child
    starts_on: date
    ends_on: date
    fee_fen: int
    class_group: ClassGroup | None = None


@dataclass(frozen=True)
class Signing:
    """Who signed, as what, and the strokes as the page sent them."""

    signer: str
    relation: str
    strokes: str
    where: str


@transaction.atomic
def draw_up(customer: Customer, template: ContractTemplate, terms: Terms, *, by: Membership, at: datetime, booking: Booking | None = None,
            renews: Contract | None = None) -> Contract:
    """Freeze the text with the family's own facts in its blanks."""
    if template.state != ContractTemplate.State.APPROVED:
        raise Refused(_("只能用已批准的模板。"), "template")
    if terms.ends_on <= terms.starts_on:
        raise Refused(_("结束日期要晚于开始日期。"), "ends_on")
    if terms.child.family.customer_id != customer.pk:
        raise Refused(_("这个孩子不在这一家。"), "child")
    if renews is not None and renews.state != State.SIGNED:
        raise Refused(_("只有已签的合同能续签。"))
    campus = terms.class_group.campus if terms.class_group else customer.campus
    row = Contract(number=next_number("HT", at), template=template, customer=customer, child=terms.child, booking=booking, campus=campus,
                   class_group=terms.class_group, starts_on=terms.starts_on, ends_on=terms.ends_on, fee_fen=terms.fee_fen, by=by,
                   created_at=at, renews=renews)
    row.text = json.dumps(_papers(row, _facts(row, at)), ensure_ascii=False)
    row.save(force_insert=True)
    record(by, "reception.contract_drawn_up", row, customer=customer.pk)
    return row


@transaction.atomic
def explain(row: Contract, number: int, *, done: bool, by: Membership, at: datetime) -> Contract:
    """逐条讲解 (R26): a clause was gone through and its questions answered; or was not after all."""
    kept = _draft(row)
    if not 1 <= number <= len(kept.clauses()):
        raise Refused(_("没有这一条。"))
    if done:
        kept.explained.setdefault(str(number), [by.pk, at.isoformat()])
    else:
        kept.explained.pop(str(number), None)
    kept.save(update_fields=["explained"])
    return kept


@transaction.atomic
def note_questions(row: Contract, text: str, *, by: Membership) -> None:
    kept = _draft(row)
    kept.questions = text.strip()[:1000]
    kept.save(update_fields=["questions"])
    record(by, "reception.contract_noted", kept)


@transaction.atomic
def open_link(row: Contract, *, by: Membership, at: datetime) -> str:
    """A fresh link for the parent, for signing or for the copy (R27c); the one before stops working."""
    kept = Contract.objects.select_for_update().get(pk=row.pk)
    if kept.state == State.VOID:
        raise Refused(_("合同已经作废。"), code="changed")
    if kept.state == State.DRAFT:
        _must_be_explained(kept)
    kept.link_serial += 1
    token = token_of(kept)
    kept.token_hash, kept.link_until = token_hash(token), at + timedelta(days=LINK_DAYS)
    kept.save(update_fields=["link_serial", "token_hash", "link_until"])
    record(by, "reception.contract_link", kept)
    return token


@transaction.atomic
def sign(row: Contract, signing: Signing, *, by: Membership | None, at: datetime) -> Contract:
    """签字: ``by`` is the colleague beside the tablet, nobody where the parent signs on their own phone."""
    kept = _draft(row)
    _must_be_explained(kept)
    if not signing.signer.strip():
        raise Refused(_("请写签字人的姓名。"), "signer")
    try:
        strokes = drawing.read(signing.strokes)
    except ValueError as error:
        raise Refused(spoken(error.args[0]), "strokes") from None
    kept.signature = drawing.written(strokes)
    kept.signer, kept.relation, kept.signed_where = signing.signer.strip()[:40], signing.relation, signing.where
    kept.signed_at, kept.state = at, State.SIGNED
    kept.enrolment = _enrol(kept, by)
    kept.save()
    _after_signing(kept, by, at)
    return kept


@transaction.atomic
def void(row: Contract, reason: str, *, by: Membership, at: datetime) -> None:
    """作废: with its reason; the file stays, the enrolment ends unless the child has been here under it."""
    if not reason.strip():
        raise Refused(_("请写作废的原因。"), "reason")
    kept = Contract.objects.select_for_update().get(pk=row.pk)
    if kept.state == State.VOID:
        raise Refused(_("合同已经作废。"), code="changed")
    was_signed, enrolment = kept.state == State.SIGNED, kept.enrolment
    kept.state, kept.void_reason, kept.voided_at, kept.voided_by, kept.token_hash = State.VOID, reason.strip()[:200], at, by, None
    kept.save(update_fields=["state", "void_reason", "voided_at", "voided_by", "token_hash"])
    if was_signed:
        _tell_timeline(kept, _("合同 %(number)s 作废") % {"number": kept.number}, by, at, kept.void_reason)
    if enrolment and not enrolment.child.attendance.filter(day__gte=enrolment.from_on).exists() and enrolment.until_on is None:
        enrolment.delete()
    surveying.forget_signing(kept, at=at)
    if was_signed and kept.booking:
        following.unsign(kept.booking)
    record(by, "reception.contract_voided", kept, customer=kept.customer_id)


@transaction.atomic
def seal_contract(pk: int, *, at: datetime) -> None:
    """The sealed original (R27): made once, by the worker; a second delivery finds it there."""
    row = Contract.objects.select_for_update(of=("self",)).select_related("template").get(pk=pk)
    if row.digest or row.signed_at is None:
        return
    made = seal.sealed(paper.pdf(row), school_seal(at=at), reason=f"{row.number}")
    row.pdf, row.digest = base64.b64encode(made).decode(), hashlib.sha256(made).hexdigest()
    row.save(update_fields=["pdf_sealed", "digest"])
    record(None, "reception.contract_sealed", row)


def file_of(row: Contract) -> bytes:
    """The sealed original; before it is signed, a draft that says so on every page."""
    return base64.b64decode(row.pdf) if row.digest else paper.pdf(row)


def school_seal(*, at: datetime) -> seal.Seal:
    """The school's seal; made when it is first needed."""
    row = SchoolSeal.objects.first()
    if row is None:
        fresh = seal.new_seal(current_tenant().name, at)
        first = SchoolSeal(certificate=fresh.certificate, made_at=at)
        first.key = fresh.key
        SchoolSeal.objects.bulk_create([first], ignore_conflicts=True)  # another worker may have been faster
        row = SchoolSeal.objects.get()
    return seal.Seal(row.key, row.certificate)


def token_of(row: Contract) -> str:
    """The link that is in force, for signing and for the copy."""
    return token_for(f"contract|{row.number}|{row.link_serial}")


# -- what they share -----------------------------------------------------------------------------------------------------
def _draft(row: Contract) -> Contract:
    kept = Contract.objects.select_for_update(of=("self",)).select_related("customer", "child", "campus", "class_group", "booking").get(
        pk=row.pk)
    if kept.state != State.DRAFT:
        raise Refused(_("合同是“%(state)s”，不能再改。") % {"state": kept.get_state_display()}, code="changed")
    return kept


def _must_be_explained(row: Contract) -> None:
    left = row.left_to_explain
    if left:
        which = "、".join(row.clauses()[n - 1].title for n in left[:3])
        raise Refused(_("还有 %(n)s 条没有讲：%(which)s。") % {"n": len(left), "which": which}, "explained")


def _facts(row: Contract, at: datetime) -> dict[str, str]:
    """What the archive puts into the blanks."""
    guardian = row.customer.family.guardians.order_by("-decides", "id").first()
    assert row.child is not None
    return {"机构": current_tenant().name, "园所": row.campus.name, "园所地址": row.campus.address, "合同编号": row.number,
            "孩子姓名": row.child.name, "出生日期": f"{row.child.born_on or ''}", "监护人": guardian.name if guardian else "",
            "监护人电话": guardian.phone if guardian else "", "班级": row.class_group.name if row.class_group else "",
            "开始日期": f"{row.starts_on}", "结束日期": f"{row.ends_on}", "每月费用": f"{row.fee_fen / 100:,.2f} 元",
            "签订日期": f"{timezone.localdate(at)}"}


def _papers(row: Contract, facts: dict[str, str]) -> dict[str, object]:
    """The frozen text. It is Chinese in every language of the screen: a contract is what was approved, word for word."""
    parties = [("甲方（机构）", facts["机构"]), ("园所", facts["园所"]), ("乙方（监护人）", facts["监护人"]), ("电话", facts["监护人电话"]),
               ("孩子", facts["孩子姓名"]), ("出生日期", facts["出生日期"]), ("期限", f"{facts['开始日期']} – {facts['结束日期']}"),
               ("每月费用", facts["每月费用"])]
    texts = clauses.filled(row.template.clauses(), facts)
    return {"school": facts["机构"], "guardian": facts["监护人"], "parties": parties,
            "clauses": [[clause.title, clause.text] for clause in texts], "fees": clauses.fill(row.template.fees, facts),
            "commitments": clauses.fill(row.template.commitments, facts)}


def _enrol(row: Contract, by: Membership | None) -> Enrolment | None:
    """签约建在园 (R29): unless the child is enrolled on that day already, as with a renewal."""
    if row.child is None or Enrolment.objects.on(row.starts_on).filter(child=row.child).exists():
        return None
    return crm.enrol(row.child, campus=row.campus, class_group=row.class_group, from_on=row.starts_on, by=by)


def _after_signing(row: Contract, by: Membership | None, at: datetime) -> None:
    _tell_timeline(row, _("签了合同 %(number)s") % {"number": row.number}, by, at, f"{row.starts_on} – {row.ends_on}")
    if row.booking is not None:
        following.plan(row.booking, After.SIGNED, by=by or row.by, at=at)
    if row.renews_id is None:
        surveying.ask_after_signing(row, at=at)
    later(SIGNED, contract=row.pk)
    record(by, SIGNED, row, customer=row.customer_id)


def _tell_timeline(row: Contract, title: str, by: Membership | None, at: datetime, text: str) -> None:
    TimelineEntry.objects.create(customer_id=row.customer_id, child_id=row.child_id, kind=EntryKind.ENROLMENT, at=at,
                                 day=timezone.localdate(at), by=by, title=title[:80], text=text)
