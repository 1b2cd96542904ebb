"""The archive's doors: id + member → object, or 404 / 403; a look at a child's data is logged here."""
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from audit.actions import looked
from crm.models import Child, Customer, Guardian, ImportRun, Improvement, Merge, Promise, Promotion, SpecialDays, Training, WorkCalendar
from crm.opening import work_calendar
from tenancy.access import find, must
from tenancy.models import Campus, Membership
from tenancy.refusals import Forbidden, Refused


def customers(member: Membership) -> Any:
    """The present customers of the member's campuses."""
    must(member, "crm.view")
    return Customer.objects.present().in_campuses(member.campus_ids())


def customer_for(member: Membership, pk: Any, right: str = "crm.view") -> Customer:
    return find(member, customers(member).select_related("type", "campus", "owner"), pk, right)


def family_seen(member: Membership, pk: Any) -> Customer:
    """The customer whose page is opened; one audit row for each child on it (QUALITY P-1)."""
    customer = customer_for(member, pk)
    looked(member, "crm.child_viewed", Child.objects.filter(family__customer=customer))
    return customer


def guardian_for(member: Membership, pk: Any, right: str) -> Guardian:
    rows = Guardian.objects.filter(family__customer__in=customers(member)).select_related("family__customer")
    return find(member, rows, pk, right)


def promises_of(member: Membership) -> Any:
    """What was promised to the present customers of the member's campuses."""
    return Promise.objects.filter(customer__in=customers(member)).select_related("customer__campus", "owner", "by")


def promise_for(member: Membership, pk: Any, right: str) -> Promise:
    return find(member, promises_of(member), pk, right)


def improvements_of(member: Membership) -> Any:
    """What is being put right at the member's campuses, or in the school as such."""
    must(member, "crm.view")
    mine = member.campus_ids()
    rows = Improvement.objects.select_related("owner", "by", "campus", "survey")
    return rows if mine is None else rows.filter(Q(campus=None) | Q(campus__in=mine))


def improvement_for(member: Membership, pk: Any) -> Improvement:
    return find(member, improvements_of(member), pk, "crm.view")


def training_for(member: Membership, pk: Any) -> Training:
    return find(member, Training.objects.all(), pk, "crm.survey")


def run_for(member: Membership, pk: Any) -> ImportRun:
    return find(member, ImportRun.objects.in_campuses(member.campus_ids()).select_related("campus", "by"), pk, "crm.import")


def promotion_for(member: Membership, pk: Any) -> Promotion:
    return find(member, Promotion.objects.in_campuses(member.campus_ids()).select_related("campus"), pk, "crm.import")


def merge_for(member: Membership, pk: Any) -> Merge:
    rows = Merge.objects.filter(kept__in=customers(member)).select_related("kept", "dropped")
    return find(member, rows, pk, "crm.merge")


def calendar_for_change(member: Membership, campus: Campus | None) -> WorkCalendar:
    """The campus's own calendar, or with None the school's, which only they may change who see all campuses."""
    must(member, "crm.calendar")
    row = work_calendar(campus)
    if campus is None and member.campus_ids() is not None:
        raise Forbidden(_("全部园所的园历由管全部园所的同事来改；您可以给自己的园所单独排。"), code="forbidden")
    if row.campus_id != (campus.pk if campus else None):
        raise Refused(_("%(campus)s 跟着全部园所的园历，先给它单独排。") % {"campus": campus}, code="not_parted")
    return row


def days_for(member: Membership, pk: Any) -> SpecialDays:
    """A run of special days that the member may take away."""
    must(member, "crm.calendar")
    confined = member.campus_ids()
    rows = SpecialDays.objects.select_related("calendar__campus")
    return find(member, rows if confined is None else rows.filter(calendar__campus__in=confined), pk, "crm.calendar")
