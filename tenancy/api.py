"""What every API view shares: who asks, what they may, one page size, one shape of error."""
from collections.abc import Iterator
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, pagination, permissions, serializers, throttling
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.response import Response

from tenancy.access import open_now
from tenancy.actions import hash_secret
from tenancy.backends import StaffBackend
from tenancy.models import ApiToken, Membership
from tenancy.promises import broken_promise
from tenancy.refusals import Refused
from tenancy.scope import in_scope


class MemberSession(SessionAuthentication):
    """The browser's session, inside ``/s/{slug}/api/v1/``."""

    def authenticate(self, request: Any) -> Any:
        member = getattr(request._request, "member", None)
        if member is None:
            return None
        self.enforce_csrf(request)
        return request._request.user, member


class MemberToken(BaseAuthentication):
    """``Authorization: Bearer mp_<tenant>_<secret>``, for programs. The middleware opened the tenant it names."""

    def authenticate(self, request: Any) -> Any:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header.startswith("Bearer mp_"):
            return None
        if not in_scope():  # the school it names is not there or is closed
            raise exceptions.AuthenticationFailed(_("令牌无效或已停用。"))
        secret = header.split("_", 2)[-1]
        token = ApiToken.objects.select_related("membership__user").filter(
            secret_hash=hash_secret(secret), revoked_at=None, membership__in=Membership.objects.filter(open_now())).first()
        if token is None or not StaffBackend().user_can_authenticate(token.membership.user):
            raise exceptions.AuthenticationFailed(_("令牌无效或已停用。"))
        request._request.member = token.membership
        pghistory.context(member=token.membership.pk)  # row history learns who writes, as it does of a session
        return token.membership.user, token.membership

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class MemberMay(permissions.BasePermission):
    """The view names its rights: ``rights = {"GET": "crm.view", "POST": "crm.change"}``."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if not request.auth:
            return False
        method = "GET" if request.method in permissions.SAFE_METHODS else request.method
        if method not in view.rights:
            raise exceptions.MethodNotAllowed(request.method)
        return request.auth.may(view.rights[method])


class MemberThrottle(throttling.SimpleRateThrottle):
    scope = "member"

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        return f"throttle:{request.auth.tenant_id}:{request.auth.pk}" if request.auth else None


class Pages(pagination.PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 100


class TenantSerializer(serializers.ModelSerializer[Any]):
    """Links are drawn from the open school; the model's own constraints are checked before the database is asked."""

    def build_relational_field(self, field_name: str, relation_info: Any) -> Any:
        field_class, kwargs = super().build_relational_field(field_name, relation_info)
        if "queryset" in kwargs:
            kwargs["queryset"] = relation_info.related_model.objects
        return field_class, kwargs

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if self.instance is None:
            self.Meta.model(**attrs).validate_constraints()
        return attrs


def answer_error(error: Exception, context: Any) -> Response | None:
    """``{code, message, fields?}`` for every refusal; what was begun is rolled back."""
    request = context["request"]._request
    request.failed = True
    if isinstance(error, Refused):
        return _answer_refused(error)
    if isinstance(error, Http404):
        return _shape(404, "not_found", _("没有找到。"))
    if isinstance(error, PermissionDenied):
        return _shape(403, "forbidden", _("没有这项权限。"))
    if isinstance(error, IntegrityError):
        transaction.set_rollback(True)
        return _shape(409, "conflict", broken_promise(error) or _("与已有的记录冲突，请核对后再试。"))
    if isinstance(error, exceptions.ValidationError):
        return _shape(422, "invalid", _("有几处要改。"), dict(_fields(error.get_full_details())))
    if isinstance(error, exceptions.APIException):
        return _answer_api(error)
    return None


def _answer_refused(error: Refused) -> Response:
    fields = {error.field: [{"code": error.code, "message": error.message}]} if error.field else None
    answer = _shape(error.status, error.code, error.message, fields, error.more)
    if error.wait:
        answer["Retry-After"] = str(error.wait)
    return answer


def _answer_api(error: exceptions.APIException) -> Response:
    code = str(error.get_codes())
    answer = _shape(error.status_code, code, str(error.detail))
    if isinstance(error, exceptions.Throttled) and error.wait:
        answer["Retry-After"] = str(int(error.wait) + 1)
    if getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = error.auth_header
    return answer


def _fields(details: Any) -> Iterator[tuple[str, list[dict[str, str]]]]:
    pairs = details.items() if isinstance(details, dict) else [("non_field_errors", details)]
    for name, errors in pairs:
        listed = errors if isinstance(errors, list) else [errors]
        yield name, [{"code": str(e.get("code", "invalid")), "message": str(e.get("message", e))} for e in listed]


def _shape(status: int, code: str, message: str, fields: Any = None, more: dict[str, Any] | None = None) -> Response:
    return Response({"code": code, "message": message} | ({"fields": fields} if fields else {}) | (more or {}), status=status)
