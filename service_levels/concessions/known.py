"""What is known when somebody asks for an 优惠: the rules in force, what a family's plan promises, what it had, what is left (X10)."""
from collections.abc import Iterable
from datetime import date

from django.db.models import Max, Sum

from churn.models import CaseCause, ChurnCase
from crm.models import Customer
from service_levels.concessions import budgets
from service_levels.concessions.policy import YEAR, Check, Facts, Policy, Rule, checks
from service_levels.models import Concession, ConcessionPolicy
from service_levels.plans.book import Line, Plan
from service_levels.plans.queries import entitlement_on
from service_levels.plans.queries import in_force as plans_in_force


def in_force() -> Policy:
    """The rules in force; none at all where no version is."""
    held = version()
    return held.as_policy() if held else Policy()


def version() -> ConcessionPolicy | None:
    """The version in force."""
    found: ConcessionPolicy | None = ConcessionPolicy.objects.filter(state="in_force").first()
    return found


def promised() -> dict[str, Line]:
    """The concessions that plans in force promise, by their keys: a rule can be written for each."""
    plans = [plan for version in plans_in_force() for plan in version.as_book().plans]
    return {line.key: line for plan in plans for line in ruled(plan)}


def ruled(plan: Plan) -> list[Line]:
    """The lines of a plan that need a rule."""
    return [line for line in plan.lines if line.ruled]


def plan_of(customer: Customer, day: date) -> Plan | None:
    """By which plan a family is served on a day."""
    found = entitlement_on(customer, day)
    return found.version.as_book().plan(found.plan) if found else None


def facts_of(customer: Customer, policy: Policy, rule: Rule, day: date) -> Facts:
    """What is known of a family for one rule on a day."""
    plan = plan_of(customer, day)
    had = Concession.objects.standing().filter(customer=customer)
    last = had.filter(rule=rule.code).aggregate(at=Max("decided_at__date"))["at"]
    given = had.filter(decided_at__date__gt=day - YEAR).aggregate(fen=Sum("fen"))["fen"] or 0
    caused = CaseCause.objects.filter(case__customer=customer, case__state=ChurnCase.State.OPEN).exists()
    return Facts(frozenset(line.key for line in ruled(plan)) if plan else frozenset(), last, given, caused,
                 budgets.left(policy, rule.code, day.year))


def checks_of(customer: Customer, policy: Policy, rule: Rule, fen: int, day: date) -> tuple[Check, ...]:
    """Everything that must hold, and whether it does today."""
    return checks(policy, rule, fen, facts_of(customer, policy, rule, day), day)


def rules_for(customer: Customer, policy: Policy, day: date) -> list[Rule]:
    """The rules that a family's plan of a day leads to, whether anything else stands in the way or not."""
    plan = plan_of(customer, day)
    keys: Iterable[str] = {line.key for line in ruled(plan)} if plan else ()
    return [rule for rule in policy.rules if rule.line in keys]
