"""What every page may read: the school, the member, what the member may do, counts for the header."""
from typing import Any

from django.http import HttpRequest

from tenancy import panels


class Rights:
    """``{% if may.crm_import %}``: dots cannot stand in a template lookup, so the first underscore is one."""

    def __init__(self, member: Any) -> None:
        self.member = member

    def __getitem__(self, name: str) -> bool:
        return bool(self.member) and self.member.may(name.replace("_", ".", 1))


def school(request: HttpRequest) -> dict[str, Any]:
    member = getattr(request, "member", None)
    if member is None:
        return {"member": None, "tenant": getattr(request, "tenant", None)}
    return {"member": member, "tenant": request.tenant, "may": Rights(member),
            "header": panels.build("header", member)}
