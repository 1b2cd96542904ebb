"""The daily acts of the archive: add a family, log a contact, reveal a number, withdraw, transfer, pay, delete."""
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import looked, record
from crm.access import customers
from crm.archive import draw_refs, family_title, refresh_search, set_phone
from crm.models import (
    Child,
    Concern,
    Consent,
    Customer,
    CustomerType,
    Enrolment,
    EntryKind,
    Family,
    Guardian,
    Partner,
    Payment,
    Referral,
    TimelineEntry,
)
from crm.parse import Unreadable, clean_name, parse_phone
from tenancy import panels
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused, spoken
from tenancy.sealing import blind_index

RESTORE_DAYS = 30
CONTACTED = "contacted"  # the place where later apps hear that somebody wrote down a contact


def _phone(text: str) -> str:
    try:
        return parse_phone(text)
    except Unreadable as doubt:
        raise Refused(spoken(doubt.said), "phone") from None


def _known_phone(known: Customer, by: Membership) -> Refused:
    """Whose number it is, unless that family stands in a campus which the member does not see."""
    if not customers(by).filter(pk=known.pk).exists():
        return Refused(_("这个号码已经登记在别的园所，请那边的同事查找。"), "phone", code="known_phone")
    return Refused(_("这个号码已经在 %(family)s（%(ref)s）名下，直接打开那一家即可。")
                   % {"family": known.name, "ref": known.external_ref}, "phone", code="known_phone", about=known)


@transaction.atomic
def add_family(*, guardian: str, phone: str, relation: str, child: str, born_on: date | None, campus: Campus, source: str,
               note: str, by: Membership, at: datetime, address: str = "", occupation: str = "",
               type: CustomerType | None = None) -> Customer:
    """A family from a phone call. The same number again is refused with the family that has it."""
    guardian_row = Guardian(name=clean_name(guardian), relation=relation, decides=True, occupation=occupation.strip())
    digits = _phone(phone)
    if (known := family_with_phone(digits)) is not None:
        raise _known_phone(known, by)
    kind = type or CustomerType.objects.filter(half="family").order_by("id").first()
    names = [clean_name(child)] if child.strip() else []
    customer = Customer.objects.create(type=kind, campus=campus, owner=by, external_ref=draw_refs(1)[0], source=source,
                                       name=family_title(names, guardian_row.name), since=timezone.localdate(at))
    family = Family(customer=customer)
    family.address = address.strip()
    family.save(force_insert=True)
    guardian_row.family = family
    set_phone(guardian_row, digits)
    guardian_row.save(force_insert=True)
    for name in names:
        Child.objects.create(family=family, name=name, born_on=born_on)
    if note.strip():
        log_contact(customer, kind=EntryKind.CONSULTATION, channel="phone", text=note, by=by, at=at)
    refresh_search([customer])
    record(by, "crm.family_added", customer)
    return customer


@transaction.atomic
def add_partner(*, name: str, contact: str, phone: str, field: str, campus: Campus, type: CustomerType, since: date,
                by: Membership) -> Customer:
    """A partner institution (K2c), or another type of customer that is no family."""
    if Customer.objects.present().filter(type=type, name=name.strip()).exists():
        raise Refused(_("已经有叫“%(name)s”的%(type)s。") % {"name": name.strip(), "type": type.name}, "name")
    digits = _phone(phone) if phone.strip() else ""
    customer = Customer.objects.create(type=type, campus=campus, owner=by, external_ref=draw_refs(1, "P")[0],
                                       name=clean_name(name, _("名称")), since=since)
    partner = Partner(customer=customer, contact=contact.strip(), field=field.strip())
    partner.phone = digits
    partner.save(force_insert=True)
    refresh_search([customer])
    record(by, "crm.partner_added", customer)
    return customer


@transaction.atomic
def move_home(family: Family, *, address: str, by: Membership) -> None:
    """The family's address, sealed; an empty one is kept empty."""
    family.address = address.strip()
    family.save(update_fields=["address_sealed"])
    record(by, "crm.address_changed", family, customer=family.customer_id)


def family_with_phone(digits: str) -> Customer | None:
    """The present family one of whose guardians has this number."""
    found = Guardian.objects.filter(phone_index=blind_index(digits), family__customer__deleted_at=None)
    row = found.select_related("family__customer").order_by("id").first()
    return row.family.customer if row else None


@transaction.atomic
def log_contact(customer: Customer, *, kind: str, channel: str, text: str, by: Membership | None, at: datetime,
                child: Child | None = None, title: str = "") -> TimelineEntry:
    """One fact on the timeline, on the campus's own date; by nobody where the family did it itself."""
    entry = TimelineEntry.objects.create(customer=customer, child=child, kind=kind, channel=channel, at=at,
                                         day=timezone.localdate(at), by=by, title=title, text=text.strip())
    if kind in Concern.Kind.values:  # a complaint or suggestion waits for an answer
        Concern.objects.create(customer=customer, entry=entry, kind=kind, opened_at=at, text=text.strip() or title)
    record(by, "crm.contact_logged", entry, customer=customer.pk)
    panels.build(CONTACTED, entry)
    return entry


def reveal(guardian: Guardian, *, by: Membership) -> str:
    """The whole number, counted as a reveal."""
    looked(by, "crm.phone_revealed", [guardian])
    return str(guardian.phone)


@transaction.atomic
def end_enrolment(enrolment: Enrolment, *, until_on: date, outcome: str, by: Membership, at: datetime) -> None:
    """Withdraw, graduate, move: the enrolment ends on a day for a reason, the timeline says so."""
    if until_on < enrolment.from_on:
        raise Refused(_("离园日期不能早于入园日期 %(day)s。") % {"day": enrolment.from_on}, "until_on")
    done = Enrolment.objects.filter(pk=enrolment.pk, until_on=None).update(until_on=until_on, outcome=outcome)
    if not done:
        raise Refused(_("这段在园记录已经结束了，可能同事刚登记过。"), code="stale")
    enrolment.refresh_from_db()
    TimelineEntry.objects.create(customer=enrolment.child.family.customer, child=enrolment.child, kind=EntryKind.ENROLMENT,
                                 at=at, day=until_on, by=by, title=_("离园：%(why)s") % {"why": enrolment.get_outcome_display()})
    record(by, "crm.enrolment_ended", enrolment, outcome=outcome)


@transaction.atomic
def enrol(child: Child, *, campus: Campus, class_group: Any, from_on: date, by: Membership | None) -> Enrolment:
    """Enrol or re-enrol; a child is in one class at a time."""
    if Enrolment.objects.on(from_on).filter(child=child).exists():
        raise Refused(_("%(child)s 在 %(day)s 已经在园，先登记离园或转班。") % {"child": child.name, "day": from_on}, "from_on")
    enrolment = Enrolment.objects.create(child=child, campus=campus, class_group=class_group, from_on=from_on)
    record(by, "crm.enrolled", enrolment)
    return enrolment


@transaction.atomic
def take_payment(customer: Customer, *, fee_kind: Any, amount_fen: int, paid_on: date, child: Child | None, method: str,
                 receipt: str, by: Membership, today: date) -> Payment:
    if amount_fen <= 0:
        raise Refused(_("金额要大于 0；退费请在原缴费上点“退费”。"), "amount")
    if paid_on > today:
        raise Refused(_("缴费日期 %(day)s 还没到。") % {"day": paid_on}, "paid_on")
    payment = Payment.objects.create(customer=customer, child=child, fee_kind=fee_kind, amount_fen=amount_fen, paid_on=paid_on,
                                     method=method, receipt=receipt)
    record(by, "crm.payment_taken", payment, fen=amount_fen)
    return payment


@transaction.atomic
def refund(payment: Payment, *, amount_fen: int, on: date, by: Membership) -> Payment:
    """A refund is a negative line of the same kind; together they never pay back more than was paid."""
    locked = Payment.objects.select_for_update().get(pk=payment.pk)
    paid_back = -sum(Payment.objects.filter(remark=refund_mark(locked)).values_list("amount_fen", flat=True))
    left = locked.amount_fen - paid_back
    if not 0 < amount_fen <= left:
        raise Refused(_("这笔最多还能退 %(left)s 元。") % {"left": f"{left / 100:.2f}"}, "amount")
    made = Payment.objects.create(customer_id=locked.customer_id, child_id=locked.child_id, fee_kind_id=locked.fee_kind_id,
                                  amount_fen=-amount_fen, paid_on=on, method=locked.method, remark=refund_mark(locked))
    record(by, "crm.refunded", made, of=locked.pk, fen=amount_fen)
    return made


def refund_mark(payment: Payment) -> str:
    """What a refund's remark says, so that a payment finds what was paid back of it."""
    return f"退 #{payment.pk}"


@transaction.atomic
def answer_consent(family: Family, *, guardian: Guardian | None, granted: bool, notice: str, by: Membership | None,
                   at: datetime) -> Consent:
    """A new answer ends the one before it; both stay on record."""
    Consent.objects.filter(family=family, withdrawn_at=None).update(withdrawn_at=at)
    consent = Consent.objects.create(family=family, guardian=guardian, granted=granted, notice_version=notice, at=at)
    record(by, "crm.consent_answered", consent, granted=granted)
    return consent


@transaction.atomic
def delete_family(customer: Customer, *, typed_name: str, by: Membership, at: datetime) -> None:
    """Into the bin for 30 days; asks for the family's name, since much hangs on it."""
    if typed_name.strip() != customer.name:
        raise Refused(_("请照写“%(name)s”，确认删的是这一家。") % {"name": customer.name}, "typed_name")
    if not Customer.objects.filter(pk=customer.pk, deleted_at=None).update(deleted_at=at, version=F("version") + 1):
        raise Refused(_("这一家已经删除了。"), code="stale")
    customer.refresh_from_db()
    refresh_search([customer])
    record(by, "crm.family_deleted", customer)


@transaction.atomic
def restore_family(customer: Customer, *, by: Membership, at: datetime) -> None:
    if customer.deleted_at is None or (at - customer.deleted_at).days >= RESTORE_DAYS:
        raise Refused(_("删除超过 %(days)s 天，不能恢复了。") % {"days": RESTORE_DAYS})
    Customer.objects.filter(pk=customer.pk).update(deleted_at=None, version=F("version") + 1)
    customer.refresh_from_db()
    refresh_search([customer])
    record(by, "crm.family_restored", customer)


@transaction.atomic
def add_referral(referrer: Customer, *, name: str, phone: str, on: date, by: Membership) -> Referral:
    """Register who was introduced; the referrer's own number is refused."""
    digits = _phone(phone)
    known = family_with_phone(digits)
    if known is not None and known.pk == referrer.pk:
        raise Refused(_("这是推荐人自己家的号码，不能推荐自己。"), "phone")
    if known is not None and Referral.objects.filter(referrer=known, referred=referrer).exists():
        raise Refused(_("%(family)s 推荐过这一家，绕成一圈的推荐不能登记。") % {"family": known.name}, "phone")
    referral = Referral(referrer=referrer, referred=known, referred_name=clean_name(name), referred_on=on,
                        phone_index=blind_index(digits))
    referral.phone = digits
    referral.save(force_insert=True)
    record(by, "crm.referral_added", referral)
    return referral
