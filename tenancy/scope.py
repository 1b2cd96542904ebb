"""A scope is one transaction in one tenant; outside of it no tenant row can be read or written."""
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from django.db import connection, models, transaction
from django.utils import timezone

if TYPE_CHECKING:
    from tenancy.models import Tenant

_current: ContextVar["Tenant | None"] = ContextVar("tenant", default=None)


class NoTenant(RuntimeError):
    """A tenant row was asked for outside of tenant_scope(): a bug, never a user's mistake."""


class NestedScope(RuntimeError):
    """A scope was opened inside another; one transaction belongs to one tenant."""


def current_tenant() -> "Tenant":
    tenant = _current.get()
    if tenant is None:
        raise NoTenant("这里没有打开租户：先用 tenant_scope(tenant)")
    return tenant


def current_tenant_id() -> int:
    return current_tenant().pk


def in_scope() -> bool:
    return _current.get() is not None


@contextmanager
def tenant_scope(tenant: "Tenant") -> Iterator["Tenant"]:
    """Open one transaction in one tenant (DESIGN §3), with its time zone as the current one. Refuses to nest; commits on a clean exit.

    The setting ends with the transaction. Inside another one, as in tests, it is put back by hand, since a released
    savepoint would keep it.
    """
    if in_scope():
        raise NestedScope(f"已经在 {current_tenant().slug} 里，不能再打开 {tenant.slug}")
    with transaction.atomic(durable=True):
        _set("app.tenant_id", str(tenant.pk))
        token = _current.set(tenant)
        try:
            with timezone.override(tenant.time_zone):
                yield tenant
        finally:
            _current.reset(token)
            if len(connection.atomic_blocks) > 1 and not connection.needs_rollback:
                _set("app.tenant_id", "")


@contextmanager
def built_for(tenant_id: int) -> Iterator[None]:
    """Statements built inside name this tenant; nothing can be read or written by that (see tenancy.prepared)."""
    token = _current.set(cast("Tenant", SimpleNamespace(pk=tenant_id)))
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def person_scope(user_id: int) -> Iterator[None]:
    """One transaction in which a person sees their own memberships in every school, and nothing else."""
    with transaction.atomic():
        _set("app.user_id", str(user_id))
        yield
        _set("app.user_id", "")


def _set(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


class CurrentTenant(models.Expression):
    """The open tenant's id, read when SQL is compiled: every ORM verb without a scope raises NoTenant."""

    output_field: Any = models.BigIntegerField()

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[int]]:
        return "%s", [current_tenant_id()]
