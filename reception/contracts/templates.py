"""合同模板的审批 (R25): written by one, approved by another; what is in force never changes under a signed contract."""
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.actions import record
from reception.contracts.clauses import faults
from reception.models import ContractTemplate
from tenancy.access import second_pair_of_eyes
from tenancy.models import Membership
from tenancy.refusals import Refused, spoken

State = ContractTemplate.State
TEXTS = ("body", "fees", "commitments")


@transaction.atomic
def write(name: str, texts: dict[str, str], *, by: Membership) -> ContractTemplate:
    """Write on the draft of a template; where there is none, a new version is begun."""
    row = ContractTemplate.objects.select_for_update().filter(name=name.strip(), state__in=[State.DRAFT, State.PENDING]).first()
    if row is not None and row.state == State.PENDING:
        raise Refused(_("这一版在等批准，要改先请批准的人退回。"), code="changed")
    if row is None:
        last = ContractTemplate.objects.filter(name=name.strip()).aggregate(last=Max("number"))["last"] or 0
        row = ContractTemplate(name=name.strip(), number=last + 1)
    for text in TEXTS:
        setattr(row, text, texts.get(text, "").replace("\r\n", "\n").strip())
    row.remark = ""
    row.save()
    record(by, "reception.template_written", row)
    return row


@transaction.atomic
def submit(row: ContractTemplate, *, by: Membership) -> None:
    """Ask for approval; what is missing or unknown is named first."""
    found = faults(row.body, row.fees, row.commitments)
    if found:
        raise Refused(" ".join(spoken(said) for said in found[:5]), "body")
    _turn(row, State.DRAFT, State.PENDING, proposed_by=by)
    record(by, "reception.template_submitted", row)


@transaction.atomic
def approve(row: ContractTemplate, *, by: Membership, at: datetime) -> None:
    """Another person lets it be used; the version before it is retired."""
    second_pair_of_eyes(by, row.proposed_by)
    ContractTemplate.objects.filter(name=row.name, state=State.APPROVED).update(state=State.RETIRED)
    _turn(row, State.PENDING, State.APPROVED, approved_by=by, approved_at=at)
    record(by, "reception.template_approved", row)


@transaction.atomic
def send_back(row: ContractTemplate, remark: str, *, by: Membership) -> None:
    if not remark.strip():
        raise Refused(_("请写退回的原因。"), "remark")
    _turn(row, State.PENDING, State.DRAFT, remark=remark.strip()[:200])
    record(by, "reception.template_sent_back", row)


@transaction.atomic
def retire(row: ContractTemplate, *, by: Membership) -> None:
    """No new contract is drawn up from it; signed ones stay as they are."""
    _turn(row, State.APPROVED, State.RETIRED)
    record(by, "reception.template_retired", row)


def _turn(row: ContractTemplate, before: str, after: str, **changes: object) -> None:
    """Only one turns it."""
    if not ContractTemplate.objects.filter(pk=row.pk, state=before).update(state=after, **changes):
        raise Refused(_("同事刚处理过这一版，请刷新再看。"), code="changed")
    row.refresh_from_db()
