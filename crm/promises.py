"""承诺台账 (B11; R28c, K28d): a promise is made, kept, put off, dropped; one that is missed is told on the timeline by the night.

Who made it and who has to do it may be two people: whoever has to is told at once, on the last day and when it was missed.
"""
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.models import Customer, EntryKind, Promise, TimelineEntry
from notifications.actions import settle, tell
from tenancy.models import Membership
from tenancy.refusals import Refused

State = Promise.State


@transaction.atomic
def promise(customer: Customer, *, text: str, owner: Membership, due_on: date, made_in: str, by: Membership, at: datetime) -> Promise:
    """Say yes to something: with somebody who does it and a last day, or it is no promise."""
    today = timezone.localdate(at)
    if due_on < today:
        raise Refused(_("最晚的日期要从今天起。"), "due_on")
    if not owner.is_active:
        raise Refused(_("%(name)s 已经离岗，请选一位在岗的同事。") % {"name": owner.name}, "owner")
    made = Promise(customer=customer, text=text.strip(), owner=owner, due_on=due_on, made_in=made_in, made_on=today, by=by)
    who = _("%(who)s，最晚 %(day)s") % {"who": owner.name, "day": due_on}
    made.entry = _tell_timeline(made, _("答应：%(text)s") % {"text": made.text}, by, at, who)
    made.save(force_insert=True)
    record(by, "crm.promised", made, customer=customer.pk)
    if owner.pk != by.pk:
        _tell_owner(made, _("有一件答应家长的事交给您，最晚 %(day)s") % {"day": due_on}, "new", at)
    return made


@transaction.atomic
def keep(row: Promise, *, outcome: str, by: Membership, at: datetime) -> None:
    """It was done; late is said so."""
    late = (timezone.localdate(at) - row.due_on).days
    said = _("已兑现：%(text)s") if late <= 0 else _("已兑现（晚了 %(n)s 天）：%(text)s")
    _close(row, State.KEPT, outcome, at)
    _tell_timeline(row, said % {"text": row.text, "n": late}, by, at, outcome.strip())
    record(by, "crm.promise_kept", row, customer=row.customer_id)


@transaction.atomic
def drop(row: Promise, *, outcome: str, by: Membership, at: datetime) -> None:
    """The family does not want it any more; without their reason a promise is not dropped."""
    if not outcome.strip():
        raise Refused(_("请写家长怎么说的，为什么不用了。"), "outcome")
    _close(row, State.DROPPED, outcome, at)
    _tell_timeline(row, _("不用了：%(text)s") % {"text": row.text}, by, at, outcome.strip())
    record(by, "crm.promise_dropped", row, customer=row.customer_id)


@transaction.atomic
def put_off(row: Promise, *, due_on: date, outcome: str, by: Membership, at: datetime) -> None:
    """Another day was agreed with the family. That a day was missed before stays on the timeline."""
    if due_on < timezone.localdate(at):
        raise Refused(_("最晚的日期要从今天起。"), "due_on")
    if not Promise.objects.open().filter(pk=row.pk).update(due_on=due_on):
        raise _done_already()
    row.due_on = due_on
    _tell_timeline(row, _("跟家长改到 %(day)s：%(text)s") % {"day": due_on, "text": row.text}, by, at, outcome.strip())
    record(by, "crm.promise_put_off", row, customer=row.customer_id)


@transaction.atomic
def reopen(row: Promise, *, by: Membership, at: datetime) -> None:
    """Marked by mistake: it is open again."""
    if not Promise.objects.filter(pk=row.pk).exclude(state=State.OPEN).update(state=State.OPEN, closed_on=None, outcome=""):
        raise Refused(_("这件事还没有了结，不用恢复。"), code="stale")
    row.refresh_from_db()
    _tell_timeline(row, _("还没有兑现，重新打开：%(text)s") % {"text": row.text}, by, at)
    record(by, "crm.promise_reopened", row, customer=row.customer_id)


@transaction.atomic
def forget(row: Promise, *, at: datetime) -> None:
    """Written down by mistake: it goes with its line on the timeline."""
    if row.entry:
        row.entry.delete()
    settle(f"promise-{row.pk}-", at=at)
    row.delete()


@transaction.atomic
def tell_missed(*, at: datetime) -> int:
    """Every night: what passed its day unkept stands on the timeline, once for each day it was promised for."""
    missed = 0
    for row in Promise.objects.untold(timezone.localdate(at)).select_related("owner").order_by("id"):
        if not Promise.objects.untold(timezone.localdate(at)).filter(pk=row.pk).update(missed_on=row.due_on):
            continue  # another worker was faster
        _tell_timeline(row, _("没有按时兑现：%(text)s") % {"text": row.text}, None, at, kind=EntryKind.PROMISE_BROKEN)
        _tell_owner(row, _("答应家长的一件事过了 %(day)s 还没有兑现") % {"day": row.due_on}, f"missed-{row.due_on}", at)
        missed += 1
    return missed


@transaction.atomic
def tell_due(*, at: datetime) -> int:
    """In the morning of the last day whoever has to do it is reminded."""
    rows = Promise.objects.open().filter(due_on=timezone.localdate(at)).select_related("owner")
    for row in rows:
        _tell_owner(row, _("答应家长的一件事今天到期"), f"due-{row.due_on}", at)
    return len(rows)


def _close(row: Promise, state: str, outcome: str, at: datetime) -> None:
    """Only one closes it."""
    done = Promise.objects.open().filter(pk=row.pk).update(state=state, closed_on=timezone.localdate(at), outcome=outcome.strip())
    if not done:
        raise _done_already()
    row.refresh_from_db()
    settle(f"promise-{row.pk}-", at=at)


def _done_already() -> Refused:
    return Refused(_("这件事已经了结了，可能同事刚处理过。"), code="stale")


def _tell_timeline(row: Promise, title: str, by: Membership | None, at: datetime, text: str = "",
                   kind: str = EntryKind.PROMISE) -> TimelineEntry:
    return TimelineEntry.objects.create(customer_id=row.customer_id, kind=kind, at=at, day=timezone.localdate(at), by=by,
                                        title=title[:80], text=text)


def _tell_owner(row: Promise, title: str, why: str, at: datetime) -> None:
    tell([row.owner], title, key=f"promise-{row.pk}-{why}", link=f"promises/?whose=me#p{row.pk}", at=at)
