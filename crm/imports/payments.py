"""收费流水: each line finds its customer by phone or reference; the same file again adds nothing."""
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm.archive import refresh_search
from crm.imports.ledger import BATCH, Known, Ledger, Row, by_batches, taken_refs
from crm.imports.records import PaymentLine
from crm.models import Customer, Family, FeeKind, Payment
from tenancy import bulk


def import_key(customer: str, line: PaymentLine, ordinal: int) -> str:
    """hash(customer, day, item, amount, receipt) plus the ordinal among equal lines of the file."""
    told = f"{customer}|{line.paid_on}|{line.fee_kind}|{line.amount_fen}|{line.receipt}|{ordinal}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


@dataclass(slots=True)
class FreshPayment:
    """A line on its way into the table, as values of COLUMNS."""

    key: str
    values: tuple[Any, ...]


COLUMNS = ("customer", "child", "fee_kind", "paid_on", "amount_fen", "list_fen", "quantity", "method", "receipt", "remark",
           "import_key", "import_run")


def apply(ledger: Ledger, rows: Sequence[Row]) -> None:
    known = Known.by_phones(row.line.phone for row in rows)
    by_ref = _customers_by_ref(ledger, rows)
    kinds = _fee_kinds({row.line.fee_kind for row in rows})
    found = (_payment(ledger, row, known, by_ref, kinds) for row in rows)
    _insert_new(ledger, [fresh for fresh in found if fresh])


def _payment(ledger: Ledger, row: Row, known: Known, by_ref: dict[str, int], kinds: dict[str, int]) -> FreshPayment | None:
    line: PaymentLine = row.line
    customer = by_ref.get(line.external_ref) if line.external_ref else known.customer(line.phone)
    if customer is None:
        missing = "编号" if line.external_ref else "号码"
        ledger.refuse(row, "external_ref" if line.external_ref else "phone", f"档案里没有这个{missing}的家庭，先导入花名册")
        return None
    base = import_key(str(customer), line, 0)
    ledger.ordinals[base] += 1
    ordinal = ledger.ordinals[base]
    if ordinal > 1:
        ledger.remark(row, "doubled", "amount", f"和前面一行完全相同（第 {ordinal} 次），已保留，请核对是否重复")
    child = _child(ledger, row, known) if line.child_name and line.phone else None
    key = import_key(str(customer), line, ordinal)
    return FreshPayment(key, (customer, child, kinds[line.fee_kind], line.paid_on, line.amount_fen, line.list_fen, line.quantity,
                              line.method, line.receipt, line.remark, key, ledger.run.pk))


def _child(ledger: Ledger, row: Row, known: Known) -> int | None:
    """By name within the family; where two match or none does, the family gets the line and it is flagged."""
    matches = known.named(row.line.phone, row.line.child_name)
    if len(matches) == 1:
        return int(matches[0].pk)
    reason = "这家有两个同名的孩子" if matches else f"这家没有叫“{row.line.child_name}”的孩子"
    ledger.remark(row, "remark", "child_name", f"{reason}，已记在家庭名下")
    return None


def _insert_new(ledger: Ledger, fresh: list[FreshPayment]) -> None:
    """Lines whose key is already there came with an earlier import of the same file."""
    for batch in by_batches(fresh):
        keys = [payment.key for payment in batch]
        there = set(Payment.objects.filter(import_key__in=keys).values_list("import_key", flat=True))
        new = bulk.insert(Payment, COLUMNS, (payment.values for payment in batch if payment.key not in there))
        ledger.counts["new"] += new
        ledger.counts["unchanged"] += len(batch) - new


def _fee_kinds(names: set[str]) -> dict[str, int]:
    FeeKind.objects.bulk_create([FeeKind(name=name) for name in names], ignore_conflicts=True)
    return dict(FeeKind.objects.filter(name__in=names).values_list("name", "pk"))


def _customers_by_ref(ledger: Ledger, rows: Sequence[Row]) -> dict[str, int]:
    """Customers named by reference; with ``on_missing: create`` unknown ones are made, each since its first payment."""
    refs: dict[str, PaymentLine] = {}
    for row in rows:
        line = row.line
        if line.external_ref and (line.external_ref not in refs or line.paid_on < refs[line.external_ref].paid_on):
            refs[line.external_ref] = line
    found = dict(Customer.objects.present().filter(external_ref__in=list(refs)).values_list("external_ref", "id"))
    if ledger.on_missing == "create":
        binned = taken_refs(refs)  # a family in the bin keeps its reference: its lines are refused, not given to a twin
        found |= _create(ledger, [line for ref, line in refs.items() if ref not in binned])
    return found


def _create(ledger: Ledger, lines: list[PaymentLine]) -> dict[str, int]:
    customers = [Customer(type=ledger.customer_type, campus=ledger.campus, external_ref=line.external_ref,
                          name=f"{ledger.customer_type.name} {line.external_ref}", since=line.paid_on, import_run=ledger.run)
                 for line in lines]
    Customer.objects.bulk_create(customers, batch_size=BATCH)
    if ledger.customer_type.half == "family":
        Family.objects.bulk_create([Family(customer=customer) for customer in customers], batch_size=BATCH)
    refresh_search(customers)
    ledger.counts["families"] += len(customers)
    return {customer.external_ref: customer.pk for customer in customers}
