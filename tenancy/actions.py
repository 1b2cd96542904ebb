"""Running a school: open one, invite colleagues, give roles and campuses, hand over when someone leaves."""
import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tenancy import panels
from tenancy.models import RESERVED_SLUGS, ApiToken, Campus, Kind, Membership, MembershipCampus, SignInLink, Tenant, User
from tenancy.refusals import Refused
from tenancy.roles import Role
from tenancy.scope import current_tenant, person_scope, tenant_scope

LINK_LIFE = timedelta(days=3)


def create_tenant(slug: str, *, kind: str, name: str, campuses: dict[str, str], head: str | None = None) -> Tenant:
    """A new school with its campuses and, if named, its head. Raises Refused for a reserved or taken slug."""
    if slug in RESERVED_SLUGS:
        raise Refused(_("“%(slug)s”是保留的网址名，换一个。") % {"slug": slug}, "slug")
    if Tenant.objects.filter(slug=slug).exists():
        raise Refused(_("“%(slug)s”已经有机构在用，换一个。") % {"slug": slug}, "slug")
    if kind not in Kind.values:
        raise Refused(_("类型只能是 %(kinds)s。") % {"kinds": "、".join(Kind.values)}, "kind")
    tenant = Tenant.objects.create(slug=slug, kind=kind, name=name)
    with tenant_scope(tenant):
        for code, campus in (campuses or {"main": name}).items():
            Campus.objects.create(code=code, name=campus)
        panels.build("new_school", tenant)  # each app brings what a school of this kind starts with
        if head:
            user = User.objects.filter(username=head).first() or User.objects.create_user(head)
            Membership.objects.create(user=user, role=Role.HEAD, name=head)
    return tenant


@transaction.atomic
def invite(*, username: str, name: str, role: str, campuses: Iterable[Campus], at: datetime) -> tuple[Membership, str]:
    """A colleague joins: their membership and a one-time link to set the password."""
    user = User.objects.filter(username=username).first() or User.objects.create_user(username)
    if Membership.objects.filter(user=user).exists():
        raise Refused(_("%(name)s 已经是本机构的成员。") % {"name": username}, "username")
    member = Membership.objects.create(user=user, name=name, role=role)
    confine(member, campuses)
    return member, sign_in_link(member, at=at)


def confine(member: Membership, campuses: Iterable[Campus]) -> None:
    """Work for these campuses only; none named means all."""
    member.campus_links.all().delete()
    MembershipCampus.objects.bulk_create([MembershipCampus(membership=member, campus=campus) for campus in campuses])


def sign_in_link(member: Membership, *, at: datetime) -> str:
    """The token of a fresh one-time link; earlier ones of the same person stop working."""
    SignInLink.objects.filter(membership=member, used_at=None).update(used_at=at)
    token = secrets.token_urlsafe(24)
    SignInLink.objects.create(membership=member, token_hash=hash_secret(token), expires_at=at + LINK_LIFE)
    return token


def open_link(token: str, *, at: datetime) -> SignInLink:
    links = SignInLink.objects.select_related("membership__user").filter(membership__is_active=True)
    link = links.filter(token_hash=hash_secret(token)).first()
    if link is None or not link.is_open(at):
        raise Refused(_("这个链接已经用过或过期，请园长再发一个。"), code="link_closed")
    return link


def keeps_own_password(member: Membership) -> bool:
    """Whether the account opens more doors than this school's, so that none of our links may set its password.

    True for an operator's account, for one with a password that another school knows too, and for one that another
    school opened first: else whoever runs one school could let themselves into another by inviting its people.
    """
    if member.user.is_operator:
        return True
    with person_scope(member.user_id):
        elsewhere = Membership.across.filter(user_id=member.user_id).exclude(pk=member.pk)
        if member.user.has_usable_password():
            return elsewhere.exists()
        return elsewhere.filter(pk__lt=member.pk).exists()


@transaction.atomic
def set_password(link: SignInLink, password: str, *, at: datetime) -> None:
    """Use the link up. Another request with the same link finds it used; another school's account is left alone."""
    if keeps_own_password(link.membership):
        raise Refused(_("这个账号在别的机构也在用，密码由本人保管。"), code="own_password")
    if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at):
        raise Refused(_("这个链接已经用过，请园长再发一个。"), code="link_closed")
    user = link.membership.user
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def deactivate(member: Membership, *, on: date) -> None:
    """A leaver: effective on the next request, because membership is asked on every one."""
    member.is_active, member.left_on = False, on
    member.save(update_fields=["is_active", "left_on"])


def hash_secret(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(membership: Membership, name: str) -> str:
    """A new API token; the only time its secret can be read."""
    secret = secrets.token_urlsafe(32)
    ApiToken.objects.create(membership=membership, name=name, secret_hash=hash_secret(secret))
    return f"mp_{current_tenant().public_id}_{secret}"


def revoke_token(token: ApiToken, *, at: datetime) -> None:
    """Effective on the next request."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)
