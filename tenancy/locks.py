"""The database lock: what row-level security and composite links look like in a migration.

Each is a constraint of the model, so makemigrations adds and removes it and no table can forget it.
"""
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table

SCOPE = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint"
PERSON = "user_id = nullif(current_setting('app.user_id', true), '')::bigint"


class _Lock(models.BaseConstraint):
    """A constraint that is only SQL: nothing to validate in Python, nothing inside CREATE TABLE.

    Each kind says in ``_create`` and ``_remove`` the SQL that puts it on a table and takes it off.
    """

    _create: Callable[[], str]
    _remove: Callable[[], str]

    def constraint_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        self.create_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """At the end of the migration, when every table and the keys that links point to are there."""
        schema_editor.deferred_sql.append(self._statement(self._create(), model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        return self._statement(self._remove(), model, schema_editor)

    def _statement(self, sql: str, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        name = schema_editor.quote_name(self.name)
        return Statement(sql, table=Table(model._meta.db_table, schema_editor.quote_name), name=name)

    def validate(self, *_: Any, **__: Any) -> None:
        return None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Lock) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__


class TenantPolicy(_Lock):
    """Rows of the open tenant only, for reading and for writing, for the owner too."""

    def _create(self) -> str:
        return ("ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; "
                f"CREATE POLICY %(name)s ON %(table)s USING ({SCOPE}) WITH CHECK ({SCOPE})")

    def _remove(self) -> str:
        return "DROP POLICY %(name)s ON %(table)s"


class PersonPolicy(TenantPolicy):
    """A second way in, for reading: a person's own rows in every school (the school switcher)."""

    def _create(self) -> str:
        return f"CREATE POLICY %(name)s ON %(table)s FOR SELECT USING ({PERSON})"


class PollerPolicy(TenantPolicy):
    """The poller finds across tenants what is due; its column grants say how little it sees."""

    def _create(self) -> str:
        return "CREATE POLICY %(name)s ON %(table)s TO miaopu_poller USING (true)"


class CompositeLink(_Lock):
    """(tenant_id, column) → (tenant_id, id): another school's id and a missing id give the same error."""

    def __init__(self, *, column: str, target: str, name: str) -> None:
        super().__init__(name=name)
        self.column, self.target = column, target

    def _create(self) -> str:
        return (f'ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (tenant_id, "{self.column}") '
                f'REFERENCES "{self.target}" (tenant_id, id) DEFERRABLE INITIALLY IMMEDIATE')

    def _remove(self) -> str:
        return "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s"

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"column": self.column, "target": self.target}
