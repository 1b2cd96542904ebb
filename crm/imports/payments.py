"""收费流水: each line finds its customer by phone or reference; the same file again adds nothing."""
import hashlib
from collections import Counter
from collections.abc import Sequence

from crm.archive import refresh_search
from crm.imports.ledger import BATCH, Known, Ledger, Row, by_batches
from crm.imports.records import PaymentLine
from crm.models import Customer, Family, FeeKind, Payment


def import_key(customer: str, line: PaymentLine, ordinal: int) -> str:
    """hash(customer, day, item, amount, receipt) plus the ordinal among equal lines of the file."""
    told = f"{customer}|{line.paid_on}|{line.fee_kind}|{line.amount_fen}|{line.receipt}|{ordinal}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def apply(ledger: Ledger, rows: Sequence[Row]) -> None:
    known = Known.by_phones(row.line.phone for row in rows)
    by_ref = _customers_by_ref(ledger, rows)
    kinds = _fee_kinds({row.line.fee_kind for row in rows})
    ordinals: Counter[str] = Counter()
    fresh: list[tuple[Row, Payment]] = []
    for row in rows:
        payment = _payment(ledger, row, known, by_ref, kinds, ordinals)
        if payment:
            fresh.append((row, payment))
    _insert_new(ledger, fresh)


def _payment(ledger: Ledger, row: Row, known: Known, by_ref: dict[str, int], kinds: dict[str, FeeKind],
             ordinals: Counter[str]) -> Payment | None:
    line: PaymentLine = row.line
    customer = by_ref.get(line.external_ref) if line.external_ref else known.customer(line.phone)
    if customer is None:
        missing = "编号" if line.external_ref else "号码"
        ledger.refuse(row, "external_ref" if line.external_ref else "phone", f"档案里没有这个{missing}的家庭，先导入花名册")
        return None
    base = import_key(str(customer), line, 0)
    ordinals[base] += 1
    if ordinals[base] > 1:
        ledger.remark(row, "doubled", "amount", f"和前面一行完全相同（第 {ordinals[base]} 次），已保留，请核对是否重复")
    child_id = _child(ledger, row, known) if line.child_name and line.phone else None
    return Payment(customer_id=customer, child_id=child_id, fee_kind=kinds[line.fee_kind], paid_on=line.paid_on,
                   amount_fen=line.amount_fen, list_fen=line.list_fen, quantity=line.quantity, method=line.method,
                   receipt=line.receipt, remark=line.remark, import_run=ledger.run,
                   import_key=import_key(str(customer), line, ordinals[base]))


def _child(ledger: Ledger, row: Row, known: Known) -> int | None:
    """By name within the family; where two match or none does, the family gets the line and it is flagged."""
    matches = known.named(row.line.phone, row.line.child_name)
    if len(matches) == 1:
        return int(matches[0].pk)
    reason = "这家有两个同名的孩子" if matches else f"这家没有叫“{row.line.child_name}”的孩子"
    ledger.remark(row, "remark", "child_name", f"{reason}，已记在家庭名下")
    return None


def _insert_new(ledger: Ledger, fresh: list[tuple[Row, Payment]]) -> None:
    """Lines whose key is already there came with an earlier import of the same file."""
    for number, batch in enumerate(by_batches(fresh)):
        keys = [payment.import_key for _, payment in batch]
        there = set(Payment.objects.filter(import_key__in=keys).values_list("import_key", flat=True))
        new = [payment for _, payment in batch if payment.import_key not in there]
        Payment.objects.bulk_create(new, batch_size=BATCH)
        ledger.counts["new"] += len(new)
        ledger.counts["unchanged"] += len(batch) - len(new)
        ledger.tick((number + 1) * BATCH)


def _fee_kinds(names: set[str]) -> dict[str, FeeKind]:
    FeeKind.objects.bulk_create([FeeKind(name=name) for name in names], ignore_conflicts=True)
    return {kind.name: kind for kind in FeeKind.objects.filter(name__in=names)}


def _customers_by_ref(ledger: Ledger, rows: Sequence[Row]) -> dict[str, int]:
    """Customers named by reference; with ``on_missing: create`` unknown ones are made, each since its first payment."""
    refs: dict[str, PaymentLine] = {}
    for row in rows:
        line = row.line
        if line.external_ref and (line.external_ref not in refs or line.paid_on < refs[line.external_ref].paid_on):
            refs[line.external_ref] = line
    found = dict(Customer.objects.present().filter(external_ref__in=list(refs)).values_list("external_ref", "id"))
    if ledger.on_missing == "create":
        found |= _create(ledger, [line for ref, line in refs.items() if ref not in found])
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


