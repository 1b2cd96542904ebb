"""Reads of 优惠: who was given what, what waits for approval, how much of each budget is used (X10)."""
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum

from crm.models import Customer
from crm.queries import search
from service_levels.access import concessions
from service_levels.concessions import budgets, known
from service_levels.concessions.policy import Policy, Rule
from service_levels.models import Concession, ConcessionPolicy
from service_levels.plans.book import Line, Plan
from tenancy.models import Membership

State = Concession.State
TABS = {"waiting": [State.ASKED], "granted": [State.GRANTED], "given": [State.GIVEN], "all": list(State)}


@dataclass(frozen=True)
class Spent:
    """A rule and what of its budget is used in a year; 分."""

    rule: Rule
    used_fen: int

    @property
    def left_fen(self) -> int:
        return max(0, self.rule.budget_fen - self.used_fen)

    @property
    def share(self) -> float:
        return self.used_fen / self.rule.budget_fen if self.rule.budget_fen else 0.0

    @property
    def is_short(self) -> bool:
        """Whether it does not reach for one more of the largest."""
        return self.left_fen < self.rule.most_fen


@dataclass(frozen=True)
class Offered:
    """What a family's plan promises, the rule that puts it into practice, and what the family was given by it last."""

    line: Line
    rule: Rule | None
    last: Concession | None


def spent(policy: Policy, year: int) -> list[Spent]:
    used = budgets.used(year)
    return [Spent(rule, used.get(rule.code, 0)) for rule in policy.rules]


def listed(member: Membership, tab: str, words: str = "", rule: str = "") -> QuerySet[Any]:
    """What the member may see, the latest first; ``tab`` one of TABS, what waits where it is none of them."""
    rows = concessions(member).filter(state__in=TABS.get(tab, TABS["waiting"]))
    if words.strip():
        rows = rows.filter(customer__in=search(Customer.objects.present(), words).values("pk"))
    return rows.filter(rule=rule) if rule else rows


def counts(member: Membership) -> dict[str, int]:
    """How many are in each tab."""
    found = dict(concessions(member).order_by().values_list("state").annotate(n=Count("id")))
    return {tab: sum(found.get(state, 0) for state in states) for tab, states in TABS.items()}


def of_the_year(member: Membership, year: int) -> dict[str, Any]:
    """How many were granted out of a year's budget and stand, and what they come to."""
    rows = concessions(member).order_by().filter(year=year, state__in=[State.GRANTED, State.GIVEN])
    told: dict[str, Any] = rows.aggregate(count=Count("id"), fen=Sum("fen"))
    return {"count": told["count"], "fen": told["fen"] or 0}


def offered(customer: Customer, plan: Plan, policy: Policy, day: date) -> list[Offered]:
    """Line by line what a plan promises off, with every rule for it; a line without a rule gives nobody anything."""
    latest: dict[str, Concession] = {}
    for row in Concession.objects.filter(customer=customer, asked_at__date__lte=day).order_by("asked_at", "id"):
        latest[row.rule] = row
    found = []
    for line in known.ruled(plan):
        rules = policy.of_line(line.key)
        found += [Offered(line, rule, latest.get(rule.code)) for rule in rules] or [Offered(line, None, None)]
    return found


def draft() -> ConcessionPolicy | None:
    """The version that somebody works on, or that waits for approval."""
    return ConcessionPolicy.objects.filter(state__in=["draft", "submitted"]).first()


def unruled(policy: Policy) -> list[Line]:
    """What plans promise and no rule in force puts into practice: nobody can be given it."""
    return [line for key, line in known.promised().items() if not policy.of_line(key)]
