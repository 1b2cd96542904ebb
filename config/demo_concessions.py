"""Concessions in a demo school: rules with budgets that two people put in force, some approved and made use of, some that wait.

It goes through the very actions people use; must be called inside the school's scope, after the entitlements and the cases.
"""
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from crm.models import Customer
from service_levels.concessions import drafting, known, working
from service_levels.concessions.policy import Rule
from service_levels.concessions.working import Wish
from service_levels.models import Entitlement
from tenancy.models import Membership
from tenancy.roles import Role

People = Mapping[str, Membership]
BUDGET = 8  # for so many families of the largest a year
MOST_FEN = 80_000
CAUSED = "tuition"  # the one for which the school wants the causes first
WHYS = ("换过两次老师，家里等了一个月才稳定", "爸爸换工作，手头紧，愿意续一年", "老二也要来，两个孩子一起续", "搬远了一站路，想留下来")
FAMILIES = 8


def give(people: People, *, at: datetime) -> None:
    """Rules first; then eight families: four were given something, two have it before them, two wait for a second person."""
    _rules(people, at=at - timedelta(days=60))
    for number, (customer, rule) in enumerate(_fitting(at)):
        asked = at - timedelta(days=3 * (FAMILIES - number))
        wish = Wish(rule.code, rule.most_fen * (4 - number % 3) // 4, WHYS[number % len(WHYS)])
        row = working.ask(customer, wish, by=people[Role.AGENT], at=asked)
        if number < 6:
            working.grant(row, by=people[Role.DEPUTY], at=asked + timedelta(days=1))
        if number < 4:
            working.give(row, timezone.localdate(asked + timedelta(days=2)), by=people[Role.AGENT], at=asked + timedelta(days=2))


def _rules(people: People, *, at: datetime) -> None:
    draft = drafting.draft_of(by=people[Role.RELATIONS], at=at)
    policy = draft.as_policy()
    rules = tuple(replace(rule, budget_fen=rule.most_fen * BUDGET, caused=rule.code == CAUSED) for rule in policy.rules)
    drafting.keep(draft, replace(policy, rules=rules, most_fen=MOST_FEN), by=people[Role.RELATIONS], at=at)
    drafting.submit(draft, by=people[Role.RELATIONS], at=at)
    drafting.approve(draft, by=people[Role.HEAD], at=at)


def _fitting(at: datetime) -> Iterator[tuple[Customer, Rule]]:
    """Families to whom a rule gives its most, at most eight, each with the first rule that does."""
    policy, day, found = known.in_force(), timezone.localdate(at), 0
    for customer in Customer.objects.filter(pk__in=Entitlement.objects.now().values("customer")).order_by("pk"):
        fits = [rule for rule in known.rules_for(customer, policy, day)
                if all(check.holds for check in known.checks_of(customer, policy, rule, rule.most_fen, day))]
        if fits and found < FAMILIES:
            found += 1
            yield customer, fits[0]
