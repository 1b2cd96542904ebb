"""The public doors: addresses that open a school without a sign-in (DESIGN §3), and where a knock comes from.

``/t/{slug}/…``, ``/b/{token}/…`` (a booking), ``/c/{token}/…`` (a contract), ``/q/{token}/`` (a survey), ``/f/{token}/…`` (a request)
and ``/e/{token}/…`` (an event) are pages, the first two under ``/api/v1/public/`` the API as well. A token begins with its school's
public id; its secret is checked inside the scope.
"""
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _

from tenancy.models import Tenant
from tenancy.prepared import Prepared
from tenancy.scope import current_tenant_id
from tenancy.sealing import blind_index

API = "/api/v1/public"
LANGUAGE_COOKIE = "mp_language"
BY_SLUG: Prepared[Tenant] = Prepared(lambda slug: Tenant.objects.filter(slug=slug, is_active=True), slug=str)
BY_PUBLIC_ID: Prepared[Tenant] = Prepared(lambda public_id: Tenant.objects.filter(public_id=public_id, is_active=True), public_id=str)


@dataclass(frozen=True)
class Door:
    """A public address: the school it opens, if there is one, and whether a program or a person is at it."""

    tenant: Tenant | None
    is_api: bool


def public_door(path: str) -> Door | None:
    """The door of an address; None when it is none of the public ones."""
    is_api = path.startswith(f"{API}/")
    _, head, name, rest = (path.removeprefix(API).split("/", 3) + ["", "", ""])[:4]
    if head not in ("t", "b", "c", "q", "f", "e") or not (is_api or path.startswith(f"/{head}/")):
        return None
    school = BY_SLUG.first(slug=name) if head == "t" else BY_PUBLIC_ID.first(public_id=name.partition("_")[0])
    return Door(school, is_api)


def language_of(request: HttpRequest, schools: str) -> str:
    """What a visitor asked for on the page before, else what their browser speaks, else the school's own."""
    chosen = request.GET.get("lang") or request.COOKIES.get(LANGUAGE_COOKIE, "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    return translation.get_language_from_request(request) if request.headers.get("Accept-Language") else schools


def address_of(request: HttpRequest) -> str:
    """Where the request comes from: the last address that a trusted proxy added, else the connection's own.

    Whatever stands further left in X-Forwarded-For the client may have written itself.
    """
    told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    proxies = settings.MIAOPU_PROXIES
    return told[-proxies] if proxies and len(told) >= proxies else request.META.get("REMOTE_ADDR", "")


def counted_as(kind: str, who: str) -> str:
    """The cache key under which requests of somebody are counted: school and an HMAC, never a number or an address."""
    return f"knocks:{current_tenant_id()}:{kind}:{blind_index(f'{kind}|{who}')}"


def nobody_here() -> JsonResponse:
    return JsonResponse({"code": "not_found", "message": _("没有找到。")}, status=404)
