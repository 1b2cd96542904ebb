"""Recording what is known of a customer: people, referrals, ratings, answers, consent, enrolments by hand."""
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from crm.archive import refresh_search, set_phone
from crm.models import (
    Assessment,
    Child,
    ClassGroup,
    Customer,
    Enrolment,
    Guardian,
    IntentRating,
    Outcome,
    Satisfaction,
)
from crm.parse import Unreadable, clean_name, parse_phone
from tenancy.models import Membership
from tenancy.refusals import Refused


@transaction.atomic
def save_guardian(customer: Customer, guardian: Guardian | None, *, name: str, relation: str, phone: str, by: Membership) -> Guardian:
    """Add somebody to a family, or correct their name, relation or number; an empty number keeps the old one."""
    row = guardian or Guardian(family=customer.family)
    row.name, row.relation = clean_name(name), relation
    if phone.strip():
        try:
            digits = parse_phone(phone)
        except Unreadable as doubt:
            raise Refused(str(doubt), "phone") from None
        set_phone(row, digits)
    row.save(force_insert=guardian is None and row.pk is not None)
    refresh_search([customer])
    record(by, "crm.guardian_saved", row, customer=customer.pk)
    return row


@transaction.atomic
def add_child(customer: Customer, *, name: str, born_on: date | None, sex: str, by: Membership) -> Child:
    if Child.objects.filter(family=customer.family, name=clean_name(name), born_on=born_on).exists():
        raise Refused(_("这家已经有同名同生日的孩子。"), "name")
    child = Child.objects.create(family=customer.family, name=clean_name(name), born_on=born_on, sex=sex)
    refresh_search([customer])
    record(by, "crm.child_added", child, customer=customer.pk)
    return child


@transaction.atomic
def rate_intent(customer: Customer, *, scores: dict[str, int], evidence: str, on: date, by: Membership) -> IntentRating:
    """合作意向量表 (K8): five answers of 1 to 5, with what they rest on."""
    rating = IntentRating.objects.create(customer=customer, rated_on=on, by=by, evidence=evidence, **scores)
    record(by, "crm.intent_rated", rating, customer=customer.pk)
    return rating


@transaction.atomic
def assess(customer: Customer, *, about: str, score: int, ground: str, on: date, by: Membership) -> Assessment:
    """信用状况 or 需求复杂度 (S3)."""
    made = Assessment.objects.create(customer=customer, about=about, score=score, ground=ground, assessed_on=on)
    record(by, "crm.assessed", made, customer=customer.pk)
    return made


@transaction.atomic
def answer(customer: Customer, *, score: int, channel: str, comment: str, on: date, by: Membership) -> Satisfaction:
    made = Satisfaction.objects.create(customer=customer, score=score, channel=channel, comment=comment, answered_on=on)
    record(by, "crm.satisfaction_answered", made, customer=customer.pk)
    return made


@transaction.atomic
def change_class(child: Child, *, to: ClassGroup, on: date, by: Membership) -> Enrolment:
    """转班 or 转园所: the enrolment ends the day before and another begins; moving campus is no churn (B22)."""
    current = Enrolment.objects.on(on).filter(child=child).select_for_update().first()
    if current is None or current.class_group_id == to.pk:
        raise Refused(_("%(child)s 这一天不在园，或已经在这个班。") % {"child": child.name}, "to")
    if on <= current.from_on:
        raise Refused(_("转班要在入园（%(day)s）之后。") % {"day": current.from_on}, "on")
    current.until_on = date.fromordinal(on.toordinal() - 1)
    current.outcome = Outcome.PROMOTED if to.campus_id == current.campus_id else Outcome.CAMPUS
    current.save(update_fields=["until_on", "outcome"])
    made = Enrolment.objects.create(child=child, campus_id=to.campus_id, class_group=to, from_on=on)
    record(by, "crm.class_changed", made, customer=child.family.customer_id)
    return made
