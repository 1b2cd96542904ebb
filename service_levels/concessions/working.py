"""What is done with an 优惠: asked for, approved by a second person, made use of, or not (X10).

Whoever approves holds the customer's row, so what one family is given by several rules is added up one after the other.
"""
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.models import Child, Customer, EntryKind, TimelineEntry
from notifications.actions import settle, tell
from service_levels.access import CONCEDE, PUBLISH
from service_levels.concessions import budgets, known
from service_levels.concessions.policy import Rule
from service_levels.models import Concession
from tenancy.access import holders, must, second_pair_of_eyes
from tenancy.models import Membership
from tenancy.refusals import Refused, spoken

State = Concession.State


@dataclass(frozen=True)
class Wish:
    """What is asked for: by which rule, 分, why, for which child if it is for one."""

    rule: str
    fen: int
    why: str
    child: Child | None = None


@transaction.atomic
def ask(customer: Customer, wish: Wish, *, by: Membership, at: datetime) -> Concession:
    """Ask for it; whoever may approve is told. Raises Refused with the first thing that stands in the way."""
    must(by, CONCEDE)
    if not wish.why.strip():
        raise Refused(_("请写为什么给，批的人要看。"), "why")
    if wish.child is not None and wish.child.family.customer_id != customer.pk:
        raise Refused(_("这个孩子不在这一家。"), "child")
    rule = _allowed(customer, wish.rule, wish.fen, timezone.localdate(at))
    row = Concession(customer=customer, child=wish.child, rule=rule.code, name=rule.name, says=rule.says[:200], fen=wish.fen,
                     why=wish.why.strip()[:300], asked_by=by, asked_at=at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        there = Concession.objects.waiting().filter(customer=customer, rule=rule.code).first()
        said = _("这一家的“%(name)s”已经有一份在等批准。") % {"name": rule.name}
        raise Refused(said, code="asked_already", about=there) from None
    record(by, "service.concession_asked", row, rule=rule.code, fen=wish.fen)
    approvers = [one for one in holders(PUBLISH, customer.campus) if one.pk != by.pk]
    tell(approvers, _("有一份优惠等您批准"), key=f"concession-{row.pk}-asked", link=f"service/concessions/{row.pk}/", at=at)
    return row


def _allowed(customer: Customer, code: str, fen: int, day: date) -> Rule:
    """The rule, where everything that it asks for holds today; nothing is given outside of a rule."""
    policy = known.in_force()
    rule = policy.rule(code)
    if rule is None:
        raise Refused(_("优惠办法里没有这一条规则了。"), "rule", code="stale")
    for check in known.checks_of(customer, policy, rule, fen, day):
        if not check.holds:
            raise Refused(_("不合规则：%(said)s。") % {"said": spoken(check.said)}, code="not_by_the_rule")
    return rule


@transaction.atomic
def grant(row: Concession, words: str = "", *, by: Membership, at: datetime) -> None:
    """A second person approves: looked at again as of now, and taken out of the budget. The timeline says so."""
    must(by, PUBLISH)
    second_pair_of_eyes(by, row.asked_by)
    Customer.objects.select_for_update(no_key=True).select_related(None).get(pk=row.customer_id)
    _must_be(row, State.ASKED)
    day = timezone.localdate(at)
    rule = _allowed(row.customer, row.rule, row.fen, day)
    _move(row, State.ASKED, State.GRANTED, decided_by=by, decided_at=at, words=words.strip()[:200], year=day.year,
          until_on=day + timedelta(days=rule.valid))
    if not budgets.take(row.rule, day.year, row.fen, budget=rule.budget_fen):
        raise Refused(_("“%(name)s”今年的预算不够了，刚刚又批了别家。") % {"name": row.name}, code="no_budget")
    record(by, "service.concession_granted", row, fen=row.fen)
    _on_the_timeline(row, _("批了优惠：%(name)s") % {"name": row.name}, by, at)
    _tell_asker(row, _("“%(name)s”批了，%(day)s 前告诉家长、用掉") % {"name": row.name, "day": row.until_on}, by, at)


@transaction.atomic
def refuse(row: Concession, words: str, *, by: Membership, at: datetime) -> None:
    """Not this one, and why."""
    must(by, PUBLISH)
    second_pair_of_eyes(by, row.asked_by)
    if not words.strip():
        raise Refused(_("请写为什么不批。"), "words")
    _move(row, State.ASKED, State.REFUSED, decided_by=by, decided_at=at, words=words.strip()[:200])
    record(by, "service.concession_refused", row)
    _tell_asker(row, _("“%(name)s”没批：%(words)s") % {"name": row.name, "words": words.strip()[:60]}, by, at)


@transaction.atomic
def give(row: Concession, on: date, *, by: Membership, at: datetime) -> None:
    """兑现: the family has had it."""
    must(by, CONCEDE)
    today = timezone.localdate(at)
    if not (row.decided_at and timezone.localdate(row.decided_at) <= on <= today):
        raise Refused(_("兑现的日子从批准那天到今天。"), "on")
    _move(row, State.GRANTED, State.GIVEN, given_on=on, given_by=by)
    settle(f"concession-{row.pk}-", at=at)
    record(by, "service.concession_given", row)
    _on_the_timeline(row, _("兑现了优惠：%(name)s") % {"name": row.name}, by, at)


@transaction.atomic
def take_back(row: Concession, *, by: Membership, at: datetime) -> None:
    """兑现记错了: it is granted again, and has its days."""
    must(by, CONCEDE)
    _move(row, State.GIVEN, State.GRANTED, given_on=None, given_by=None)
    record(by, "service.concession_not_given", row)
    _on_the_timeline(row, _("兑现记错了，改回：%(name)s") % {"name": row.name}, by, at)


@transaction.atomic
def withdraw(row: Concession, *, by: Membership, at: datetime) -> None:
    """Not wanted after all; the money is there again for another family."""
    must(by, CONCEDE)
    was = Concession.objects.select_for_update(of=("self",)).get(pk=row.pk).state
    if was not in (State.ASKED, State.GRANTED):
        raise _changed()
    _move(row, was, State.WITHDRAWN)
    if was == State.GRANTED and row.year:
        budgets.give_back(row.rule, row.year, row.fen)
        _on_the_timeline(row, _("撤回了优惠：%(name)s") % {"name": row.name}, by, at)
    settle(f"concession-{row.pk}-", at=at)
    record(by, "service.concession_withdrawn", row, was=was)


@transaction.atomic
def lapse(day: date, *, at: datetime) -> int:
    """过期没用的: the money goes back; who asked hears of it. Running twice changes nothing more."""
    rows = Concession.objects.filter(state=State.GRANTED, until_on__lt=day).select_related(None).order_by("pk").select_for_update()
    for row in rows:
        _move(row, State.GRANTED, State.LAPSED)
        if row.year:
            budgets.give_back(row.rule, row.year, row.fen)
        tell([row.asked_by], _("“%(name)s”过期没用，预算退回去了") % {"name": row.name}, key=f"concession-{row.pk}-lapsed",
             link=f"service/concessions/{row.pk}/", at=at)
    return len(rows)


def stays_when_merged(survivor: int) -> Q:
    """Of two families that are one, both asking for the same, the survivor's application goes on."""
    return Q(state=State.ASKED) & Q(Exists(Concession.objects.waiting().filter(customer=survivor, rule=OuterRef("rule"))))


def _must_be(row: Concession, state: str) -> None:
    if not Concession.objects.filter(pk=row.pk, state=state).exists():
        raise _changed()


def _move(row: Concession, was: str, to: str, **more: object) -> None:
    """From one state to another; Refused where a colleague was first."""
    if not Concession.objects.filter(pk=row.pk, state=was).update(state=to, **more):
        raise _changed()
    row.refresh_from_db()


def _changed() -> Refused:
    return Refused(_("同事刚处理过这份优惠，请刷新再看。"), code="changed")


def _on_the_timeline(row: Concession, title: str, by: Membership, at: datetime) -> None:
    """What everybody who knows the family may read: no amount, which is for who may see money."""
    TimelineEntry.objects.create(customer=row.customer, child=row.child, kind=EntryKind.NOTE, at=at, day=timezone.localdate(at), by=by,
                                 title=title, text=_("%(on)s 前用") % {"on": row.until_on})


def _tell_asker(row: Concession, said: str, by: Membership, at: datetime) -> None:
    settle(f"concession-{row.pk}-asked", at=at)
    if row.asked_by_id != by.pk:
        tell([row.asked_by], said, key=f"concession-{row.pk}-told-{at:%Y%m%d%H%M%S}", link=f"service/concessions/{row.pk}/", at=at)
