"""Pages for visitors without an account: a strict content policy, the visitor's own language, nothing kept by any cache."""
from collections.abc import Callable
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from tenancy.doors import LANGUAGE_COOKIE
from tenancy.models import Campus

STRICT = {"default-src": [NONE], "script-src": [SELF], "style-src": [SELF], "img-src": [SELF], "connect-src": [SELF], "form-action": [SELF],
          "base-uri": [NONE], "frame-ancestors": [NONE]}
View = Callable[..., HttpResponseBase]


def strict(view: View) -> View:
    return csp_replace(STRICT)(view)


def around(request: HttpRequest) -> dict[str, Any]:
    """What stands around every page: the school, whom to call, the languages."""
    phones = Campus.objects.exclude(phone="") if request.tenant else []
    return {"languages": settings.LANGUAGES, "school": request.tenant, "phones": phones}


def nowhere(request: HttpRequest) -> HttpResponse:
    """An address that opens no school: a parent's link that was cut short, said in a parent's words."""
    return render(request, "public/nowhere.html", around(request), status=404)


def shown(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page in the visitor's language; a language chosen on it is remembered by a cookie and nothing else is."""
    answer = render(request, template, context | around(request), status=status)
    answer["Cache-Control"] = "private, no-store"
    if request.GET.get("lang") in dict(settings.LANGUAGES):
        answer.set_cookie(LANGUAGE_COOKIE, request.GET["lang"], max_age=180 * 86400, samesite="Lax", secure=settings.PRODUCTION)
    return answer
