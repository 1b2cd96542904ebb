"""渠道花费 (R39b): entered month by month, read for a period."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from audit.actions import record
from crm.forms import SOURCES
from crm.models import Lead
from crm.models.leads import LeadChannel
from reception.funnel import STEPS, Line
from reception.models import ChannelCost
from reception.spending import each, spent
from tenancy.models import Campus, Membership

By = ChannelCost.By


@dataclass(frozen=True)
class Spent:
    """What a line cost in the period, and each booking and signing of it; in 分."""

    fen: int
    per_booking: int | None
    per_signing: int | None


@transaction.atomic
def enter(month: date, by: str, amounts: Mapping[str, int], *, member: Membership) -> None:
    """What each cost in a month, in 分; nothing or nought takes the entry away."""
    ChannelCost.objects.filter(month=month, by=by, name__in=amounts).delete()
    ChannelCost.objects.bulk_create([ChannelCost(month=month, by=by, name=name, amount_fen=fen) for name, fen in amounts.items() if fen])
    record(member, "reception.costs_entered", month=f"{month:%Y-%m}")


def entered(month: date) -> dict[tuple[str, str], int]:
    """What stands entered for a month: (by, name) → 分."""
    return {(row.by, row.name): row.amount_fen for row in ChannelCost.objects.filter(month=month)}


def of_period(by: str, first: date, last: date) -> dict[str, int]:
    """What each channel or source cost in a period."""
    rows = ChannelCost.objects.filter(by=by, month__gte=first.replace(day=1), month__lte=last)
    return spent(rows.values_list("month", "name", "amount_fen"), first, last)


def of_lines(member: Membership, whole: Line, lines: Iterable[Line], period: tuple[date, date], campus: Campus | None,
             by: str) -> dict[Any, Spent]:
    """Costs by the line's name, and of the whole under None; empty for who may not see them, and where only some campuses are counted."""
    if by not in By.values or campus is not None or member.campus_ids() is not None or not member.may("reception.costs"):
        return {}
    found, known = of_period(by, *period), {line.name: line for line in lines}
    told: dict[Any, Spent] = {name: _spent(fen, known.get(name)) for name, fen in found.items()}
    return told | {None: _spent(sum(found.values()), whole)} if found else {}


def unanswered(spent: Mapping[Any, Spent], lines: Iterable[Line]) -> list[Line]:
    """Lines for what cost something and brought nobody."""
    known = {line.name for line in lines}
    return [Line(name, (0,) * len(STEPS), 0, 0) for name in spent if name is not None and name not in known]


def _spent(fen: int, line: Line | None) -> Spent:
    signed = line.counts[STEPS.index("signed")] if line else 0
    return Spent(fen, each(fen, line.booked if line else 0), each(fen, signed))


def names_of(by: str) -> list[tuple[str, str]]:
    """What costs can be entered for: every channel; the sources that the school knows or that a family named. Code and words."""
    if by == By.CHANNEL:
        return [(str(code), str(word)) for code, word in LeadChannel.choices]
    named = set(Lead.objects.exclude(source="").values_list("source", flat=True).distinct())
    named |= set(ChannelCost.objects.filter(by=By.SOURCE).values_list("name", flat=True))
    return [(name, name) for name in [*SOURCES, *sorted(named - set(SOURCES))]]
