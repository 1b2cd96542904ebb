"""The database keeps the promise, Python only words it: a violated constraint by name, in the model's own words."""
from functools import cache

from django.apps import apps
from django.db import IntegrityError, models
from django.utils.translation import gettext_lazy as _

GENERAL = {"23505": _("已经有一条相同的记录。"), "23503": _("所选的内容不存在了，请刷新再选。"), "23514": _("填写的内容不合规则，请核对。"),
           "23P01": _("和已有的安排冲突了。")}


@cache
def _constraints() -> dict[str, object]:
    return {c.name: c for model in apps.get_models() for c in model._meta.constraints}


def broken_promise(error: IntegrityError) -> str | None:
    """What to tell a person about a violated constraint; None for an error that is no constraint's."""
    cause = error.__cause__
    code, name = getattr(cause, "pgcode", None), getattr(getattr(cause, "diag", None), "constraint_name", None)
    if code not in GENERAL:
        return None
    constraint = _constraints().get(name or "")
    said = getattr(constraint, "violation_error_message", None)
    is_djangos_own = said is models.BaseConstraint.default_violation_error_message  # names the constraint, which tells nobody anything
    return str(GENERAL[code] if said is None or is_djangos_own else said)
