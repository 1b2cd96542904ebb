"""Every night each family's risk and its cases; every morning what measures come to and who is told (C17, C27)."""
from celery import shared_task
from django.utils import timezone

from churn.cases import opening
from churn.departments import entering
from churn.measures import evaluating, monthly, working
from churn.meetings import agenda
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


@shared_task(name="churn.morning_all")
def morning_all() -> None:
    """fan out: one task a tenant."""
    fan_out(morning_one)


@shared_task(name="churn.morning")
def morning_one(tenant_id: int) -> None:
    now = timezone.now()
    with tenant_scope(Tenant.objects.get(pk=tenant_id)):
        evaluating.renew(today(), at=now)
        working.tell_due(today(), at=now)
        monthly.tell(today(), at=now)
        agenda.invite(today(), at=now)
        entering.remind(today(), at=now)
