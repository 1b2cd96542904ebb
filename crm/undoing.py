"""撤销: taking back what one did today, from the audit row that remembers it.

Each verb names its way back, or has none. A way back refuses when somebody has since built on the act, and says what to do
instead; the undoing itself is one more audit row, so nothing ever vanishes from the log.
"""
from collections.abc import Callable
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from audit.models import Entry
from crm import actions, promises
from crm.archive import refresh_search
from crm.models import Attendance, Child, Concern, Consent, Consultation, Customer, Enrolment, Payment, Promise, TimelineEntry
from tenancy import panels
from tenancy.models import Membership
from tenancy.refusals import Refused

TAKEN_BACK = "concern_taken_back"  # the place where later apps hear that a complaint of today goes again
Way = Callable[[Any, Membership, Any], None]


def _remove(row: Any, by: Membership, at: Any) -> None:
    row.delete()


def _remove_contact(entry: TimelineEntry, by: Membership, at: Any) -> None:
    """With the complaint it was, and before that what later apps hang on it: each row goes before the one it points to."""
    for concern in Concern.objects.filter(entry=entry):
        panels.build(TAKEN_BACK, concern)
        concern.delete()
    entry.delete()


def _take_back_payment(payment: Payment, by: Membership, at: Any) -> None:
    if Payment.objects.filter(remark=actions.refund_mark(payment)).exists():
        raise Refused(_("这笔已经退过费，不能撤销登记。先撤销退费。"))
    payment.delete()


def _reopen(enrolment: Enrolment, by: Membership, at: Any) -> None:
    """登记离园 taken back: the child goes on in the class it was in."""
    if Enrolment.objects.filter(child=enrolment.child, from_on__gt=enrolment.from_on).exists():
        raise Refused(_("%(child)s 后来又登记了入园，不能撤销这次离园。") % {"child": enrolment.child.name})
    TimelineEntry.objects.filter(customer=enrolment.child.family.customer, child=enrolment.child, kind="enrolment",
                                 day=enrolment.until_on).delete()
    enrolment.until_on, enrolment.outcome = None, ""
    enrolment.save(update_fields=["until_on", "outcome"])


def _unenrol(enrolment: Enrolment, by: Membership, at: Any) -> None:
    if enrolment.until_on or Attendance.objects.filter(child=enrolment.child, day__gte=enrolment.from_on).exists():
        raise Refused(_("%(child)s 在这个班已有考勤或已离园，请改登记离园。") % {"child": enrolment.child.name})
    enrolment.delete()


def _back_to_the_old_class(enrolment: Enrolment, by: Membership, at: Any) -> None:
    """转班 taken back: the enrolment that ended the day before goes on."""
    before = Enrolment.objects.filter(child=enrolment.child, until_on__lt=enrolment.from_on).order_by("-until_on").first()
    if enrolment.until_on or before is None:
        raise Refused(_("%(child)s 之后又变动过，请直接再转一次班。") % {"child": enrolment.child.name})
    enrolment.delete()
    before.until_on, before.outcome = None, ""
    before.save(update_fields=["until_on", "outcome"])


def _remove_child(child: Child, by: Membership, at: Any) -> None:
    if child.enrolments.exists() or child.payments.exists() or child.attendance.exists():
        raise Refused(_("%(child)s 已有报名、缴费或考勤，不能撤销。") % {"child": child.name})
    customer = child.family.customer
    child.delete()
    refresh_search([customer])


def _withdraw_answer(consent: Consent, by: Membership, at: Any) -> None:
    """The answer before it holds again."""
    before = Consent.objects.filter(family=consent.family, withdrawn_at=consent.at).first()
    consent.delete()
    if before:
        before.withdrawn_at = None
        before.save(update_fields=["withdrawn_at"])


def _into_the_bin(customer: Customer, by: Membership, at: Any) -> None:
    actions.delete_family(customer, typed_name=customer.name, by=by, at=at)


def _out_of_the_bin(customer: Customer, by: Membership, at: Any) -> None:
    actions.restore_family(customer, by=by, at=at)


def _remove_consultation(row: Consultation, by: Membership, at: Any) -> None:
    """With its line on the timeline and the rating that was given in it."""
    if row.rating:
        row.rating.delete()
    row.entry.delete()


def _unpromise(row: Promise, by: Membership, at: Any) -> None:
    if row.state != Promise.State.OPEN:
        raise Refused(_("这件事已经了结，不能撤销登记。先恢复成待兑现。"))
    promises.forget(row, at=at)


def _reopen_promise(row: Promise, by: Membership, at: Any) -> None:
    promises.reopen(row, by=by, at=at)


WAYS: dict[str, Way] = {
    "crm.contact_logged": _remove_contact, "crm.payment_taken": _take_back_payment, "crm.refunded": _remove,
    "crm.enrolment_ended": _reopen, "crm.enrolled": _unenrol, "crm.class_changed": _back_to_the_old_class,
    "crm.child_added": _remove_child, "crm.referral_added": _remove, "crm.intent_rated": _remove, "crm.assessed": _remove,
    "crm.satisfaction_answered": _remove, "crm.consent_answered": _withdraw_answer, "crm.family_added": _into_the_bin,
    "crm.family_deleted": _out_of_the_bin, "crm.lessons_sold": _remove, "crm.consulted": _remove_consultation,
    "crm.promised": _unpromise, "crm.promise_kept": _reopen_promise, "crm.promise_dropped": _reopen_promise,
}


def undone_of(member: Membership, day: date) -> set[int]:
    """Ids of the acts of a day that were taken back already."""
    rows = Entry.objects.filter(actor=member, verb="crm.undone", at__date=day)
    return {row.data["of"] for row in rows}


@transaction.atomic
def undo(entry: Entry, *, by: Membership, at: Any) -> None:
    """Take back one's own act of today. Raises Refused when it is not one's own, not of today, done already, or built upon."""
    if entry.actor_id != by.pk or timezone.localdate(entry.at) != timezone.localdate(at):
        raise Refused(_("只能撤销自己今天做的事。"))
    way = WAYS.get(entry.verb)
    if way is None:
        raise Refused(_("这一步不能直接撤销，请打开那一页处理。"))
    if entry.pk in undone_of(by, timezone.localdate(at)):
        raise Refused(_("这一步已经撤销过了。"), code="stale")
    row = apps.get_model(entry.object_type).objects.select_for_update().filter(pk=entry.object_id).first()
    if row is None:
        raise Refused(_("这条记录已经不在了，可能同事刚处理过。"), code="stale")
    way(row, by, at)
    record(by, "crm.undone", None, of=entry.pk, act=entry.verb)
