"""How the API's two ways of signing in are written in its OpenAPI document."""
from typing import Any

from django.urls import get_script_prefix
from drf_spectacular.extensions import OpenApiAuthenticationExtension


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "tenancy.api.MemberSession"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "tenancy.api.MemberToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "mp_<tenant>_<secret>"}


ERROR = {
    "type": "object",
    "description": "每个错误都是这个形状；fields 只在某一项填错时才有。",
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "array", "items": {
            "type": "object", "properties": {"code": {"type": "string"}, "message": {"type": "string"}}, "required": ["code", "message"]}}},
        "alternatives": {"type": "array", "items": {"$ref": "#/components/schemas/SlotOut"},
                         "description": "时段约满时，最近的还有位的时段"},
    },
    "required": ["code", "message"],
}
ALWAYS = {"400": "不是 JSON，或有存不下的字符", "401": "没有登录，或令牌无效", "403": "没有这项权限", "404": "没有找到",
          "422": "有几处要改", "429": "请求太多"}
ON_WRITING = {"409": "与已有的记录或规则冲突", "415": "只收 JSON"}


def tell_errors(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Every operation names the refusals it may answer with, in the one shape of ``tenancy.api.answer_error``."""
    result["components"]["schemas"]["Error"] = ERROR
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for methods in result["paths"].values():
        for method, operation in methods.items():
            told = ALWAYS | (ON_WRITING if method in ("post", "patch", "delete") else {})
            operation["responses"] |= {status: {"description": why, "content": content} for status, why in told.items()}
    return result


def tell_server(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Addresses are tried where the document was read: at the root with a token, under ``/s/{slug}`` with a session."""
    public = [operations for path, operations in result["paths"].items() if path.startswith("/api/v1/public/")]
    for operation in (operation for operations in public for operation in operations.values()):
        operation["servers"] = [{"url": "/"}]  # no school's prefix: the address itself names the school
    return result | {"servers": [{"url": get_script_prefix().rstrip("/") or "/"}]}
