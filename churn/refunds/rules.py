"""退费规则 (SPEC B23): what a refund of one purchase comes to by a local rule pack, line by line. Pure and exact: 分 in, 分 out.

A pack is data (``packs/*.toml``); here stand the few methods that packs choose from, each a share of what was paid. Shares are
fractions and only the last step rounds, to the nearest 分, halves up. Documented answers: a refund is never below nothing nor above
what was paid; what cannot be told, because a figure is missing, is ``None`` and says which figure it lacks.
"""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

NOTHING, ALL = Fraction(0), Fraction(1)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bought:
    """One purchase as it stands on the day: what was paid in 分 and when, and what of it is used, as far as it is known.

    ``bought``, ``gifted``, ``used`` count lessons; ``first`` and ``last`` are the days a fee covers, both included; ``attended`` and
    ``school_days`` those of the current month; ``absent`` days missed in a row or agreed as leave, as the rule counts them.
    """

    fen: int
    paid_on: date
    bought: int | None = None
    gifted: int = 0
    used: int | None = None
    first: date | None = None
    last: date | None = None
    attended: int | None = None
    school_days: int | None = None
    absent: int | None = None


@dataclass(frozen=True)
class Rule:
    """How a kind of fee is refunded: a method by name with its figures, and the clause it rests on."""

    method: str
    clause: str
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """What may be charged ahead at most; None where the pack sets no limit. Months and lessons of one payment, 分 of one course."""

    months: int | None = None
    lessons: int | None = None
    fen: int | None = None


@dataclass(frozen=True)
class Pack:
    """A place's rules for one trade: by group of fee, with a rule for what has none of its own; ``basis`` names the documents."""

    code: str
    name: str
    kinds: tuple[str, ...]
    basis: str
    rules: Mapping[str, Rule]
    limits: Limits = Limits()
    cooling_off: int = 0  # days within which all is given back if nothing was used

    def rule_for(self, group: str) -> Rule | None:
        return self.rules.get(group) or self.rules.get("other")


@dataclass(frozen=True)
class Refund:
    """What one purchase comes to: 分 and share, by which clause, and the figure it lacks where it cannot be told."""

    fen: int | None
    share: Fraction | None
    clause: str
    method: str
    lacks: str = ""


def refund(pack: Pack, group: str, bought: Bought, on: date) -> Refund:
    """What this purchase comes to on a day. A fee that the pack says nothing of is not refunded, and says so by its method."""
    if pack.cooling_off and not bought.used and 0 <= (on - bought.paid_on).days <= pack.cooling_off and not _has_begun(bought, on):
        return Refund(bought.fen, ALL, "", "cooling_off")
    rule = pack.rule_for(group)
    if rule is None:
        return Refund(0, NOTHING, "", "none")
    share = METHODS[rule.method](bought, on, rule.figures)
    if isinstance(share, str):
        return Refund(None, None, rule.clause, rule.method, share)
    held = max(NOTHING, min(ALL, share))
    return Refund(_rounded(bought.fen * held), held, rule.clause, rule.method)


def _has_begun(bought: Bought, on: date) -> bool:
    return bought.first is not None and bought.bought is None and bought.first <= on


def _rounded(fen: Fraction) -> int:
    return (fen.numerator * 2 + fen.denominator) // (fen.denominator * 2)


# -- methods: a share of what was paid, or the name of the figure that is missing -------------------------------------------------
Share = Fraction | str
Method = Callable[[Bought, date, Mapping[str, Any]], Share]


def _lessons(bought: Bought, on: date, figures: Mapping[str, Any]) -> Share:
    """按剩余课时: lessons left of all that were given; gifted ones count as bought ones do (预付式消费司法解释)."""
    if bought.bought is None or bought.used is None:
        return "lessons"
    whole = bought.bought + bought.gifted
    return Fraction(whole - bought.used, whole) if whole else NOTHING


def _days(bought: Bought, on: date, figures: Mapping[str, Any]) -> Share:
    """按剩余天数: days after the day of all days the fee covers."""
    if bought.first is None or bought.last is None:
        return "period"
    return Fraction((bought.last - max(on, bought.first - _ONE_DAY)).days, (bought.last - bought.first).days + 1)


def _absent_blocks(bought: Bought, on: date, figures: Mapping[str, Any]) -> Share:
    """按缺勤满几天退一个月: each full block of absent days gives back one month of those the fee covers, else of the term."""
    if bought.absent is None:
        return "absent"
    months = _months(bought.first, bought.last) if bought.first and bought.last else int(figures["months"])
    return Fraction(bought.absent // int(figures["block"]), months)


def _months(first: date, last: date) -> int:
    """Calendar months touched, both included: 1 September to 31 January are five."""
    return last.year * 12 + last.month - first.year * 12 - first.month + 1


def _attendance(bought: Bought, on: date, figures: Mapping[str, Any]) -> Share:
    """按当月出勤: the first step whose per cent of school days attended is not exceeded says how many per cent come back."""
    if bought.attended is None or not bought.school_days:
        return "attendance"
    for reached, comes_back in figures["steps"]:
        if bought.attended * 100 <= int(reached) * bought.school_days:
            return Fraction(int(comes_back), 100)
    return NOTHING


def _nothing(bought: Bought, on: date, figures: Mapping[str, Any]) -> Share:
    """不退: what was bought for the child and handed over."""
    return NOTHING


METHODS: dict[str, Method] = {"lessons": _lessons, "days": _days, "absent_blocks": _absent_blocks, "attendance": _attendance,
                              "none": _nothing}


def over_limit(pack: Pack, bought: Bought) -> list[str]:
    """预收超限: codes of the limits that this payment exceeds — months, lessons, fen."""
    found = []
    limits = pack.limits
    if limits.months is not None and bought.first and bought.last and bought.last >= _months_later(bought.first, limits.months):
        found.append("months")
    if limits.lessons is not None and bought.bought is not None and bought.bought > limits.lessons:
        found.append("lessons")
    if limits.fen is not None and bought.fen > limits.fen:
        found.append("fen")
    return found


def _months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month: 30 November and three months are 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(number, day.day))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
