"""What is done with a 改进措施: planned, worked off, checked, finished, decided, and told of when it is late (C5–C7, C15–C20)."""
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from churn.groups import Kind, group, management
from churn.measures.lateness import Rung, reached
from churn.models import Cause, Measure, MeasureCheck, MeasureStep, Meeting
from crm.models import ClassGroup
from notifications.actions import settle, tell
from tenancy.access import must
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused

State = Measure.State
ENDS = (State.ADOPTED, State.REVISED, State.STOPPED)


@dataclass(frozen=True)
class Plan:
    """What is to be done, why, by whom, where, from when to when, and which indicator is to move."""

    title: str
    department: str
    owner: Membership
    starts_on: date
    due_on: date
    indicator: str
    why: str = ""
    cause: Cause | None = None
    campus: Campus | None = None
    class_group: ClassGroup | None = None
    resources: str = ""


@transaction.atomic
def plan(made: Plan, *, by: Membership, at: datetime, steps: list[tuple[str, date | None]] | None = None, meeting: Meeting | None = None,
         follows: Measure | None = None) -> Measure:
    """A measure with its steps. Its owner learns of it."""
    must(by, "churn.plan")
    today = timezone.localdate(at)
    _sound(made, today, by)
    row: Measure = Measure.objects.create(
        title=made.title.strip(), why=made.why.strip(), cause=made.cause, department=made.department, owner=made.owner,
        campus=made.class_group.campus if made.class_group else made.campus, class_group=made.class_group,
        starts_on=made.starts_on, due_on=made.due_on, resources=made.resources.strip(), indicator=made.indicator,
        meeting=meeting, follows=follows, opened_on=today, by=by)
    MeasureStep.objects.bulk_create(MeasureStep(measure=row, text=text, due_on=due) for text, due in steps or [])
    record(by, "churn.measure_planned", row)
    if row.owner.pk != by.pk:
        _tell(row, [row.owner], _("有一项改进措施交给您，最晚 %(day)s") % {"day": row.due_on}, f"new-{row.owner.pk}", at)
    return row


def _sound(made: Plan, today: date, by: Membership) -> None:
    if not made.title.strip():
        raise Refused(_("请写做什么。"), "title")
    if not made.owner.is_active or not made.owner.may("churn.case"):
        raise Refused(_("%(name)s 不能负责改进措施，请选别的同事。") % {"name": made.owner.name}, "owner")
    if made.due_on < made.starts_on:
        raise Refused(_("最晚做完的日子不能早于开始的日子。"), "due_on")
    if made.due_on < today:
        raise Refused(_("最晚做完的日子要从今天起。"), "due_on")
    if made.class_group and made.campus and made.class_group.campus_id != made.campus.pk:
        raise Refused(_("%(name)s 不在这个园所。") % {"name": made.class_group.name}, "class_group")
    mine = by.campus_ids()
    place = made.class_group.campus_id if made.class_group else made.campus.pk if made.campus else None
    if mine is not None and place not in mine:
        raise Refused(_("请选您负责的园所；全机构的措施由负责全机构的同事来立。"), "campus")


def may_work(measure: Measure, member: Membership) -> bool:
    """Whoever has to do it, and who plans measures."""
    return member.may("churn.plan") or measure.owner_id == member.pk and member.may("churn.case")


def _must_work(measure: Measure, by: Membership) -> None:
    if measure.owner_id != by.pk:
        must(by, "churn.plan")
    must(by, "churn.case")


@transaction.atomic
def add_step(measure: Measure, text: str, due_on: date | None, *, by: Membership) -> MeasureStep:
    _must_work(measure, by)
    if not text.strip():
        raise Refused(_("请写这一步做什么。"), "text")
    row: MeasureStep = MeasureStep.objects.create(measure=measure, text=text.strip()[:120], due_on=due_on)
    record(by, "churn.measure_step", measure, step=row.pk)
    return row


@transaction.atomic
def tick(step: MeasureStep, is_done: bool, *, by: Membership, at: datetime) -> None:
    """Done or not after all; how far the measure is follows from its steps."""
    _must_work(step.measure, by)
    _undecided(step.measure)
    step.done_on, step.done_by = (timezone.localdate(at), by) if is_done else (None, None)
    step.save(update_fields=["done_on", "done_by"])
    done = list(step.measure.steps.values_list("done_on", flat=True))
    _set(step.measure, progress=round(100 * sum(day is not None for day in done) / len(done)))
    record(by, "churn.measure_step", step.measure, step=step.pk, done=is_done)


@transaction.atomic
def drop_step(step: MeasureStep, *, by: Membership) -> None:
    _must_work(step.measure, by)
    record(by, "churn.measure_step", step.measure, dropped=step.pk)
    step.delete()


@transaction.atomic
def check(measure: Measure, *, progress: int, problem: str, answer: str, by: Membership, at: datetime) -> MeasureCheck:
    """进度检查: how far it is, what stands in the way, what is done about it."""
    _must_work(measure, by)
    _undecided(measure)
    if not 0 <= progress <= 100:
        raise Refused(_("写 0 到 100。"), "progress")
    if answer.strip() and not problem.strip():
        raise Refused(_("先写遇到什么问题，再写怎么解决。"), "problem")
    row: MeasureCheck = MeasureCheck.objects.create(
        measure=measure, on=timezone.localdate(at), progress=progress, problem=problem.strip()[:300], answer=answer.strip()[:300], by=by)
    _set(measure, progress=progress)
    record(by, "churn.measure_checked", measure, progress=progress)
    return row


@transaction.atomic
def finish(measure: Measure, *, by: Membership, at: datetime) -> None:
    """做完了: what it does goes on and is counted until its days are full."""
    _must_work(measure, by)
    if not Measure.objects.running().filter(pk=measure.pk).update(state=State.DONE, done_on=timezone.localdate(at), progress=100):
        raise _changed()
    measure.refresh_from_db()
    settle(f"measure-{measure.pk}-", at=at)
    record(by, "churn.measure_finished", measure)


@transaction.atomic
def unfinish(measure: Measure, *, by: Membership) -> None:
    """Not done after all."""
    _must_work(measure, by)
    if not Measure.objects.filter(pk=measure.pk, state=State.DONE).update(state=State.RUNNING, done_on=None):
        raise _changed()
    measure.refresh_from_db()
    record(by, "churn.measure_reopened", measure)


@transaction.atomic
def move(measure: Measure, due_on: date, *, why: str, by: Membership, at: datetime) -> None:
    """改期: for a reason that stays with it, by who plans measures; its reminders begin anew."""
    must(by, "churn.plan")
    if not why.strip():
        raise Refused(_("请写为什么改期。"), "why")
    if due_on < max(timezone.localdate(at), measure.starts_on):
        raise Refused(_("最晚做完的日子要从今天起。"), "due_on")
    if not Measure.objects.running().filter(pk=measure.pk).update(due_on=due_on):
        raise _changed()
    said = _("改期：%(old)s → %(new)s，%(why)s") % {"old": measure.due_on, "new": due_on, "why": why.strip()}
    measure.refresh_from_db()
    MeasureCheck.objects.create(measure=measure, on=timezone.localdate(at), progress=measure.progress, problem=said[:300], by=by)
    settle(f"measure-{measure.pk}-", at=at)
    record(by, "churn.measure_moved", measure, due_on=str(due_on))


@transaction.atomic
def hand_to(measure: Measure, owner: Membership, *, by: Membership, at: datetime) -> None:
    must(by, "churn.plan")
    if not owner.is_active or not owner.may("churn.case"):
        raise Refused(_("%(name)s 不能负责改进措施，请选别的同事。") % {"name": owner.name}, "owner")
    if not Measure.objects.undecided().filter(pk=measure.pk).update(owner=owner):
        raise _changed()
    measure.refresh_from_db()
    settle(f"measure-{measure.pk}-", at=at)
    record(by, "churn.measure_handed", measure, to=owner.pk)
    if owner.pk != by.pk:
        _tell(measure, [owner], _("有一项改进措施交给您，最晚 %(day)s") % {"day": measure.due_on}, f"handed-{at:%Y%m%d%H%M%S%f}", at)


@transaction.atomic
def decide(measure: Measure, state: str, *, lesson: str, by: Membership, at: datetime) -> None:
    """写入制度、改了再做、停 (C7c, C20): with what was learnt, so that nobody pays for it twice.

    Adopted can only be what the rule found effective; the verdict itself is never typed.
    """
    must(by, "churn.plan")
    if state not in ENDS:
        raise Refused(_("请选定下来怎么办。"), "state")
    if not lesson.strip():
        raise Refused(_("请写学到了什么，以后的人用得上。"), "lesson")
    last = measure.evaluations.filter(is_final=True).first()
    if state == State.ADOPTED and (last is None or last.verdict != last.Outcome.EFFECTIVE):
        raise Refused(_("评估还没有说“有效”，不能写入制度；可以改了再做，或者停。"), "state")
    told = {"state": state, "lesson": lesson.strip()[:500], "decided_on": timezone.localdate(at)}
    if not Measure.objects.undecided().filter(pk=measure.pk).update(**told):
        raise _changed()
    measure.refresh_from_db()
    settle(f"measure-{measure.pk}-", at=at)
    record(by, "churn.measure_decided", measure, state=state)


@transaction.atomic
def undecide(measure: Measure, *, by: Membership) -> None:
    """Decided by mistake: as it was before, with its evaluations."""
    must(by, "churn.plan")
    before = State.DONE if measure.done_on else State.RUNNING
    if not Measure.objects.filter(pk=measure.pk, state__in=ENDS).update(state=before, decided_on=None, lesson=""):
        raise _changed()
    measure.refresh_from_db()
    record(by, "churn.measure_reopened", measure)


def tell_due(today: date, *, at: datetime) -> int:
    """Every morning: the owner on the last day and the day after, then the group's leader, then the management, each once."""
    rows = list(Measure.objects.running().filter(due_on__lte=today).select_related("owner").order_by("pk"))
    for row in rows:
        for rung in reached(row.due_on, today):
            _tell(row, _whom(rung, row), _said(rung, row, today), f"{rung}-{row.due_on}", at)
    return len(rows)


def _whom(rung: Rung, measure: Measure) -> list[Membership]:
    if rung is Rung.LEADER:
        leader = group(Kind.IMPROVEMENT).leader
        return [leader] if leader else []
    return management() if rung is Rung.MANAGEMENT else [measure.owner] if measure.owner.is_active else []


def _said(rung: Rung, measure: Measure, today: date) -> str:
    if rung is Rung.DUE:
        return _("改进措施“%(title)s”今天到期") % {"title": measure.title}
    return _("改进措施“%(title)s”逾期 %(n)s 天，%(name)s负责") % {
        "title": measure.title, "n": (today - measure.due_on).days, "name": measure.owner.name}


def _tell(measure: Measure, people: list[Membership], title: str, why: str, at: datetime) -> None:
    tell(people, title, key=f"measure-{measure.pk}-{why}", link=f"churn/measures/{measure.pk}/", at=at)


def _set(measure: Measure, *, progress: int) -> None:
    measure.progress = progress
    measure.save(update_fields=["progress"])


def _undecided(measure: Measure) -> None:
    if measure.state in ENDS:
        raise _changed()


def _changed() -> Refused:
    return Refused(_("这项措施的状态变过了，可能同事刚处理过。"), code="changed")
