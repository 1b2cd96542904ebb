"""Pages for visitors without an account: a strict content policy, the visitor's own language, nothing kept by any cache."""
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from tenancy.counting import count_down, count_up
from tenancy.doors import LANGUAGE_COOKIE, address_of, counted_as
from tenancy.models import Campus
from tenancy.refusals import TooMany

STRICT = {"default-src": [NONE], "script-src": [SELF], "style-src": [SELF], "img-src": [SELF], "connect-src": [SELF], "form-action": [SELF],
          "base-uri": [NONE], "frame-ancestors": [NONE]}
View = Callable[..., HttpResponseBase]
HOUR, DAY = 3600, 86400


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


@contextmanager
def at_most(request: HttpRequest, kind: str, most: int, refusal: str) -> Iterator[None]:
    """Something that one address may do so many times an hour; counted for as long as it succeeds. Raises TooMany with ``refusal``."""
    now = int(timezone.now().timestamp())
    key = f"{counted_as(kind, address_of(request))}:{now // HOUR}"
    if count_up({key: HOUR})[0] > most:
        raise TooMany(refusal, HOUR - now % HOUR)
    try:
        yield
    except BaseException:
        count_down([key])
        raise


def first_today(request: HttpRequest, kind: str) -> bool:
    """Whether this address does it for the first time today."""
    return count_up({f"{counted_as(kind, address_of(request))}:{timezone.localdate()}": DAY})[0] == 1
