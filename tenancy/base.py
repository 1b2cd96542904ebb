"""TenantModel: a row that belongs to one school, with both locks on by construction."""
from collections.abc import Iterable
from functools import cache
from typing import Any, Self

from django.db import connection, models
from django.db.models.signals import class_prepared

from tenancy.fields import TenantForeignKey, TenantOneToOneField
from tenancy.locks import CompositeLink, TenantPolicy
from tenancy.scope import CurrentTenant, current_tenant_id


class TenantQuerySet(models.QuerySet[Any]):
    def draw_ids(self, count: int) -> list[int]:
        """Ids taken from the table's sequence ahead of the insert (sealed values are bound to them)."""
        table = self.model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
            return [row[0] for row in cursor.fetchall()]

    def in_campuses(self, campus_ids: Iterable[int] | None) -> Self:
        """Only rows of these campuses; None means a member who sees them all."""
        return self if campus_ids is None else self.filter(campus_id__in=list(campus_ids))


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """Every read is of the open tenant; without one it raises NoTenant before SQL is sent."""

    use_in_migrations = False

    def get_queryset(self) -> TenantQuerySet:
        rows = _of_the_tenant(self.model, self._queryset_class)._chain()
        rows._db, rows._hints = self._db, self._hints
        return rows


@cache
def _of_the_tenant(model: type[models.Model], kind: type[TenantQuerySet]) -> Any:
    """What every read of a table begins with, built once: which tenant it is of is asked when the SQL is compiled."""
    return kind(model).filter(tenant_id=CurrentTenant())


class TenantModel(models.Model):
    """A row of one tenant. Policy, (tenant, id) key and composite links are added to every subclass."""

    linked = True  # whether other rows may point here: a leaf of a large table spares the (tenant, id) key that links need

    tenant = models.ForeignKey("tenancy.Tenant", models.PROTECT, default=current_tenant_id, editable=False,
                               related_name="+", db_index=False, verbose_name="租户")

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


def lock(sender: Any, **_: Any) -> None:
    """Put the locks on a model as soon as it is defined; models of past migrations carry them already."""
    meta = sender._meta
    if meta.abstract or meta.proxy or sender.__module__ == "__fake__" or not _is_tenant_row(sender):
        return
    table = meta.db_table
    if not issubclass(sender, TenantModel):  # a history table: its rows outlive what they point to, so no links
        meta.constraints = [*meta.constraints, TenantPolicy(name=f"{table}_tenant")]
        meta.original_attrs["constraints"] = meta.constraints
        return
    wanted: list[models.BaseConstraint] = [TenantPolicy(name=f"{table}_tenant")]
    if sender.linked:
        wanted.append(models.UniqueConstraint(fields=["tenant", "id"], name=f"{table}_tenant_id"))
    links = [f for f in meta.local_fields if isinstance(f, TenantForeignKey | TenantOneToOneField)]
    wanted += [_link(table, field) for field in links]
    wanted += [models.UniqueConstraint(fields=["tenant", f.name], name=f"{table}_{f.column}_one")
               for f in links if isinstance(f, TenantOneToOneField)]
    _trust_links(meta.get_field("tenant"), links)
    known = {constraint.name for constraint in meta.constraints}
    meta.constraints = [*meta.constraints, *(c for c in wanted if c.name not in known)]
    meta.original_attrs["constraints"] = meta.constraints
    _index_links(sender, [f for f in links if isinstance(f, TenantForeignKey)])


def _is_tenant_row(model: Any) -> bool:
    return any(f.name == "tenant" and f.remote_field for f in model._meta.local_fields)


def _trust_links(tenant: Any, links: list[Any]) -> None:
    """A link that must be there leads to a row of the same tenant, so the tenant itself is checked at the chain's root only.

    One foreign key check less for each row of the large tables; who the tenant is stays proven by the link.
    """
    if any(not link.null for link in links):
        tenant.db_constraint = False


def _link(table: str, field: Any) -> CompositeLink:
    target = field.remote_field.model
    name = table if target == "self" else target if isinstance(target, str) else target._meta.db_table
    return CompositeLink(column=field.column, target=name.lower().replace(".", "_"), name=f"{table}_{field.column}_link")


def _index_links(model: Any, links: list[TenantForeignKey]) -> None:
    """A (tenant, link) index for every link that no other index or unique key begins with."""
    meta = model._meta
    begun = [tuple(index.fields[:2]) for index in meta.indexes]
    begun += [tuple(c.fields[:2]) for c in meta.constraints if isinstance(c, models.UniqueConstraint)]
    if isinstance(meta.pk, models.CompositePrimaryKey):
        begun.append(tuple(name.removesuffix("_id") for name in meta.pk.field_names[:2]))
    for field in links:
        if ("tenant", field.name) not in begun:
            index = models.Index(fields=["tenant", field.name])
            index.set_name_with_model(model)
            meta.indexes.append(index)
    meta.original_attrs["indexes"] = meta.indexes


class_prepared.connect(lock, dispatch_uid="tenancy.lock")
