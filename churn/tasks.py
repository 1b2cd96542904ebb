"""The nightly sweep: every family's risk, then the cases that the rules open, school by school (SPEC C27)."""
from celery import shared_task
from django.utils import timezone

from churn.cases import opening
from churn.risk import sweep
from crm.asked import today
from tenancy.fan_out import fan_out
from tenancy.models import Tenant
from tenancy.scope import tenant_scope


@shared_task(name="churn.sweep_all")
def sweep_all() -> None:
    """fan out: one task a tenant."""
    fan_out(sweep_one)


@shared_task(name="churn.sweep")
def sweep_one(tenant_id: int) -> None:
    with tenant_scope(Tenant.objects.get(pk=tenant_id)):
        sweep.rederive(today(), today=today(), at=timezone.now())
        opening.open_by_rule(today())
