"""What is done with a 退费申请: taken, counted, talked about, proposed, approved by a second person, paid, or not needed after all."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from churn.cases.opening import open_for_refund
from churn.cases.working import End, close
from churn.models import RefundLine, RefundRequest, SaveOffer
from churn.refunds import in_force
from churn.refunds.counting import COUNTED, KNOWN, count, line_of, lines_for, sum_of
from churn.refunds.offers import lessons_cost
from churn.refunds.rules import Pack
from crm.actions import refund as pay_back
from crm.models import Child, Customer, Enrolment, EntryKind, Payment, TimelineEntry
from notifications.actions import settle, tell
from tenancy.access import holders, must, second_pair_of_eyes
from tenancy.models import Membership
from tenancy.refusals import Refused
from tenancy.scope import current_tenant

State = RefundRequest.State
Answer = SaveOffer.Answer
MOST_OTHERS = 30


@dataclass(frozen=True)
class Asked:
    """What the family asks for, as it is taken down."""

    child: Child | None
    asked_on: date
    channel: str
    reason: str
    leaves_on: date | None = None


@transaction.atomic
def take(customer: Customer, asked: Asked, *, by: Membership, at: datetime) -> RefundRequest:
    """Take an application down: the family's case is opened or joined, the timeline says so, and what may come back is counted."""
    must(by, "churn.refund")
    today = timezone.localdate(at)
    if not asked.reason.strip():
        raise Refused(_("请写家长说的原因。"), "reason")
    if asked.child is not None and asked.child.family.customer_id != customer.pk:
        raise Refused(_("这个孩子不在这一家。"), "child")
    enrolment = Enrolment.objects.on(today).filter(child=asked.child).order_by("-from_on").first() if asked.child else None
    case = open_for_refund(customer, asked.child, enrolment, note=asked.reason.strip(), by=by, at=at)
    row = RefundRequest(customer=customer, child=asked.child, campus=enrolment.campus if enrolment else customer.campus, case=case, by=by,
                        asked_on=asked.asked_on, channel=asked.channel, reason=asked.reason.strip()[:300], leaves_on=asked.leaves_on,
                        counted_on=asked.leaves_on or today)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        there = RefundRequest.objects.open().filter(customer=customer, child=asked.child).first()
        raise Refused(_("这个孩子已经有一份在办的退费申请，请写在那里面。"), "child", code="open_already", about=there) from None
    _count_anew(row, lines_for(row, _pack()))
    TimelineEntry.objects.create(customer=customer, child=asked.child, kind=EntryKind.NOTE, channel=asked.channel, at=at, day=today, by=by,
                                 title=_("申请退费"), text=row.reason)
    record(by, "churn.refund_asked", row)
    return row


def _pack() -> Pack | None:
    holds = in_force.in_force(current_tenant().kind)
    return holds.pack if holds else None


def _count_anew(row: RefundRequest, lines: Iterable[RefundLine]) -> None:
    """Count by the rules in force and save, new lines and old ones."""
    rows, pack = list(lines), _pack()
    if pack is not None:
        count(rows, row, pack)
        RefundRequest.objects.filter(pk=row.pk).update(rules=pack.name[:120])
    RefundLine.objects.bulk_create([line for line in rows if line.pk is None])
    RefundLine.objects.bulk_update([line for line in rows if line.pk is not None], [*KNOWN, *COUNTED])


def others(row: RefundRequest, lines: list[RefundLine]) -> list[Payment]:
    """Payments of the family that are not in the application and could be, the latest first."""
    rows = Payment.objects.filter(customer=row.customer_id, amount_fen__gt=0).exclude(pk__in=[line.payment_id for line in lines])
    return list(rows.select_related("fee_kind", "child")[:MOST_OTHERS])


@transaction.atomic
def add(row: RefundRequest, payment: int | None, *, by: Membership) -> None:
    """One more payment, which the rules did not think of: an older one, or one whose days were guessed too short."""
    must(by, "churn.refund")
    found = next((one for one in others(row, lines_of(row)) if one.pk == payment), None)
    if row.state != State.ASKED or found is None:
        raise Refused(_("这一笔加不上，请刷新再看。"), code="changed")
    _count_anew(row, [*lines_of(row), line_of(row, found)])
    record(by, "churn.refund_counted", row, payment=found.pk)


def lines_of(row: RefundRequest) -> list[RefundLine]:
    return list(row.lines.select_related("payment__fee_kind", "package", "refunded"))


@transaction.atomic
def recount(row: RefundRequest, counted_on: date, lines: list[RefundLine], *, by: Membership) -> None:
    """The figures as they were corrected, counted again; payments that came since join in. Only while it is talked about."""
    must(by, "churn.refund")
    for line in lines:
        if line.agreed_fen is not None and line.agreed_fen > line.payment.amount_fen:
            raise Refused(_("%(fee)s 只缴了 %(paid)s 元，退的不能比缴的多。") % {
                "fee": line.payment.fee_kind.name, "paid": f"{line.payment.amount_fen / 100:.2f}"}, f"agreed_fen-{line.pk}")
    if not RefundRequest.objects.filter(pk=row.pk, state=State.ASKED).update(counted_on=counted_on):
        raise Refused(_("已经提交审批或了结了，不能再改；要改就先退回。"), code="changed")
    row.counted_on = counted_on
    there = {line.payment_id for line in lines}
    _count_anew(row, [*lines, *(line for line in lines_for(row, _pack()) if line.payment_id not in there)])
    for line in lines:
        if line.agreed_fen is not None and line.agreed_fen != line.counted_fen and not line.why.strip():
            raise Refused(_("%(fee)s 商定的和规则算的不同，请写为什么。") % {"fee": line.payment.fee_kind.name}, f"why-{line.pk}")
    record(by, "churn.refund_counted", row, fen=sum_of(lines).fen)


@transaction.atomic
def offer(row: RefundRequest, kind: str, text: str, *, lessons: int | None, fen: int | None, by: Membership, at: datetime) -> SaveOffer:
    """Offer something instead; lessons cost what the family paid for each, unless a cost is typed."""
    must(by, "churn.refund")
    _must_be_open(row)
    if kind not in SaveOffer.Kind.values:
        raise Refused(_("请选什么方案。"), "kind")
    if not text.strip():
        raise Refused(_("请写具体怎么做。"), "text")
    if kind == SaveOffer.Kind.LESSONS and not lessons:
        raise Refused(_("请写送几课时。"), "lessons")
    given = lessons if kind == SaveOffer.Kind.LESSONS else None
    cost = fen if fen is not None else _cost(row, given)
    made: SaveOffer = SaveOffer.objects.create(request=row, kind=kind, text=text.strip()[:200], lessons=given, fen=cost, at=at, by=by)
    record(by, "churn.save_offered", row, kind=kind, fen=cost)
    return made


def _cost(row: RefundRequest, lessons: int | None) -> int:
    for line in lines_of(row):
        if lessons and line.package:
            return lessons_cost(lessons, line.payment.amount_fen, line.package.bought + line.package.gifted)
    return 0


@transaction.atomic
def answer(made: SaveOffer, said: str, *, by: Membership, at: datetime) -> None:
    """What the family said. Taken: the application is over, the family stays, and its case ends as kept."""
    must(by, "churn.refund")
    row = made.request
    if said not in (Answer.ACCEPTED, Answer.REFUSED):
        raise Refused(_("请选接受了还是没接受。"), "answer")
    if not SaveOffer.objects.filter(pk=made.pk, answer=Answer.WAITING).update(answer=said, answered_at=at):
        raise Refused(_("这个方案已经有答复了。"), code="changed")
    record(by, "churn.save_answered", row, answer=said)
    if said == Answer.ACCEPTED:
        _end(row, State.KEPT, by=by, at=at)
        _case_kept(row, made, by=by, at=at)


def _case_kept(row: RefundRequest, made: SaveOffer, *, by: Membership, at: datetime) -> None:
    """Who may close the case does so with the same step; else whoever answers for it is told."""
    case = row.case
    if case is None or case.state != case.State.OPEN:
        return
    if by.may("churn.case"):
        close(case, End(case.State.KEPT, result=made.text), by=by, at=at)
    elif case.owner is not None:
        tell([case.owner], _("一家接受了挽留方案，请了结个案"), key=f"churn-case-{case.pk}-kept", link=f"churn/cases/{case.pk}/", at=at)


def _must_be_open(row: RefundRequest) -> None:
    if not row.is_open:
        raise Refused(_("这份申请已经了结。"), code="changed")


def _end(row: RefundRequest, state: str, *, by: Membership, at: datetime, **told: Any) -> None:
    """Over: whatever waited for somebody is settled. An approval that was given and not paid falls with it."""
    kept = {} if state in (State.PAID, State.DECLINED) else {"decided_by": None, "decided_at": None}
    fresh = {"state": state, "closed_on": timezone.localdate(at), **kept, **told}
    if not RefundRequest.objects.open().filter(pk=row.pk, state=row.state).update(**fresh):
        raise Refused(_("同事刚处理过这份申请，请刷新再看。"), code="changed")
    row.refresh_from_db()
    settle(f"refund-{row.pk}-", at=at)


@transaction.atomic
def propose(row: RefundRequest, *, by: Membership, at: datetime) -> None:
    """To be approved by somebody else. Every line that is in must be told, and something must come of it."""
    must(by, "churn.refund")
    found = sum_of(lines_of(row))
    if found.lacking:
        raise Refused(_("还有 %(n)s 笔算不出来，先补上缺的数，或者写商定的金额。") % {"n": found.lacking})
    if found.fen <= 0:
        raise Refused(_("按现在的算法没有可退的钱；确实不退就请家长撤回，或者写商定的金额。"))
    fresh = {"state": State.PROPOSED, "proposed_by": by, "proposed_at": at}
    if not RefundRequest.objects.filter(pk=row.pk, state=State.ASKED).update(**fresh):
        raise Refused(_("同事刚处理过这份申请，请刷新再看。"), code="changed")
    row.refresh_from_db()
    record(by, "churn.refund_proposed", row, fen=found.fen)
    approvers = [one for one in holders("crm.refund", row.campus) if one.pk != by.pk]
    said = _("退费 %(yuan)s 元等您审批") % {"yuan": f"{found.fen / 100:.2f}"}
    tell(approvers, said, key=_key(row, "proposed", at), link=f"churn/refunds/{row.pk}/", at=at)


@transaction.atomic
def approve(row: RefundRequest, words: str = "", *, by: Membership, at: datetime) -> None:
    must(by, "crm.refund")
    second_pair_of_eyes(by, row.proposed_by)
    _decided(row, State.APPROVED, words, by=by, at=at)
    record(by, "churn.refund_approved", row)
    _tell_proposer(row, _("退费批准了，可以退款"), by=by, at=at)


@transaction.atomic
def send_back(row: RefundRequest, words: str, *, by: Membership, at: datetime) -> None:
    """Not like this: back to who proposed it, with what is to be changed; the proposer may take it back too."""
    must(by, "churn.refund" if row.proposed_by_id == by.pk else "crm.refund")
    if row.proposed_by_id != by.pk and not words.strip():
        raise Refused(_("请写要改什么。"), "words")
    fresh = {"state": State.ASKED, "decided_by": None, "decided_at": None, "decision": words.strip()[:300]}
    if not RefundRequest.objects.filter(pk=row.pk, state__in=[State.PROPOSED, State.APPROVED]).update(**fresh):
        raise Refused(_("同事刚处理过这份申请，请刷新再看。"), code="changed")
    row.refresh_from_db()
    settle(f"refund-{row.pk}-", at=at)
    record(by, "churn.refund_sent_back", row)
    _tell_proposer(row, _("退费申请退回了，请看要改什么"), by=by, at=at)


@transaction.atomic
def decline(row: RefundRequest, words: str, *, by: Membership, at: datetime) -> None:
    """Not refunded, with the ground that the family is told."""
    must(by, "crm.refund")
    second_pair_of_eyes(by, row.proposed_by)
    if not words.strip():
        raise Refused(_("请写不批准的理由，要能讲给家长听。"), "words")
    _decided(row, State.DECLINED, words, by=by, at=at, closed_on=timezone.localdate(at))
    record(by, "churn.refund_declined", row)
    _tell_proposer(row, _("退费没有批准，请看理由"), by=by, at=at)


def _decided(row: RefundRequest, state: str, words: str, *, by: Membership, at: datetime, **more: Any) -> None:
    fresh = {"state": state, "decided_by": by, "decided_at": at, "decision": words.strip()[:300], **more}
    if not RefundRequest.objects.filter(pk=row.pk, state=State.PROPOSED).update(**fresh):
        raise Refused(_("同事刚处理过这份申请，请刷新再看。"), code="changed")
    row.refresh_from_db()
    settle(f"refund-{row.pk}-", at=at)


def _key(row: RefundRequest, what: str, at: datetime) -> str:
    """Each proposal and each decision is told of its own: an application may go back and forth."""
    return f"refund-{row.pk}-{what}-{at:%Y%m%d%H%M%S}"


def _tell_proposer(row: RefundRequest, said: str, *, by: Membership, at: datetime) -> None:
    if row.proposed_by is not None and row.proposed_by_id != by.pk:
        tell([row.proposed_by], said, key=_key(row, "decided", at), link=f"churn/refunds/{row.pk}/", at=at)


@transaction.atomic
def pay(row: RefundRequest, *, by: Membership, at: datetime) -> None:
    """Paid: each line becomes a negative payment, all of them or none; never more than is left of what was paid."""
    must(by, "crm.refund")
    if row.state != State.APPROVED:
        raise Refused(_("先审批，再退款。"), code="changed")
    _end(row, State.PAID, by=by, at=at)
    for line in lines_of(row):
        if line.is_in and line.fen:
            line.refunded = pay_back(line.payment, amount_fen=line.fen, on=timezone.localdate(at), by=by)
            line.save(update_fields=["refunded"])
    record(by, "churn.refund_paid", row, fen=sum_of(lines_of(row)).fen)
    if row.case is not None and row.case.owner is not None and row.case.state == row.case.State.OPEN:
        page = f"churn/cases/{row.case.pk}/"
        tell([row.case.owner], _("一家已退款，请写原因、了结个案"), key=f"churn-case-{row.case.pk}-paid", link=page, at=at)


@transaction.atomic
def take_back(row: RefundRequest, *, by: Membership, at: datetime) -> None:
    """家长撤回: the family does not want it any more."""
    must(by, "churn.refund")
    _must_be_open(row)
    _end(row, State.TAKEN_BACK, by=by, at=at)
    record(by, "churn.refund_taken_back", row)


@transaction.atomic
def reopen(row: RefundRequest, *, by: Membership, at: datetime) -> None:
    """Asked for again, or closed by mistake; what was paid is not undone here."""
    must(by, "churn.refund")
    if row.state == State.PAID:
        raise Refused(_("已经退款，不能重开；退错了就在今天的记录里撤销那笔退费，再开一份新的。"), code="changed")
    fresh = {"state": State.ASKED, "closed_on": None, "decided_by": None, "decided_at": None, "proposed_by": None, "proposed_at": None}
    try:
        with transaction.atomic():
            done = RefundRequest.objects.filter(pk=row.pk, state__in=[State.DECLINED, State.KEPT, State.TAKEN_BACK]).update(**fresh)
    except IntegrityError:
        raise Refused(_("这个孩子又有了一份在办的退费申请，请写在那里面。"), code="open_already") from None
    if not done:
        raise Refused(_("这份申请还在办，不用重开。"), code="changed")
    SaveOffer.objects.filter(request=row, answer=Answer.ACCEPTED).update(answer=Answer.REFUSED, answered_at=at)
    row.refresh_from_db()
    record(by, "churn.refund_reopened", row)

