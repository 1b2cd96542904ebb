"""What one run knows while it writes: where rows go, what was counted, which rows need a person."""
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm.models import Child, Customer, CustomerType, Guardian, ImportChange, ImportRun
from tenancy.models import Campus
from tenancy.sealing import blind_index

BATCH = 2000


@dataclass(slots=True)
class Issue:
    """A row that needs a person, with its cells as they came."""

    number: int
    verdict: str  # refused | doubled | remark | duplicate
    field: str
    reason: str
    cells: list[Any]


@dataclass(slots=True)
class Row:
    """A readable row: its number in the sheet, its record, and the cells it came from."""

    number: int
    line: Any
    cells: list[Any]


@dataclass
class Ledger:
    run: ImportRun
    campus: Campus
    customer_type: CustomerType
    today: date
    on_missing: str = "refuse"
    counts: Counter[str] = field(default_factory=Counter)
    issues: list[Issue] = field(default_factory=list)
    new_classes: list[str] = field(default_factory=list)
    changes: list[ImportChange] = field(default_factory=list)
    ordinals: Counter[str] = field(default_factory=Counter)  # how often an equal payment line came in this file

    def refuse(self, row: Row, field_name: str, reason: str) -> None:
        self._note(row, "refused", field_name, reason)

    def remark(self, row: Row, verdict: str, field_name: str, reason: str) -> None:
        self._note(row, verdict, field_name, reason)

    def _note(self, row: Row, verdict: str, field_name: str, reason: str) -> None:
        self.counts[verdict] += 1
        self.issues.append(Issue(row.number, verdict, field_name, reason, row.cells))

    def update(self, obj: Any, **changed: Any) -> None:
        """Change an existing row and remember what was there, so that undo can put it back."""
        before = {name: _plain(getattr(obj, name)) for name in changed}
        self.changes.append(ImportChange(run=self.run, model=obj._meta.label_lower, object_id=obj.pk, before=before))
        for name, value in changed.items():
            setattr(obj, name, value)
        obj.save(update_fields=list(changed))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def by_batches(items: list[Any], size: int = BATCH) -> Iterable[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start:start + size]


def taken_refs(references: Iterable[str]) -> dict[str, int]:
    """Which of a file's own references the archive has already given to somebody, be they in the bin, and to whom."""
    wanted = {reference for reference in references if reference}
    return dict(Customer.objects.filter(external_ref__in=wanted).values_list("external_ref", "pk"))


@dataclass
class Known:
    """The families of the archive that a file's phones lead to, with their children, read once."""

    family_of: dict[str, int]
    customer_of: dict[int, int]
    children: dict[int, list[Child]]

    @classmethod
    def by_phones(cls, phones: Iterable[str]) -> "Known":
        index_of = {phone: blind_index(phone) for phone in set(phones) if phone}
        found: dict[str, int] = {}
        customer_of: dict[int, int] = {}
        rows = Guardian.objects.filter(phone_index__in=list(index_of.values()), family__customer__deleted_at=None)
        for index, family, customer in rows.order_by("id").values_list("phone_index", "family_id", "family__customer_id"):
            found.setdefault(index, family)
            customer_of[family] = customer
        children: dict[int, list[Child]] = {family: [] for family in customer_of}
        for child in Child.objects.filter(family_id__in=list(customer_of)):
            children[child.family_id].append(child)
        return cls({phone: found[index] for phone, index in index_of.items() if index in found}, customer_of, children)

    def customer(self, phone: str) -> int | None:
        return self.customer_of.get(self.family_of.get(phone, 0))

    def named(self, phone: str, name: str) -> list[Child]:
        return [child for child in self.children.get(self.family_of.get(phone, 0), []) if child.name == name]
