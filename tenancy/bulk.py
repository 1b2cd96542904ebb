"""Many rows at once under row-level security: COPY into a temporary table, then one INSERT … SELECT (DESIGN §3).

COPY into a tenant table is refused there, and building a million model objects is what makes a bulk insert slow.
"""
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models

from tenancy.scope import current_tenant_id

CHUNK = 5000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": ""})


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows given as values of ``columns`` (field names); every other field gets its default. Returns how many.

    Values are what the columns hold: ids for links, sealed bytes, dates. Nothing is validated here but by the database.
    """
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    fixed = [f for f in model._meta.local_fields if f not in fields and f.name not in ("tenant", "id") and f.column]
    stage = f"stage_{model._meta.db_table}"
    names = ", ".join(f'"{f.column}"' for f in fields)
    count = 0
    with connection.cursor() as cursor:
        typed = ", ".join(f'"{f.column}" {f.db_type(connection)}' for f in fields)
        cursor.execute(f'CREATE TEMP TABLE "{stage}" ({typed}) ON COMMIT DROP')
        for chunk in _chunks(rows):
            cursor.copy_expert(f'COPY "{stage}" FROM STDIN', io.StringIO("".join(_line(row) for row in chunk)))
            count += len(chunk)
        filled = "".join(f', "{f.column}"' for f in fixed)
        cursor.execute(f'INSERT INTO "{model._meta.db_table}" (tenant_id, {names}{filled}) '
                       f'SELECT %s, {names}{", %s" * len(fixed)} FROM "{stage}"',
                       [current_tenant_id(), *(f.get_db_prep_save(f.get_default(), connection) for f in fixed)])
        cursor.execute(f'DROP TABLE "{stage}"')
    return count


def _line(row: Sequence[Any]) -> str:
    return "\t".join([_text(value) for value in row]) + "\n"


def _bytes(value: bytes) -> str:
    return f"\\\\x{value.hex()}"


def _string(value: str) -> str:
    return value if value.isalnum() else value.translate(_ESCAPES)


# by exact type, since this is asked for every cell; anything else is written as Python writes it
_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _string, int: str, bytes: _bytes, type(None): lambda _: "\\N", date: date.isoformat, datetime: datetime.isoformat}


def _text(value: Any) -> str:
    return _WRITERS.get(type(value), str)(value)


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterable[list[Sequence[Any]]]:
    chunk: list[Sequence[Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
