"""Recording what is known of a customer: people, referrals, ratings, answers, consent, enrolments by hand."""
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit.actions import record
from crm.archive import refresh_search, set_phone
from crm.models import (
    Anniversary,
    Assessment,
    Attendance,
    Child,
    ClassGroup,
    Consent,
    Customer,
    Enrolment,
    ExtraField,
    ExtraValue,
    Family,
    Guardian,
    IntentRating,
    LessonPackage,
    Outcome,
    Satisfaction,
)
from crm.parse import Unreadable, clean_name, parse_phone
from tenancy.models import Membership
from tenancy.refusals import Refused, spoken


@transaction.atomic
def save_guardian(customer: Customer, guardian: Guardian | None, *, name: str, relation: str, phone: str, by: Membership) -> Guardian:
    """Add somebody to a family, or correct their name, relation or number; an empty number keeps the old one."""
    row = guardian or Guardian(family=customer.family)
    row.name, row.relation = clean_name(name), relation
    if phone.strip():
        try:
            digits = parse_phone(phone)
        except Unreadable as doubt:
            raise Refused(spoken(doubt.said), "phone") from None
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
def answer(customer: Customer, *, score: int, channel: str, comment: str, on: date, by: Membership | None) -> Satisfaction:
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


@transaction.atomic
def take_attendance(group: ClassGroup, day: date, marks: Mapping[int, str], *, today: date, by: Membership) -> int:
    """考勤 of one class on one day: child id → status; said again, it replaces. Returns how many were written."""
    if day > today:
        raise Refused(_("%(day)s 还没到，不能登记考勤。") % {"day": day}, "day")
    here = Enrolment.objects.on(day).filter(class_group=group, child_id__in=list(marks)).values_list("child_id", flat=True)
    rows = [Attendance(child_id=child, day=day, status=marks[child]) for child in set(here) if marks[child] in Attendance.Status.values]
    Attendance.objects.bulk_create(rows, update_conflicts=True, unique_fields=["tenant", "child", "day"], update_fields=["status"])
    record(by, "crm.attendance_taken", group, day=day.isoformat(), children=len(rows))
    return len(rows)


@transaction.atomic
def sell_lessons(customer: Customer, *, child: Child | None, course: str, bought: int, gifted: int, on: date,
                 expires_on: date | None, by: Membership) -> LessonPackage:
    """课时包: lessons bought and given; the money is entered as a payment of its own."""
    if expires_on and expires_on < on:
        raise Refused(_("有效期不能早于购买日期。"), "expires_on")
    package = LessonPackage.objects.create(customer=customer, child=child, course=course.strip(), bought=bought, gifted=gifted,
                                           bought_on=on, expires_on=expires_on)
    record(by, "crm.lessons_sold", package, customer=customer.pk)
    return package


@transaction.atomic
def use_lessons(package: LessonPackage, count: int, *, by: Membership) -> None:
    """消课: one conditional update, so two desks at once never overdraw the package."""
    enough = LessonPackage.objects.filter(pk=package.pk, used__lte=F("bought") + F("gifted") - count)
    if count < 1 or not enough.update(used=F("used") + count):
        package.refresh_from_db()
        raise Refused(_("“%(course)s”只剩 %(left)s 课时。") % {"course": package.course, "left": package.left}, "count")
    record(by, "crm.lessons_used", package, customer=package.customer_id, count=count)


@transaction.atomic
def write_extras(customer: Customer, values: Mapping[int, str], *, by: Membership) -> None:
    """自定义资料 (K4g): field id → what is written; an empty one is taken away."""
    known = set(ExtraField.objects.filter(is_open=True).values_list("pk", flat=True))
    ExtraValue.objects.filter(customer=customer, field_id__in=known & set(values)).delete()
    for field_id in sorted(known & set(values)):
        if values[field_id].strip():
            row = ExtraValue(customer=customer, field_id=field_id)
            row.value = values[field_id].strip()
            row.save(force_insert=True)
    record(by, "crm.extras_written", None, customer=customer.pk)


@transaction.atomic
def withdraw_consent(family: Family, *, by: Membership | None, at: datetime) -> None:
    """撤回同意: the answer in force ends now and none follows; what rests on it is shown no more."""
    if not Consent.objects.filter(family=family, withdrawn_at=None).update(withdrawn_at=at):
        raise Refused(_("没有可以撤回的同意。"), code="stale")
    record(by, "crm.consent_withdrawn", family, customer=family.customer_id)


@transaction.atomic
def keep_anniversary(customer: Customer, *, row: Anniversary | None, name: str, month: int, day: int, lunar: bool, drop: bool,
                     by: Membership) -> None:
    """纪念日 (K19d): a new one, one that was wrong, or ``drop`` for one that is kept no more."""
    if row is not None and drop:
        record(by, "crm.anniversary_dropped", row, customer=customer.pk)
        row.delete()
        return
    if Anniversary.objects.filter(family=customer.family, name=name.strip()).exclude(pk=row.pk if row else None).exists():
        raise Refused(_("这一家已经有“%(name)s”。") % {"name": name.strip()}, "name")
    kept = row or Anniversary(family=customer.family)
    kept.name, kept.month, kept.day, kept.lunar = name.strip(), month, day, lunar
    kept.save()
    record(by, "crm.anniversary_kept", kept, customer=customer.pk)
