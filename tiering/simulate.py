"""试算 (B1): a draft judged on everybody beside the version in force. Nothing is written."""
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.models import CHURN_OUTCOMES, Customer, Enrolment
from tenancy.models import Campus
from tiering.facts import Known, gather
from tiering.models import SchemeVersion
from tiering.movement import NEW, Movement
from tiering.queries import label_of
from tiering.rules import Decision, Scheme, judge

SHOWN = 60


@dataclass
class Mover:
    customer: Any
    before: str
    after: str
    decided_by: str
    score_before: float
    score_after: float


@dataclass
class Simulation:
    size: int
    movement: Movement
    movers: list[Mover]
    moved: int
    by_campus: list[tuple[str, int, int]]  # name, moved, of


def deciding(first: Scheme, old: Decision, second: Scheme, new: Decision) -> str:
    """The indicator whose part differs most between two schemes on the same facts; "" when only limits or cuts do."""
    before = dict(zip([i.code for i in first.indicators], old.parts, strict=True))
    after = dict(zip([i.code for i in second.indicators], new.parts, strict=True))
    changes = {code: abs(after.get(code, 0) - before.get(code, 0)) for code in {*before, *after}}
    most = max(sorted(changes), key=lambda code: changes[code])
    if new.held_back_by != old.held_back_by or not changes[most]:
        return ""
    return most


def _within(rules: Scheme, type_id: int, as_of: date, campuses: Sequence[int] | None) -> Iterator[Known]:
    return (known for known in gather(rules, type_id, as_of) if campuses is None or known.campus in campuses)


def simulate(current: SchemeVersion, draft: SchemeVersion, as_of: date, campuses: Sequence[int] | None = None) -> Simulation:
    """Both schemes over the same customers on the same day; facts are gathered once for each scheme's windows.

    ``campuses`` are those that the reader works for; None means all.
    """
    first, second = current.as_rules(), draft.as_rules()
    type_id = current.scheme.customer_type_id
    decide_old, decide_new = judge(first), judge(second)
    old = {known.customer: decide_old(known.facts) for known in _within(first, type_id, as_of, campuses)}
    movement, movers = Movement(second.labels), []
    campus_all: Counter[int] = Counter()
    campus_moved: Counter[int] = Counter()
    for known in _within(second, type_id, as_of, campuses):
        new, was = decide_new(known.facts), old.get(known.customer)
        before = label_of(first.labels, was.tier) if was else ""
        after = label_of(second.labels, new.tier)
        campus_all[known.campus] += 1
        if after:
            movement.counts[before if before in second.labels else NEW, after] += 1
        if was and before and after and before != after:
            campus_moved[known.campus] += 1
            movers.append((known.customer, before, after, deciding(first, was, second, new), was.score / 100, new.score / 100))
    names = dict(Campus.objects.values_list("pk", "name"))
    campuses = [(names[pk], campus_moved[pk], n) for pk, n in sorted(campus_all.items())]
    return Simulation(sum(campus_all.values()), movement, _named(movers[:SHOWN]), len(movers), campuses)


def _named(movers: list[tuple[int, str, str, str, float, float]]) -> list[Mover]:
    customers = Customer.objects.select_related("campus").in_bulk([row[0] for row in movers])
    return [Mover(customers[pk], *rest) for pk, *rest in movers]


@dataclass
class Backtest:
    """回测: of those who left after a past day, how many each version had in its lowest tier on that day."""

    as_of: date
    left: int
    by_current: int
    by_draft: int


def backtest(current: SchemeVersion, draft: SchemeVersion, as_of: date, until: date) -> Backtest:
    """Natural leavers do not count; only customers both versions could judge on the day do."""
    leavers = set(Enrolment.objects.filter(until_on__gt=as_of, until_on__lte=until, outcome__in=CHURN_OUTCOMES)
                  .values_list("child__family__customer_id", flat=True))
    flagged = []
    for version in (current, draft):
        rules = version.as_rules()
        decide = judge(rules)
        flagged.append({k.customer for k in gather(rules, version.scheme.customer_type_id, as_of, sorted(leavers))
                        if decide(k.facts).tier == rules.last})
    return Backtest(as_of, len(leavers), len(flagged[0]), len(flagged[1]))
