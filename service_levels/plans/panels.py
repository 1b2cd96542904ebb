"""What the plans add to pages of the archive: on a family's page what it is owed, on the list a column and a filter."""
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from service_levels.access import VIEW
from service_levels.models import Entitlement, PlanVersion
from service_levels.plans.book import Section
from service_levels.plans.queries import entitlement_on
from tenancy.models import Membership


def owed(member: Membership, customer: Any, day: date) -> dict[str, Any] | None:
    """The plan of the day and its parts that somebody does; nothing for who is not served by any."""
    found = entitlement_on(customer, day) if member.may(VIEW) else None
    if found is None:
        return None
    plan = found.version.as_book().plan(found.plan)
    return {"row": found, "plan": plan, "cadence": plan.of(Section.CADENCE), "told": plan.told}


def row_plans(member: Membership, customer_ids: list[int]) -> dict[str, Any] | None:
    """The column on the list of families."""
    if not member.may(VIEW):
        return None
    rows = Entitlement.objects.now().filter(customer__in=customer_ids).values_list("customer", "version", "plan")
    books = {version.pk: version.as_book() for version in PlanVersion.objects.filter(pk__in={version for _c, version, _p in rows})}
    return {"title": _("服务方案"), "cells": {customer: books[version].plan(plan).name for customer, version, plan in rows}}
