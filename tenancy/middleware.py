"""Opens the school named in the address: ``/s/{slug}/…`` is one transaction in one tenant for one member."""
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.translation import gettext as _

from tenancy.access import lacks_second_factor, member_of, school, token_school
from tenancy.doors import Door, language_of, nobody_here, public_door
from tenancy.models import Tenant
from tenancy.promises import broken_promise
from tenancy.refusals import Absent, Forbidden, Refused
from tenancy.scope import tenant_scope
from tenancy.typed import came_from, holds_nul
from tenancy.visitors import around, nowhere

SAFE = ("GET", "HEAD", "OPTIONS")
Respond = Callable[[HttpRequest], HttpResponse]


class SchoolMiddleware:
    """Strips ``/s/{slug}`` so that every link a page makes stays in its school, and opens the scope."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.member, request.tenant, request.afterwards, request.is_public = None, None, [], False
        if holds_nul(request):
            with _speaking(request, ""):
                return _unstorable(request)
        head, slug, rest = _split(request.path_info)
        if (door := public_door(request.path_info)) is not None:
            return self._at_the_door(request, door)
        if head == "api" and (tenant := token_school(request.META.get("HTTP_AUTHORIZATION", ""))):
            request.tenant = tenant
            with _speaking(request, tenant.language):
                return self._inside(request, tenant)
        if head != "s":
            with _speaking(request, ""):
                return self.get_response(request)
        tenant = school(slug)
        if tenant is None:
            with _speaking(request, ""):
                return render(request, "404.html", status=404)
        request.tenant = tenant
        with _speaking(request, tenant.language), _in_school(request, slug, rest):
            return self._inside(request, tenant)

    def _inside(self, request: HttpRequest, tenant: Tenant) -> HttpResponse:
        """Strangers sign in first; a one-time link and an API token are keys of their own."""
        keyed = request.path_info.startswith(("/link/", "/api/"))
        if not request.user.is_authenticated and not keyed:
            return redirect_to_login(request.get_full_path())
        if not keyed and lacks_second_factor(tenant, request.user):
            return redirect("/accounts/2fa/totp/activate/")
        with tenant_scope(tenant), who(request):
            request.member = member_of(request.user)
            _narrow(request, tenant)
            request.untouched = None if request.method in SAFE else transaction.savepoint()
            if request.member is None and not keyed:
                response = render(request, "404.html", status=404)
            else:
                response = self.get_response(request)
            if getattr(request, "failed", False) or response.status_code >= 500:
                transaction.set_rollback(True)
        _run_afterwards(request, tenant)
        return response

    def _at_the_door(self, request: HttpRequest, door: Door) -> HttpResponse:
        """Parents need no account: the address alone opens the school, and only the public views stand behind it."""
        request.tenant, request.is_public = door.tenant, True
        with _in_language(request, language_of(request, door.tenant.language if door.tenant else settings.LANGUAGE_CODE)):
            if door.tenant is None:
                return nobody_here() if door.is_api else nowhere(request)
            with tenant_scope(door.tenant):
                request.untouched = None if door.is_api or request.method in SAFE else transaction.savepoint()
                response = self.get_response(request)
                if getattr(request, "failed", False) or response.status_code >= 500:
                    transaction.set_rollback(True)
            _run_afterwards(request, door.tenant)
            return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django answers a view's exception before we see it: mark the request, so nothing half-written stays."""
        request.failed = True
        _as_before(request)
        if request.is_public and isinstance(error, Refused | Http404):
            said = {"message": getattr(error, "message", "")}
            return render(request, "public/refused.html", said | around(request), status=getattr(error, "status", 404))
        back = came_from(request)
        if isinstance(error, Absent):
            return render(request, "404.html", {"message": error.message}, status=404)
        if isinstance(error, Forbidden | PermissionDenied):
            return render(request, "403.html", {"message": getattr(error, "message", ""), "back": back}, status=403)
        if isinstance(error, Refused):
            return render(request, "409.html", {"message": error.message, "back": back}, status=409)
        if isinstance(error, IntegrityError) and (message := broken_promise(error)):
            return render(request, "409.html", {"message": message, "back": back}, status=409)
        if isinstance(error, Http404):
            return render(request, "404.html", status=404)
        return None


def _as_before(request: HttpRequest) -> None:
    """Back to before the view: after a broken promise the database answers nothing else, and the page of refusal asks it."""
    if getattr(request, "untouched", None):
        transaction.set_rollback(False)
        transaction.savepoint_rollback(request.untouched)


def _narrow(request: HttpRequest, tenant: Tenant) -> None:
    """The campus chosen in the header narrows what every list, picker and export shows."""
    chosen = request.session.get(f"campus:{tenant.pk}")
    if request.member is not None and chosen:
        request.member.narrow(chosen)


@contextmanager
def who(request: HttpRequest) -> Iterator[None]:
    """Row history learns who writes; reads carry no context, since it rides on every statement.

    Whoever comes with a token instead of a session is named when the token is read (tenancy.api).
    """
    if request.method in SAFE:
        yield
        return
    member = member_of(request.user)
    with pghistory.context(**({"member": member.pk} if member else {})):
        yield


def _run_afterwards(request: HttpRequest, tenant: Tenant) -> None:
    """What must outlive a rollback (a denied look, a refused try) is written in a scope of its own."""
    if request.afterwards:
        with tenant_scope(tenant):
            for write in request.afterwards:
                write()


def _unstorable(request: HttpRequest) -> HttpResponse:
    message = _("地址或表单里有存不下的字符，请重新填写。")
    if "/api/" in request.path_info:
        return JsonResponse({"code": "unstorable", "message": message}, status=400)
    return render(request, "409.html", {"message": message}, status=400)


def _split(path: str) -> tuple[str, str, str]:
    _, head, slug, rest = (path.split("/", 3) + ["", "", ""])[:4]
    return head, slug, f"/{rest}"


class _in_school:  # noqa: N801  (reads as a clause of the with statement)
    """The address without its school, and links that carry it."""

    def __init__(self, request: HttpRequest, slug: str, rest: str) -> None:
        self.request, self.prefix, self.rest = request, f"/s/{slug}/", rest

    def __enter__(self) -> None:
        self.before = get_script_prefix()
        set_script_prefix(self.prefix)
        self.request.path_info = self.rest
        self.request.urlconf = settings.SCHOOL_URLCONF

    def __exit__(self, *_: Any) -> None:
        set_script_prefix(self.before)


class _in_language:  # noqa: N801
    """One language for the length of a request."""

    def __init__(self, request: HttpRequest, language: str) -> None:
        self.request, self.language = request, language

    def __enter__(self) -> None:
        self.before = translation.get_language()
        translation.activate(self.language)
        self.request.LANGUAGE_CODE = self.language

    def __exit__(self, *_: Any) -> None:
        translation.activate(self.before or settings.LANGUAGE_CODE)


def _speaking(request: HttpRequest, school_language: str) -> _in_language:
    """The person's language wins over the school's; the browser's wish is only asked when both are silent."""
    wish = request.session.get("language") or getattr(request.user, "language", "")
    return _in_language(request, wish or school_language or settings.LANGUAGE_CODE)
