"""退费规则 that a school goes by: the pack it has chosen, its own clauses, or the only shipped one of its trade (SPEC B23)."""
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from churn.models import RefundRules
from churn.refunds.rules import METHODS, Pack
from churn.refunds.shipped import pack_from, packs, packs_for
from crm.models import FeeKind
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused

OWN = "own"
FIGURELESS = ("lessons", "days", "none")  # methods that a school's own clauses may choose: they need no table of figures


@dataclass(frozen=True)
class InForce:
    """The pack that holds, and the row that chose it; none where the school goes by the only shipped one of its trade."""

    pack: Pack
    row: RefundRules | None = None


def in_force(kind: str) -> InForce | None:
    """What holds for a school of this trade; None where it has several to choose from, or none, and has not chosen yet."""
    row = RefundRules.objects.first()
    if row is not None:
        return InForce(pack_of(row, kind), row)
    shipped = packs_for(kind)
    return InForce(shipped[0]) if len(shipped) == 1 else None


def pack_of(row: RefundRules, kind: str) -> Pack:
    if row.pack in packs():
        return packs()[row.pack]
    return pack_from({"code": OWN, "name": _("本校的退费规则"), "kinds": [kind], "basis": row.basis, "rules": row.own})


@transaction.atomic
def choose(code: str, own: dict[str, dict[str, Any]], basis: str, *, kind: str, by: Membership, at: datetime) -> RefundRules:
    """Holds for what is counted from now on; applications that were counted keep the clauses they were counted by."""
    must(by, "churn.rules")
    if code != OWN and code not in {pack.code for pack in packs_for(kind)}:
        raise Refused(_("请选一套退费规则。"), "pack")
    if code == OWN and not basis.strip():
        raise Refused(_("请写依据：合同哪一条，或哪份文件。"), "basis")
    kept = {group: _sound(group, rule) for group, rule in own.items()} if code == OWN else {}
    row: RefundRules = RefundRules.objects.create(pack="" if code == OWN else code, own=kept, basis=basis.strip()[:200], at=at, by=by)
    record(by, "churn.refund_rules_kept", row, pack=code)
    return row


def _sound(group: str, rule: dict[str, Any]) -> dict[str, Any]:
    """One clause of the school's own. Raises Refused at the field that lacks something."""
    if group not in FeeKind.Group.values or rule["method"] not in FIGURELESS or rule["method"] not in METHODS:
        raise Refused(_("请选这类费用怎么退。"), f"method_{group}")
    if not rule["clause"].strip():
        raise Refused(_("请写条款，家长会看到。"), f"clause_{group}")
    return {"method": rule["method"], "clause": rule["clause"].strip()[:200]}
