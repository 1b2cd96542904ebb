"""Statements of the hot paths, built once and sent with other values each time (QUALITY E-4).

To build a statement costs the ORM several times what the database takes to carry it out. Here the ORM builds it the first time,
so that each rule is still said once, in the queryset that everybody else asks too.
"""
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models

from tenancy.scope import built_for, current_tenant_id

Row = TypeVar("Row", bound=models.Model)
TENANT = "tenant"
BLANKS: dict[type, Callable[[int], Any]] = {  # values that nobody asks with: each keeps the place of one that comes later
    int: lambda number: 2**62 + number,
    str: lambda number: f"\ue000{number}",
    datetime: lambda number: datetime(9998, 12, 31, 23, 59, 59, number, UTC),
}


class Unfit(TypeError):
    """A query that does not pass each of its values on as it came: it cannot be prepared."""


class Prepared(Generic[Row]):
    """A query for rows of one model, made from values that are named with their types: ``Prepared(build, pk=int, at=datetime)``.

    Rows of other models do not come along (``select_related``): what is needed of them is annotated.
    """

    def __init__(self, build: Callable[..., Any], **types: type) -> None:
        self._build = build
        self._blanks = {name: BLANKS[kind](number) for number, (name, kind) in enumerate(types.items(), start=1)}

    def first(self, **values: Any) -> Row | None:
        """The first row, or None. Raises NoTenant without a scope, as the query itself would."""
        model, sql, asked = self._written
        if TENANT in dict(asked):
            values[TENANT] = current_tenant_id()
        found: models.query.RawQuerySet[Row] = models.QuerySet(model).raw(sql, [values[name] if name else fixed for name, fixed in asked])
        return next(iter(found), None)

    @cached_property
    def _written(self) -> tuple[type[Row], str, list[tuple[str, Any]]]:
        """Model, statement, and for each of its places the name of the value that goes there, else what always stands there."""
        tenant = BLANKS[int](0)
        with built_for(tenant):
            rows = self._build(**self._blanks)[:1]
            sql, places = rows.query.sql_with_params()
        names = {blank: name for name, blank in [*self._blanks.items(), (TENANT, tenant)]}
        asked = [(names.get(value, ""), value) for value in places]
        if lost := self._blanks.keys() - {name for name, _value in asked}:
            raise Unfit(", ".join(sorted(lost)))
        return rows.model, sql, asked


def insert(row: models.Model) -> None:
    """Like ``row.save(force_insert=True)``, without its signals: every field is written as it is, and the id comes back."""
    sql, fields = _insertion(type(row), row.pk is not None)
    with connection.cursor() as cursor:
        cursor.execute(sql, [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields])
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


@cache
def _insertion(model: type[models.Model], with_id: bool) -> tuple[str, list[Any]]:
    """What the database fills in itself is left to it: the id unless it was drawn ahead, and fields with a default of its own."""
    meta: Any = model._meta
    quoted = connection.ops.quote_name
    fields = [field for field in meta.local_concrete_fields if not field.has_db_default() and (with_id or not field.primary_key)]
    columns, places = ", ".join(quoted(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES ({places}) RETURNING {quoted(meta.pk.column)}", fields
