"""Facts gathered as a set in SQL, in the order of tiering.rules.FACTS; nothing is judged here."""
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from tenancy.plans import whole_sets
from tenancy.scope import current_tenant_id
from tiering.rules import CONVERTED, REFERRED, VISITED, Facts, Scheme

SQL = (Path(__file__).parent / "sql" / "facts.sql").read_text()
WINDOWED = ("spend", "frequency", "influence", "activities", "contacts", "intent")
CHUNK = 2000


class Known(NamedTuple):
    """What is known of one customer on the day."""

    customer: int
    campus: int
    facts: Facts


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def parameters(scheme: Scheme, type_id: int, as_of: date, only: Sequence[int] | None) -> dict[str, Any]:
    windows = {i.code: i.window for i in scheme.indicators}
    after = {f"{name}_after": months_before(as_of, windows[name]) if windows.get(name) else None for name in WINDOWED}
    return {"tenant": current_tenant_id(), "type": type_id, "as_of": as_of, "stage": scheme.stage,
            "list_price": scheme.list_price, "transfer_days": scheme.transfer_days, "halve_after": scheme.halve_after,
            "referred": REFERRED, "visited": VISITED, "converted": CONVERTED,
            "only": list(only) if only is not None else None} | after


def gather(scheme: Scheme, type_id: int, as_of: date, only: Sequence[int] | None = None) -> Iterator[Known]:
    """Stream the facts of every customer the scheme is for, by id; memory does not grow with their number.

    Right after an import PostgreSQL takes a thousand families for one, and would sum up all payments again for each of
    them: so everybody is a whole set, a few are left to the planner. A plan is made once, when the statement starts.
    """
    connection.ensure_connection()
    with connection.connection.cursor(name="tiering_facts") as cursor:
        cursor.itersize = CHUNK
        with nullcontext() if only is not None else whole_sets():
            cursor.execute(SQL, parameters(scheme, type_id, as_of, only))
        for row in cursor:
            yield Known(row[0], row[1], row[2:])
