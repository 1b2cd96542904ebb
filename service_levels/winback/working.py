"""What is done to win a family back: a plan, its measures, what the family is shown of them, and what became of it (K28–K31)."""
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from churn.groups import group
from churn.models import ChurnCase
from crm.actions import log_contact
from crm.models import Customer, EntryKind, Training, WorkingGroup
from notifications.actions import settle, tell
from service_levels.models import WinBack, WinBackStep
from service_levels.plans.discreet import names_a_label
from service_levels.touches.settling import IN_PERSON
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused

SEE, DO = "churn.view", "churn.case"
State = WinBack.State


@dataclass(frozen=True)
class Strategy:
    """Why the family is unhappy, how it is to be won back, and who of the group leads it."""

    why: str
    strategy: str
    lead: Membership


@dataclass(frozen=True)
class End:
    """What became of it, and how."""

    state: str
    result: str


# -- the plan ----------------------------------------------------------------------------------------------------------------
@transaction.atomic
def begin(customer: Customer, wish: Strategy, *, by: Membership, at: datetime) -> WinBack:
    """One plan a family at a time; the case that is open for it goes along with its causes. Whoever leads it is told."""
    must(by, DO)
    _sound(wish)
    case = ChurnCase.objects.open().filter(customer=customer).order_by("pk").first()
    row = WinBack(customer=customer, case=case, lead=wish.lead, why=wish.why.strip()[:500], strategy=wish.strategy.strip()[:500],
                  opened_on=timezone.localdate(at), by=by)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        there = WinBack.objects.open().filter(customer=customer).first()
        raise Refused(_("这一家已经有挽回计划了，写在那里面。"), code="open_already", about=there) from None
    record(by, "service.win_back_begun", row, customer=customer.pk)
    _tell_lead(row, by, at)
    return row


@transaction.atomic
def keep(row: WinBack, wish: Strategy, *, by: Membership, at: datetime) -> None:
    """Another strategy, other reasons, somebody else in the lead."""
    must(by, DO)
    _sound(wish)
    before = row.lead_id
    fresh = {"why": wish.why.strip()[:500], "strategy": wish.strategy.strip()[:500], "lead": wish.lead}
    if not WinBack.objects.open().filter(pk=row.pk).update(**fresh):
        raise _closed()
    row.refresh_from_db()
    record(by, "service.win_back_kept", row)
    if row.lead_id != before:
        _tell_lead(row, by, at)


def _sound(wish: Strategy) -> None:
    if not wish.why.strip():
        raise Refused(_("请写为什么不满意：谁说的、看到了什么。"), "why")
    if not wish.strategy.strip():
        raise Refused(_("请写打算怎么挽回。"), "strategy")
    if wish.lead not in leads():
        raise Refused(_("%(name)s 不在客户挽回小组里，请选组里的同事。") % {"name": wish.lead.name}, "lead")


def leads() -> list[Membership]:
    """客户挽回小组 as the school has put it together; whoever may not work on cases is left out."""
    return [one for one in group(WorkingGroup.Kind.WIN_BACK).everybody if one.is_active and one.may(DO)]


def _tell_lead(row: WinBack, by: Membership, at: datetime) -> None:
    if row.lead_id != by.pk:
        tell([row.lead], _("有一家交给您牵头挽回"), key=f"win-back-{row.pk}-lead-{row.lead_id}", link=f"service/winback/{row.pk}/", at=at)


@transaction.atomic
def close(row: WinBack, end: End, *, by: Membership, at: datetime) -> None:
    """What became of the family. The case, if there is one, is closed on its own page: it asks for more."""
    must(by, DO)
    if end.state not in State.values or end.state == State.OPEN:
        raise Refused(_("请选结果怎么样。"), "state")
    if not end.result.strip():
        raise Refused(_("请写怎么留住的、为什么没留住，下次好学。"), "result")
    closed = {"state": end.state, "result": end.result.strip()[:300], "closed_on": timezone.localdate(at), "closed_by": by}
    if not WinBack.objects.open().filter(pk=row.pk).update(**closed):
        raise _closed()
    row.refresh_from_db()
    settle(f"win-back-{row.pk}-", at=at)
    record(by, "service.win_back_closed", row, state=end.state)


@transaction.atomic
def reopen(row: WinBack, *, by: Membership) -> None:
    """It is not over after all."""
    must(by, DO)
    fresh = {"state": State.OPEN, "result": "", "closed_on": None, "closed_by": None}
    try:
        with transaction.atomic():
            done = WinBack.objects.exclude(state=State.OPEN).filter(pk=row.pk).update(**fresh)
    except IntegrityError:
        raise Refused(_("这一家又有了新的挽回计划，写在那里面。"), code="open_already") from None
    if not done:
        raise Refused(_("这个计划还在进行，不用重开。"), code="changed")
    row.refresh_from_db()
    record(by, "service.win_back_reopened", row)


# -- its measures ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def add(step: WinBackStep, *, by: Membership, at: datetime) -> WinBackStep:
    """One thing more that is done for the family; whoever does it is told."""
    must(by, DO)
    if step.winback.state != State.OPEN:
        raise _closed()
    if not step.member.is_active:
        raise Refused(_("%(name)s 已经离岗，请选一位在岗的同事。") % {"name": step.member.name}, "member")
    step.save(force_insert=True)
    record(by, "service.win_back_step_added", step, winback=step.winback_id)
    if step.member_id != by.pk:
        tell([step.member], _("有一件挽回的措施交给您"), key=f"win-back-{step.winback_id}-step-{step.pk}",
             link=f"service/winback/{step.winback_id}/", at=at)
    return step


@transaction.atomic
def done(step: WinBackStep, result: str, *, by: Membership, at: datetime, training: Training | None = None) -> None:
    """It was done, and this came of it; a training that was held for it is named (K28d–e)."""
    must(by, DO)
    if not result.strip():
        raise Refused(_("请写结果：改了什么、有什么不一样。"), "result")
    changed = WinBackStep.objects.filter(pk=step.pk, done_on=None).update(
        done_on=timezone.localdate(at), result=result.strip()[:200], training=training)
    if not changed:
        raise _changed()
    step.refresh_from_db()
    settle(f"win-back-{step.winback_id}-step-{step.pk}", at=at)
    record(by, "service.win_back_step_done", step, winback=step.winback_id)


@transaction.atomic
def not_done(step: WinBackStep, *, by: Membership) -> None:
    """Not done after all, as long as the family has not been shown it."""
    must(by, DO)
    if not WinBackStep.objects.exclude(done_on=None).filter(pk=step.pk, shown_on=None).update(done_on=None, result="", training=None):
        raise Refused(_("家长已经看过了，或者同事刚改过。"), code="changed")
    step.refresh_from_db()
    record(by, "service.win_back_step_undone", step, winback=step.winback_id)


@transaction.atomic
def remove(step: WinBackStep, *, by: Membership) -> None:
    """Written by mistake; what is done stays."""
    must(by, DO)
    if step.done_on:
        raise Refused(_("做过的措施要留着。"), code="done")
    record(by, "service.win_back_step_removed", step, winback=step.winback_id)
    step.delete()


@transaction.atomic
def show(step: WinBackStep, how: str, *, by: Membership, at: datetime) -> None:
    """把措施和结果给家长看 (K28d): a contact like any other, with what was shown on the timeline."""
    must(by, DO)
    if how not in IN_PERSON:
        raise Refused(_("请选怎么给家长看的。"), "how")
    if step.done_on is None:
        raise Refused(_("做好了、有结果了再给家长看。"), code="not_done")
    if names_a_label(f"{step.what}{step.result}"):
        raise Refused(_("这段话提到了等级、风险或挽留，改一改再给家长看。"), code="label")
    today = timezone.localdate(at)
    if not WinBackStep.objects.exclude(done_on=None).filter(pk=step.pk, shown_on=None).update(shown_on=today, shown_by=by, shown_how=how):
        raise _changed()
    step.refresh_from_db()
    log_contact(step.winback.customer, kind=EntryKind.CONTACT, channel=how, text=_("%(what)s。%(result)s") % {
        "what": step.what, "result": step.result}, by=by, at=at, title=_("把改进给家长看"))
    record(by, "service.win_back_step_shown", step, winback=step.winback_id)


def stays_when_merged(survivor: int) -> Q:
    """Of two families that are one, both to be won back, the survivor's plan goes on."""
    return Q(state=State.OPEN) & Q(Exists(WinBack.objects.open().filter(customer=survivor).exclude(pk=OuterRef("pk"))))


def _closed() -> Refused:
    return Refused(_("这个挽回计划已经了结了。"), code="changed")


def _changed() -> Refused:
    return Refused(_("同事刚处理过，请刷新再看。"), code="changed")
