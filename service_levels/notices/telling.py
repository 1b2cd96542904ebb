"""What is done with 变化通知: what came is written to families after somebody approves, what went is told by a person (X6).

No message goes out by itself, and none names a tier: neither the services, nor the opening of a plan, nor the school's own words.
"""
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.opening import quiet_hours, zone
from crm.queries import addressee
from notifications import parents, wording
from notifications.actions import consumer, later
from notifications.parents import About, Recipient
from service_levels.access import PUBLISH, notices
from service_levels.models import ServiceNotice
from service_levels.plans.discreet import names_a_label
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused
from tenancy.scope import current_tenant

Kind, State = ServiceNotice.Kind, ServiceNotice.State
TELL, ENTITLED = "service.tell_entitled", "service.entitled"
OF_USE, AT_ONCE = timedelta(days=7), 200
LOG = "crm.log"


@transaction.atomic
def send(row: ServiceNotice, *, by: Membership, at: datetime) -> int:
    """Write to every family that would read the same; the number of families. Nobody is woken for it."""
    must(by, PUBLISH)
    if row.kind != Kind.MORE:
        raise Refused(_("少了的服务要当面说，不发短信。"))
    text = written(row)
    if names_a_label(text):
        raise Refused(_("这段话提到了等级或风险，不能发给家长：%(text)s") % {"text": text})
    ids = _decide(row, State.SENT, by=by, at=at)
    due = quiet_hours().over(at, zone()) if quiet_hours().holds(at, zone()) else at
    for first in range(0, len(ids), AT_ONCE):
        later(TELL, due_at=due, notices=ids[first:first + AT_ONCE])
    record(by, "service.notices_sent", row, families=len(ids))
    return len(ids)


@transaction.atomic
def drop(row: ServiceNotice, *, by: Membership, at: datetime) -> int:
    """Nobody need be told of this: the number of families."""
    must(by, PUBLISH)
    ids = _decide(row, State.DROPPED, by=by, at=at)
    record(by, "service.notices_dropped", row, families=len(ids))
    return len(ids)


@transaction.atomic
def tell(row: ServiceNotice, *, by: Membership, at: datetime) -> None:
    """A colleague has told one family."""
    must(by, LOG)
    if not ServiceNotice.objects.waiting().filter(pk=row.pk).update(state=State.TOLD, decided_by=by, decided_at=at):
        raise _changed()
    row.refresh_from_db()
    record(by, "service.notice_told", row)


def _decide(row: ServiceNotice, state: str, *, by: Membership, at: datetime) -> list[int]:
    """The same for all that would say the same, of the families that the member may see."""
    ids = sorted(notices(by).like(row).order_by().values_list("pk", flat=True))
    if not ServiceNotice.objects.waiting().filter(pk__in=ids).update(state=state, decided_by=by, decided_at=at):
        raise _changed()
    return ids


def _changed() -> Refused:
    return Refused(_("同事刚处理过，请刷新再看。"), code="changed")


def written(row: ServiceNotice, language: str = "") -> str:
    """What a family would read, with an example of a name."""
    kind = wording.kind_of(ENTITLED)
    assert kind is not None
    text = parents.worded(kind, language or current_tenant().language)[0]
    return wording.fill(text, facts_of(row, _("家长")))


def facts_of(row: ServiceNotice, guardian: str) -> dict[str, str]:
    """What the message may name: the opening of the plan and what the family has more of."""
    plan = row.version.as_book().plan(row.plan)
    return {"school": current_tenant().name, "guardian": guardian, "opening": plan.letter, "services": "；".join(row.lines)}


@consumer(TELL)
def write(payload: dict[str, Any]) -> None:
    """One message a family; a family without a number waits for a person."""
    now = timezone.now()
    rows = ServiceNotice.objects.filter(pk__in=payload["notices"], state=State.SENT)
    for row in rows.select_related("version", "customer__campus").order_by("pk"):
        to = addressee(row.customer) if row.customer.deleted_at is None else None
        if to is None:
            _by_a_person(row)
            continue
        about = About(f"notice-{row.pk}", f"families/{row.customer_id}/", row.customer.campus, now + OF_USE)
        recipient = Recipient(to.phone, "", current_tenant().language)
        parents.write(ENTITLED, recipient, facts_of(row, to.name), about, key=f"entitled-{row.pk}", at=now)


def _by_a_person(row: ServiceNotice) -> None:
    """There is nobody to write to: it waits again, unless something newer does."""
    newer = ServiceNotice.objects.waiting().filter(customer=row.customer_id, kind=row.kind)
    if row.customer.deleted_at is None and not newer.exists():
        ServiceNotice.objects.filter(pk=row.pk).update(state=State.WAITING, decided_by=None, decided_at=None)
