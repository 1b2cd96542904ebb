"""What every page may read: the school, the member, what the member may do, the other schools and campuses, counts."""
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tenancy import panels
from tenancy.access import schools_of
from tenancy.models import Campus
from tenancy.remembered import remembered


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
    return {"member": member, "tenant": request.tenant, "may": Rights(member), "header": _header(request),
            "my_schools": SimpleLazyObject(lambda: _schools(request.user)),
            "my_campuses": SimpleLazyObject(lambda: _campuses(request)),
            "campus_chosen": request.session.get(f"campus:{request.tenant.pk}")}


def _schools(user: Any) -> list[tuple[str, str]]:
    """(slug, name) of every school the person works in, for the switcher."""
    return remembered(f"schools:{user.pk}", lambda: [(tenant.slug, tenant.name) for tenant in schools_of(user)])


def _campuses(request: HttpRequest) -> list[tuple[int, str]]:
    """(id, name) of the campuses the member may look at, whichever is chosen now."""
    def build() -> list[tuple[int, str]]:
        own = list(request.member.campus_links.values_list("campus_id", flat=True))
        rows = Campus.objects.filter(pk__in=own) if own else Campus.objects.all()
        return list(rows.values_list("pk", "name"))

    return remembered(f"campuses:{request.tenant.pk}:{request.member.pk}", build)


def _header(request: HttpRequest) -> list[panels.Filled]:
    """Built once a request: the admin's frame and the page inside it are two templates."""
    if not hasattr(request, "header"):
        request.header = panels.build("header", request.member)
    built: list[panels.Filled] = request.header
    return built
