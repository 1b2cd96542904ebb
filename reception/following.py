"""跟进 (R30): a plan of contacts once the family has left, each logged on the timeline; overdue ones stand on top.

Whoever signed gets another plan than whoever did not. A family that signs later changes over; what was done stays.
"""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.actions import log_contact
from crm.models import Child
from crm.opening import calendar_for, zone
from notifications.actions import settle, tell
from reception.models import Booking, Contract, FollowRule, FollowUp
from reception.models.following import After, Answer, FollowUpQuerySet
from reception.stages import Step
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused

State = FollowUp.State
LOOKED_AHEAD = 30  # days in which an open one must come


@dataclass(frozen=True)
class Contact:
    """What was said: how, the family's words, what it amounts to, how the child fares (1 to 5), when to speak again."""

    channel: str
    text: str
    answer: str
    adaptation: int | None = None
    again_on: date | None = None


@transaction.atomic
def plan(booking: Booking, after: str, *, by: Membership | None, at: datetime) -> int:
    """Lay out the contacts after a visit; laying out again adds nothing. A family without an archive cannot be spoken to yet."""
    lead = booking.lead
    if lead is None or lead.customer_id is None:
        return 0
    _drop(FollowUp.objects.open().filter(booking=booking).exclude(after=after))
    day = timezone.localdate(at if after == After.SIGNED else booking.starts_at, zone())
    before = set(booking.follow_ups.values_list("rule_id", flat=True))
    owner = booking.host or by
    rules = [rule for rule in FollowRule.objects.filter(after=after, is_open=True) if rule.pk not in before]
    FollowUp.objects.bulk_create([
        FollowUp(booking=booking, rule=rule, after=after, channel=rule.channel, what=rule.what, owner=owner,
                 asks_child=rule.asks_child, due_on=open_day(booking.slot.campus, day + timedelta(days=rule.days)))
        for rule in rules], ignore_conflicts=True)  # two taps at one moment lay out the same
    return len(rules)


@transaction.atomic
def unplan(booking: Booking) -> None:
    """The family has not left after all: what nobody has done yet goes."""
    FollowUp.objects.open().filter(booking=booking).delete()


@transaction.atomic
def unsign(booking: Booking) -> None:
    """Its contract is void: what was planned after signing and nobody has done yet goes, so that signing anew lays it out again."""
    if not Contract.objects.filter(booking=booking, state=Contract.State.SIGNED).exists():
        FollowUp.objects.open().filter(booking=booking, after=After.SIGNED).delete()


@transaction.atomic
def note(row: FollowUp, said: Contact, *, by: Membership, at: datetime) -> FollowUp | None:
    """The family was spoken to. Returns the next contact where one was agreed on; whoever is lost is left alone."""
    if said.again_on is not None and said.again_on < timezone.localdate(at):
        raise Refused(_("再联系的日期要从今天起。"), "again_on")
    _close(row, State.DONE, by, at)
    entry = log_contact(row.customer, kind="contact", channel=said.channel, text=_text(said), by=by, at=at, child=_child(row),
                        title=_("跟进：%(what)s，%(answer)s") % {"what": row.what, "answer": Answer(said.answer).label})
    FollowUp.objects.filter(pk=row.pk).update(answer=said.answer, adaptation=said.adaptation, channel=said.channel, entry=entry)
    record(by, "reception.followed_up", row, customer=row.customer.pk)
    if said.answer == Answer.LOST:
        _drop(FollowUp.objects.open().filter(booking=row.booking_id))
    return _again(row, said.again_on, by) if said.again_on else None


@transaction.atomic
def drop(row: FollowUp, *, by: Membership, at: datetime) -> None:
    """This contact is not needed."""
    _close(row, State.DROPPED, by, at)
    record(by, "reception.follow_up_dropped", row, customer=row.customer.pk)


@transaction.atomic
def put_off(row: FollowUp, to: date, *, by: Membership, at: datetime) -> None:
    if to < timezone.localdate(at):
        raise Refused(_("日期要从今天起。"), "due_on")
    if not FollowUp.objects.open().filter(pk=row.pk).update(due_on=to):
        raise _done_already()
    record(by, "reception.follow_up_put_off", row, customer=row.customer.pk)


def remind(*, at: datetime) -> int:
    """Every morning: each colleague hears how many families wait for them today, late ones counted in."""
    today, waiting = timezone.localdate(at), {}
    for row in FollowUp.objects.open().filter(due_on__lte=today, owner__is_active=True).select_related("owner"):
        waiting.setdefault(row.owner, set()).add(row.booking_id)
    for member, visits in waiting.items():
        tell([member], _("今天要跟进 %(n)s 家") % {"n": len(visits)}, key=f"follow-{member.pk}-{today}", link="follow-ups/", at=at)
    return len(waiting)


def after_of(booking: Booking, steps: Iterable[str]) -> str:
    """What the visit ended with: a signed contract, or the step of signing, tell that it did."""
    signed = Step.SIGNING in set(steps) or Contract.objects.filter(booking=booking, state=Contract.State.SIGNED).exists()
    return After.SIGNED if signed else After.UNSIGNED


def open_day(campus: Campus, day: date) -> date:
    """The day itself when the campus is open, else the next on which it is; the day itself where none comes soon."""
    calendar = calendar_for(campus)
    days = (day + timedelta(days=n) for n in range(LOOKED_AHEAD))
    return next((one for one in days if calendar.plan(one).shifts), day)


def _text(said: Contact) -> str:
    fares = _("孩子适应：%(n)s 分（满分 5 分）") % {"n": said.adaptation} if said.adaptation else ""
    return "\n".join(part for part in (said.text.strip(), fares) if part)


def _child(row: FollowUp) -> Child | None:
    return row.booking.lead.child if row.booking.lead else None


def _again(row: FollowUp, day: date, by: Membership) -> FollowUp:
    return FollowUp.objects.create(booking=row.booking, after=row.after, due_on=day, channel=row.channel,
                                   what=_("说好再联系"), asks_child=row.asks_child, owner=row.owner or by)


def _drop(rows: FollowUpQuerySet) -> None:
    rows.update(state=State.DROPPED)


def _close(row: FollowUp, state: str, by: Membership, at: datetime) -> None:
    """Only one closes it; the morning's line is settled with the last of the day."""
    if not FollowUp.objects.open().filter(pk=row.pk).update(state=state, done_at=at, by=by):
        raise _done_already()
    row.refresh_from_db()
    today = timezone.localdate(at)
    if not FollowUp.objects.open().filter(owner=row.owner_id, due_on__lte=today).exists():
        settle(f"follow-{row.owner_id}-{today}", at=at)


def _done_already() -> Refused:
    return Refused(_("这一次已经跟进过了，可能同事刚做完。"), code="changed")
