"""A school made once and put back as it was: what ``create_tenant`` wrote, row by row, in one statement instead of threescore.

Half of a test's time went into opening its school. The first test of a worker that wants one of a kind opens it as everybody
does; the rows it brought are noted down, and every later test gets those rows again, with their own ids and with their times
moved to now. Dates stand as they were written, so a school is kept for one day only. Ids never come again (see
``tests.conftest._emptied``), so the rows find their places free.
"""
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from tenancy.models import Tenant
from tenancy.scope import tenant_scope

INTO = re.compile(r'INSERT INTO "(\w+)"')
_kept: dict[tuple, "Kept"] = {}


class Kept:
    """The rows of one school in the order in which its tables were first written to."""

    def __init__(self, tenant: Tenant, tables: list[str], at: datetime) -> None:
        self.pk, self.at = tenant.pk, at
        with connection.cursor() as cursor:
            self.own = written(cursor, "tenancy_tenant", "id", tenant.pk)
        with tenant_scope(tenant), connection.cursor() as cursor:
            self.below = "; ".join(filter(None, (written(cursor, table, "tenant_id", tenant.pk) for table in tables)))

    def again(self) -> Tenant:
        moved = f"interval '{(timezone.now() - self.at).total_seconds():.6f} s'"
        with connection.cursor() as cursor:
            cursor.execute(self.own.replace(MOVED, moved))
        tenant = Tenant.objects.get(pk=self.pk)
        with tenant_scope(tenant), connection.cursor() as cursor:
            cursor.execute(self.below.replace(MOVED, moved))
        return tenant


MOVED = "interval '0.000001 s'"  # the place of what all times are moved by


def written(cursor: Any, table: str, by: str, pk: int) -> str:
    """The statement that writes a tenant's rows of one table again; empty for a table in which it has none."""
    cursor.execute("SELECT quote_ident(attname), format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = %s::regclass "
                   "AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum", [table])
    columns = cursor.fetchall()
    cursor.execute(f"SELECT jsonb_agg(to_jsonb(row) ORDER BY row.ctid)::text FROM {table} row WHERE {by} = %s", [pk])
    (rows,) = cursor.fetchone()
    if not rows:
        return ""
    values = ", ".join(f"{name} + {MOVED}" if kind.startswith("timestamp with") else name for name, kind in columns)
    literal = cursor.mogrify("%s", [rows]).decode()
    return (f"INSERT INTO {table} ({', '.join(name for name, _ in columns)}) "
            f"SELECT {values} FROM jsonb_populate_recordset(NULL::{table}, {literal})")


def keep(key: tuple, make: Callable[[], Tenant]) -> Tenant:
    """The school of this key as it was made today, else made now and noted down."""
    at = timezone.now()
    key = (*key, timezone.localdate(at))
    if key in _kept:
        return _kept[key].again()
    tables: dict[str, None] = {}

    def note(execute, sql, params, many, context):
        tables.update(dict.fromkeys(INTO.findall(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        tenant = make()
    _kept[key] = Kept(tenant, [table for table in tables if table != "tenancy_tenant"], at)
    return tenant
