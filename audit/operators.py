"""平台运营 enter a school: with a reason, for hours, seen by the school. Otherwise they see no tenant's data."""
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from audit.actions import record
from tenancy.models import Membership, Tenant, User
from tenancy.refusals import Forbidden, Refused
from tenancy.roles import Role
from tenancy.scope import tenant_scope

HOURS = 2


def enter(tenant: Tenant, operator: User, *, reason: str, at: datetime) -> Membership:
    """Two hours as an inspector, who reads and changes nothing; the school's audit log says who, when and why.

    The reason is the operator's own words about the platform and names nobody.
    """
    if not operator.is_operator:
        raise Forbidden(_("只有平台运营可以这样进入。"), code="forbidden")
    if len(reason.strip()) < 6:
        raise Refused(_("请写明进入的原因，学校会看到。"), "reason")
    with tenant_scope(tenant):
        member = Membership.objects.filter(user=operator).first()
        if member is not None and member.expires_at is None:
            raise Refused(_("您本来就是这所机构的成员。"))
        until = at + timedelta(hours=HOURS)
        member = member or Membership(user=operator, role=Role.INSPECTOR, name=_("平台运营"))
        member.expires_at, member.is_active = until, True
        member.save()
        record(member, "audit.operator_entered", member, reason=reason.strip()[:200], until=until.isoformat())
    return member
