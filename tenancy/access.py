"""The doors: a school by its name, a member by their sign-in, an object by its id, each or nothing."""
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tenancy.models import Campus, Membership, MembershipCampus, Tenant
from tenancy.refusals import Absent, Forbidden, Refused
from tenancy.roles import RIGHTS
from tenancy.scope import person_scope


def school(slug: str) -> Tenant | None:
    return Tenant.objects.filter(slug=slug, is_active=True).first()


def token_school(header: str) -> Tenant | None:
    """The school that ``Bearer mp_<tenant>_<secret>`` names; the secret itself is checked inside its scope."""
    parts = header.removeprefix("Bearer ").split("_", 2)
    if len(parts) != 3 or parts[0] != "mp":
        return None
    return Tenant.objects.filter(public_id=parts[1], is_active=True).first()


def open_now() -> Q:
    """Memberships that let their person in at this moment: neither left nor, for an operator's entry, run out."""
    return Q(is_active=True) & (Q(expires_at=None) | Q(expires_at__gt=timezone.now()))


def member_of(user: Any) -> Membership | None:
    """The signed-in person's membership of the open school; asked anew on every request."""
    if not user.is_authenticated:
        return None
    campuses = ArraySubquery(MembershipCampus.objects.filter(membership=OuterRef("pk")).values("campus_id"))
    member = Membership.objects.filter(open_now(), user_id=user.pk).annotate(campuses=campuses).first()
    if member is not None:
        member.confine(member.campuses)
    return member


def lacks_second_factor(tenant: Tenant, user: Any) -> bool:
    """Whether the school asks for a second factor that the person has not set up yet."""
    return tenant.second_factor and not is_mfa_enabled(user)


def schools_of(user: Any) -> list[Tenant]:
    """Every school a person works in, by name (outside of any scope)."""
    with person_scope(user.pk):
        ids = Membership.across.filter(open_now(), user_id=user.pk).values_list("tenant_id", flat=True)
        return list(Tenant.objects.filter(pk__in=list(ids), is_active=True).order_by("name"))


def must(member: Membership, right: str) -> None:
    """Raises Forbidden (403) when the member's role lacks the right."""
    if not member.may(right):
        raise Forbidden(_("您的角色（%(role)s）没有这项权限。需要的话，请园长在“成员”里调整。")
                        % {"role": member.get_role_display()}, code="forbidden")


def find(member: Membership, rows: "models.QuerySet[Any]", pk: Any, right: str) -> Any:
    """The row with this id that the member may see, or Absent (404); Forbidden (403) without the right."""
    must(member, right)
    try:
        return rows.get(pk=pk)
    except (rows.model.DoesNotExist, ValueError, TypeError, OverflowError):
        raise Absent(_("没有找到。可能已被删除，或不在您负责的园所。"), code="not_found") from None


def campuses_of(member: Membership) -> "models.QuerySet[Campus]":
    """The campuses a member works for."""
    mine = member.campus_ids()
    return Campus.objects.all() if mine is None else Campus.objects.filter(pk__in=mine)


def campus_for(member: Membership, pk: int | None) -> Campus:
    """One of the member's campuses; the first of them where none is named."""
    rows = campuses_of(member)
    found = rows.filter(pk=pk).first() if pk else rows.first()
    if found is None:
        raise Absent(_("没有这个园所。"), code="not_found")
    return found


def holders(right: str, campus: Campus | None, besides: str = "") -> list[Membership]:
    """The colleagues in work at a campus whose role holds a right, and not the one besides."""
    roles = [role for role, rights in RIGHTS.items() if right in rights and besides not in rights]
    rows = Membership.objects.filter(open_now(), role__in=roles).prefetch_related("campus_links")
    places = {member: {link.campus_id for link in member.campus_links.all()} for member in rows}
    return [member for member, at in places.items() if campus is None or not at or campus.pk in at]


def second_pair_of_eyes(by: Membership, proposer: Membership | None) -> None:
    """What one person proposed another must approve (SPEC X5, S17)."""
    if proposer is not None and by.pk == proposer.pk:
        raise Refused(_("提交人不能审批自己提交的内容，请另一位有权限的同事来批准。"), code="second_pair_of_eyes")
