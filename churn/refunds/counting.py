"""退费预览: every payment of an application counted by the rules in force, with what the records know of it (SPEC B23)."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from churn.models import RefundLine, RefundRequest
from churn.refunds import known
from churn.refunds.rules import Bought, Pack, over_limit, refund
from crm.models import LessonPackage, Payment

COUNTED = ("method", "clause", "lacks", "counted_fen")
KNOWN = ("is_in", "package", "first_on", "last_on", "attended", "school_days", "absent", "agreed_fen", "why")
# what each method asks for: only that is shown and typed
ASKS = {"lessons": ("package",), "days": ("first_on", "last_on"), "absent_blocks": ("absent", "first_on", "last_on"),
        "attendance": ("attended", "school_days"), "none": ()}


def lines_for(request: RefundRequest, pack: Pack | None) -> list[RefundLine]:
    """A line for each payment of which the rules may give something back on the day, filled in from the records; not saved."""
    payments = known.payments_of(request.customer, request.child, request.counted_on)
    made = _made(request, payments)
    return [line for line in made if _speaks(line, request.counted_on, pack)]


def line_of(request: RefundRequest, payment: Payment) -> RefundLine:
    """The line of a payment that somebody names."""
    return _made(request, [payment])[0]


def _made(request: RefundRequest, payments: list[Payment]) -> list[RefundLine]:
    packages = list(LessonPackage.objects.filter(customer=request.customer_id))
    seen = known.seen(request.child, request.campus, request.counted_on)
    made = []
    for payment in payments:
        first, last = known.period_of(payment)
        made.append(RefundLine(request=request, payment=payment, package=known.package_of(payment, packages), first_on=first, last_on=last,
                               attended=seen.attended, school_days=seen.school_days, absent=seen.absent))
    return made


def _speaks(line: RefundLine, on: date, pack: Pack | None) -> bool:
    """Whether anything of it is left: lessons, or days that reach into the month of the day or into the absence before it."""
    if pack and "package" in figures_of(pack, line.payment):
        return line.package is None or line.package.left > 0
    since = min(on.replace(day=1), on - timedelta(days=line.absent or 0))
    return line.last_on is None or line.last_on >= since


def figures_of(pack: Pack, payment: Payment) -> tuple[str, ...]:
    """Which figures the rule for this payment needs."""
    rule = pack.rule_for(payment.fee_kind.group)
    return ASKS[rule.method] if rule else ()


def bought(line: RefundLine) -> Bought:
    package, payment = line.package, line.payment
    lessons: dict[str, Any] = {"bought": package.bought, "gifted": package.gifted, "used": package.used} if package else {}
    return Bought(payment.amount_fen, payment.paid_on, first=line.first_on, last=line.last_on, attended=line.attended,
                  school_days=line.school_days, absent=line.absent, **lessons)


def count(lines: Iterable[RefundLine], request: RefundRequest, pack: Pack) -> None:
    """Write on each line what the rule makes of it on the day; what was paid back of it already comes off. Does not save."""
    rows = list(lines)
    back = known.paid_back([line.payment for line in rows])
    for line in rows:
        found = refund(pack, line.payment.fee_kind.group, bought(line), request.counted_on)
        line.method, line.clause, line.lacks = found.method, found.clause[:200], found.lacks
        line.counted_fen = None if found.fen is None else max(0, found.fen - back[line.payment_id])


@dataclass(frozen=True)
class Sum:
    """What an application comes to: 分 of the lines that are in, how many of them lack a figure, and how far it departs from the rule."""

    fen: int
    counted_fen: int
    lacking: int
    departs: int


def sum_of(lines: Iterable[RefundLine]) -> Sum:
    taken = [line for line in lines if line.is_in]
    told = [line for line in taken if line.fen is not None]
    return Sum(sum(line.fen or 0 for line in told), sum(line.counted_fen or 0 for line in taken), len(taken) - len(told),
               sum(line.agreed_fen is not None and line.agreed_fen != line.counted_fen for line in taken))


def over_limits(lines: Iterable[RefundLine], pack: Pack) -> list[tuple[RefundLine, list[str]]]:
    """预收超限: payments that took more ahead than the rules allow, with which limit."""
    found = [(line, over_limit(pack, bought(line))) for line in lines]
    return [(line, codes) for line, codes in found if codes]
