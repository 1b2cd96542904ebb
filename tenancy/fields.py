"""Links between rows of one tenant, and text that only its tenant's key opens."""
from typing import Any

from django.db import models

from tenancy.scope import current_tenant_id
from tenancy.sealing import seal, seal_bytes, unseal, unseal_bytes


class TenantForeignKey(models.ForeignKey):
    """A foreign key whose database constraint is the composite link that tenancy.base adds."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        super().__init__(to, on_delete, **(kwargs | {"db_constraint": False, "db_index": False}))


class TenantOneToOneField(models.OneToOneField):
    """One-to-one inside a tenant; unique on (tenant, column), so a foreign id cannot be told from a missing one."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        super().__init__(to, on_delete, **(kwargs | {"db_constraint": False, "db_index": False}))
        self._unique = False


class Sealed:
    """A readable attribute over an encrypted column: ``phone = Sealed("phone_sealed")``.

    The row's id is part of what is authenticated, so it is drawn before the first write.
    """

    opens: Any = staticmethod(unseal)
    shuts: Any = staticmethod(seal)
    nothing: Any = ""

    def __init__(self, column: str) -> None:
        self.column = column

    def __get__(self, row: Any, owner: Any = None) -> Any:
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return self.opens(sealed, self._place(row)) if sealed else self.nothing

    def __set__(self, row: Any, said: Any) -> None:
        if row.pk is None and said:
            row.pk = type(row).objects.draw_ids(1)[0]
        setattr(row, self.column, self.shuts(said, self._place(row)) if said else None)

    def sealed(self, model: Any, pk: int, said: Any) -> bytes | None:
        """What the column of a row with this id holds, for rows that are inserted in bulk."""
        return self.shuts(said, f"{model._meta.db_table}.{self.column}|{current_tenant_id()}|{pk}") if said else None

    def _place(self, row: Any) -> str:
        return f"{row._meta.db_table}.{self.column}|{row.tenant_id}|{row.pk}"


class SealedBytes(Sealed):
    """The same over the content of a file."""

    opens = staticmethod(unseal_bytes)
    shuts = staticmethod(seal_bytes)
    nothing = b""
