"""制度 published, read and confirmed (C34)."""
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from churn.models import Policy, PolicyReceipt
from churn.policies.clauses import digest, sections
from notifications.actions import settle, tell
from tenancy.access import must, open_now
from tenancy.models import Membership
from tenancy.refusals import Refused
from tenancy.scope import current_tenant


@transaction.atomic
def publish(effective_on: date, note: str, *, by: Membership, at: datetime) -> Policy:
    """The text as the settings make it now becomes the next version; everybody is asked to read it."""
    must(by, "churn.oversee")
    if effective_on < timezone.localdate(at):
        raise Refused(_("不能从过去的日子起，请选今天或以后。"), "effective_on")
    if not note.strip():
        raise Refused(_("请写这次改了什么、为什么。"), "note")
    found, last = sections(current_tenant()), Policy.objects.order_by("-number").first()
    if last is not None and last.digest == digest(found):
        raise Refused(_("和第 %(n)s 版一样，没有要发布的。") % {"n": last.number}, code="same")
    row = Policy(number=last.number + 1 if last else 1, sections=[[title, [list(one) for one in clauses]] for title, clauses in found],
                 digest=digest(found), effective_on=effective_on, note=note.strip()[:300], published_by=by, published_at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("同事刚发布了一版，请刷新再看。"), code="changed") from None
    record(by, "churn.policy_published", row, number=row.number)
    for member in everybody():
        said = _("流失管理制度第 %(n)s 版，%(day)s 起，请看过并确认") % {"n": row.number, "day": effective_on}
        tell([member], said, key=f"policy-{row.pk}-{member.pk}-read", link=f"churn/policy/{row.pk}/", at=at)
    return row


@transaction.atomic
def confirm(row: Policy, *, by: Membership, at: datetime) -> PolicyReceipt:
    """已阅: once for each version; saying it twice changes nothing."""
    must(by, "crm.view")
    receipt, made = PolicyReceipt.objects.get_or_create(policy=row, member=by, defaults={"at": at})
    if made:
        settle(f"policy-{row.pk}-{by.pk}-", at=at)
        record(by, "churn.policy_read", row, number=row.number)
    return receipt


def everybody() -> list[Membership]:
    """Who works here now."""
    return list(Membership.objects.filter(open_now()).order_by("name", "pk"))


def unread(row: Policy) -> list[Membership]:
    """Who has not confirmed a version yet."""
    done = set(row.receipts.values_list("member_id", flat=True))
    return [one for one in everybody() if one.pk not in done]
