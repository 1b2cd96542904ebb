"""What is kept of colleagues: their profile, the rules by which families are shared out, which family goes to whom (K32, S23a)."""
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from crm.handover import entrust
from crm.models import Customer
from service_levels.access import EDIT
from service_levels.models import StaffProfile, StaffRules
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Forbidden

MANAGE = "tenancy.members"


def own_or_manager(colleague: Membership, by: Membership) -> None:
    """One writes of oneself; of others whoever manages the members. Raises Forbidden."""
    if by.pk != colleague.pk and not by.may(MANAGE):
        raise Forbidden(_("只能写自己的，别人的由园长写。"), code="forbidden")


def profile_of(member: Membership) -> StaffProfile:
    """As it was written, or an empty one."""
    return StaffProfile.objects.filter(member=member).first() or StaffProfile(member=member)


def rules() -> StaffRules:
    return StaffRules.objects.first() or StaffRules()


@transaction.atomic
def keep_profile(row: StaffProfile, *, by: Membership) -> StaffProfile:
    """Whether somebody counts as senior, and how many minutes they have, only whoever manages the members says."""
    own_or_manager(row.member, by)
    if not by.may(MANAGE):
        before = profile_of(row.member)
        row.is_senior, row.minutes_week = before.is_senior, before.minutes_week
    row.save()
    record(by, "service.profile_kept", row, member=row.member_id)
    return row


@transaction.atomic
def keep_rules(row: StaffRules, *, by: Membership) -> StaffRules:
    must(by, EDIT)
    row.save()
    record(by, "service.staff_rules_kept", row)
    return row


@transaction.atomic
def assign(customer: Customer, to: Membership, *, by: Membership) -> None:
    """This family is looked after by that colleague from now on."""
    must(by, EDIT)
    entrust(customer, to, by=by)
