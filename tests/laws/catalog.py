"""Questions to the database's own catalog, and a walk over the URL conf."""
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver

from tenancy.base import TenantModel

TENANT_MODELS = [m for m in apps.get_models() if issubclass(m, TenantModel)]

LINT = """
WITH tables AS (
  SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
    AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped))
SELECT relname || ': no policy' FROM tables t
  WHERE NOT relrowsecurity OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid)
UNION ALL SELECT relname || ': not forced' FROM tables WHERE relrowsecurity AND NOT relforcerowsecurity
UNION ALL SELECT relname || ': tenant_id may be null' FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid
  WHERE a.attname = 'tenant_id' AND NOT a.attnotnull AND relrowsecurity
UNION ALL SELECT t.relname || ': single-column link ' || k.conname FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid
  WHERE k.contype = 'f' AND array_length(k.conkey, 1) = 1 AND k.confrelid IN (SELECT oid FROM tables)
UNION ALL SELECT t.relname || ': unique without tenant ' || k.conname FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid
  WHERE k.contype = 'u' AND NOT EXISTS (SELECT FROM pg_attribute a
    WHERE a.attrelid = t.oid AND a.attname = 'tenant_id' AND a.attnum = k.conkey[1])
UNION ALL SELECT c.relname || ': not security_invoker' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm') AND NOT coalesce(c.reloptions::text LIKE '%%security_invoker=true%%', false)
"""


def links() -> list[tuple[Any, Any]]:
    """(model, field) of every composite link in the registry."""
    return [(m, f) for m in TENANT_MODELS for f in m._meta.local_fields
            if f.remote_field and issubclass(f.remote_field.model, TenantModel)]


def tenant_tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'")
    return [row[0] for row in cursor.fetchall()]


def lint(cursor: Any) -> list[str]:
    """What the catalog says is wrong with any tenant table; empty when nothing is."""
    cursor.execute(LINT.replace("%%", "%"))
    return [row[0] for row in cursor.fetchall()] + _links_missing(cursor)


def _links_missing(cursor: Any) -> list[str]:
    """Every column that points to a tenant table by the models must have its composite link."""
    cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f'")
    there = {row[0] for row in cursor.fetchall()}
    return [f"{m._meta.db_table}.{f.column}: no composite link" for m, f in links()
            if f"{m._meta.db_table}_{f.column}_link" not in there]


def walk(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """(qualified name, route) of every address below a resolver."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            if entry.name:
                yield f"{space}{entry.name}", route
        else:
            name = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from walk(entry, route, name)
