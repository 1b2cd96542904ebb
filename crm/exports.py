"""The family list as a file: one audit row a child on it, numbers stay masked."""
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from audit.actions import looked, record
from crm.models import Child
from crm.queries import with_children
from tenancy.models import Membership
from tenancy.sheets import as_file


def families_file(member: Membership, customers: Any, form: str) -> FileResponse:
    """The filtered family list as XLSX or CSV."""
    rows = list(with_children(customers).order_by("external_ref"))
    looked(member, "crm.child_exported", Child.objects.filter(family__customer__in=[r.pk for r in rows]))
    record(member, "crm.exported", families=len(rows))
    header = [_("编号"), _("称呼"), _("客户类型"), _("园所"), _("孩子"), _("监护人"), _("手机"), _("维护人"), _("建档日期")]
    cells = [[r.external_ref, r.name, r.type.name, r.campus.name, *_people(r), str(r.owner or ""), r.since] for r in rows]
    return as_file(form, _("家庭"), header, cells, reader=member.name)


def _people(customer: Any) -> list[str]:
    family = getattr(customer, "family", None)
    if family is None:
        return ["", "", ""]
    guardians = list(family.guardians.all())
    return ["、".join(c.name for c in family.children.all()), "、".join(g.name for g in guardians),
            "、".join(g.phone_mask for g in guardians)]
