"""优惠预算: what a rule has given in a calendar year. Nothing else writes ``ConcessionBudget`` (X10).

A budget is taken from by one conditional statement, so two approvals at the same moment never spend the last yuan twice.
"""
from typing import Any

from django.db import connection

from service_levels.concessions.policy import Policy
from service_levels.models import ConcessionBudget
from tenancy.scope import current_tenant_id

OPEN = """INSERT INTO service_levels_concessionbudget (tenant_id, rule, year, used_fen) VALUES (%(tenant)s, %(rule)s, %(year)s, 0)
          ON CONFLICT (tenant_id, rule, year) DO NOTHING"""
TAKE = """UPDATE service_levels_concessionbudget SET used_fen = used_fen + %(fen)s
          WHERE tenant_id = %(tenant)s AND rule = %(rule)s AND year = %(year)s AND used_fen + %(fen)s <= %(budget)s"""
GIVE_BACK = """UPDATE service_levels_concessionbudget SET used_fen = used_fen - %(fen)s
               WHERE tenant_id = %(tenant)s AND rule = %(rule)s AND year = %(year)s"""


def take(rule: str, year: int, fen: int, *, budget: int) -> bool:
    """``fen`` out of the year's ``budget`` of a rule; False, and nothing taken, where it does not reach."""
    told: dict[str, Any] = {"tenant": current_tenant_id(), "rule": rule, "year": year, "fen": fen, "budget": budget}
    with connection.cursor() as cursor:
        cursor.execute(OPEN, told)
        cursor.execute(TAKE, told)
        return bool(cursor.rowcount)


def give_back(rule: str, year: int, fen: int) -> None:
    """What was taken and not made use of is there again, in the year it was taken from."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, {"tenant": current_tenant_id(), "rule": rule, "year": year, "fen": fen})


def used(year: int) -> dict[str, int]:
    """分 that each rule has given in a year."""
    return dict(ConcessionBudget.objects.filter(year=year).values_list("rule", "used_fen"))


def left(policy: Policy, code: str, year: int) -> int:
    """分 that a rule of the policy has left in a year; below nothing where its budget was cut after it was spent."""
    rule = policy.rule(code)
    return (rule.budget_fen if rule else 0) - used(year).get(code, 0)
