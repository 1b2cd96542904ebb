"""改进闭环 (R34): a weak point gets somebody who puts it right by a day; what came of it is measured by the same question."""
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.models import Improvement, Survey
from notifications.actions import settle, tell
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused

State = Improvement.State


@dataclass(frozen=True)
class Measured:
    """How the question stood that showed the weak point: its level from 0 to 100, from so many answers."""

    survey: Survey
    line: int
    level: int | None
    answers: int


@dataclass(frozen=True)
class Plan:
    """What is to be put right, why, at which campus, by whom, until when."""

    title: str
    why: str
    topic: str
    owner: Membership
    due_on: date
    campus: Campus | None = None


@transaction.atomic
def improve(plan: Plan, *, by: Membership, at: datetime, measured: Measured | None = None) -> Improvement:
    today = timezone.localdate(at)
    if plan.due_on < today:
        raise Refused(_("最晚的日期要从今天起。"), "due_on")
    if not plan.owner.is_active:
        raise Refused(_("%(name)s 已经离岗，请选一位在岗的同事。") % {"name": plan.owner.name}, "owner")
    row = Improvement(title=plan.title.strip(), why=plan.why.strip(), topic=plan.topic, owner=plan.owner, due_on=plan.due_on,
                      campus=plan.campus, opened_on=today, by=by)
    if measured is not None:
        row.survey, row.line, row.level, row.answers = measured.survey, measured.line, measured.level, measured.answers
    row.save(force_insert=True)
    record(by, "crm.improvement_opened", row)
    if row.owner.pk != by.pk:
        _tell_owner(row, _("有一件要改进的事交给您，最晚 %(day)s") % {"day": row.due_on}, "new", at)
    return row


@transaction.atomic
def finish(row: Improvement, *, result: str, by: Membership, at: datetime) -> None:
    """It is put right; without a word of what was changed nobody can follow it."""
    if not result.strip():
        raise Refused(_("请写改了什么。"), "result")
    _close(row, State.DONE, result, at)
    record(by, "crm.improvement_done", row)


@transaction.atomic
def drop(row: Improvement, *, result: str, by: Membership, at: datetime) -> None:
    if not result.strip():
        raise Refused(_("请写为什么不改了。"), "result")
    _close(row, State.DROPPED, result, at)
    record(by, "crm.improvement_dropped", row)


@transaction.atomic
def put_off(row: Improvement, *, due_on: date, by: Membership, at: datetime) -> None:
    if due_on < timezone.localdate(at):
        raise Refused(_("最晚的日期要从今天起。"), "due_on")
    if not Improvement.objects.open().filter(pk=row.pk).update(due_on=due_on):
        raise _done_already()
    record(by, "crm.improvement_put_off", row)


@transaction.atomic
def reopen(row: Improvement, *, by: Membership) -> None:
    """Closed by mistake, or it got bad again."""
    done = Improvement.objects.filter(pk=row.pk).exclude(state=State.OPEN).update(state=State.OPEN, closed_on=None, result="")
    if not done:
        raise Refused(_("这一件还在改进中，不用恢复。"), code="changed")
    record(by, "crm.improvement_reopened", row)


def tell_due(*, at: datetime) -> int:
    """In the morning of the last day, and once when it has passed, whoever has to do it is reminded."""
    today = timezone.localdate(at)
    rows = list(Improvement.objects.open().filter(due_on__lte=today, owner__is_active=True).select_related("owner"))
    for row in rows:
        late = row.due_on < today
        said = _("一件要改进的事过了 %(day)s 还没改好") % {"day": row.due_on} if late else _("一件要改进的事今天到期")
        _tell_owner(row, said, f"{'late' if late else 'due'}-{row.due_on}", at)
    return len(rows)


def _close(row: Improvement, state: str, result: str, at: datetime) -> None:
    """Only one closes it."""
    told = {"state": state, "closed_on": timezone.localdate(at), "result": result.strip()[:300]}
    if not Improvement.objects.open().filter(pk=row.pk).update(**told):
        raise _done_already()
    row.refresh_from_db()
    settle(f"improvement-{row.pk}-", at=at)


def _done_already() -> Refused:
    return Refused(_("这一件已经了结了，可能同事刚处理过。"), code="changed")


def _tell_owner(row: Improvement, title: str, why: str, at: datetime) -> None:
    tell([row.owner], title, key=f"improvement-{row.pk}-{why}", link=f"improvements/#i{row.pk}", at=at)
