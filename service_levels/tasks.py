"""Every night, after tiers and risks: who is served by which plan."""
from celery import shared_task
from django.utils import timezone

from crm.asked import today
from service_levels.plans import deriving
from tenancy.fan_out import fan_out
from tenancy.models import Tenant
from tenancy.scope import tenant_scope


@shared_task(name="service_levels.derive_all")
def derive_all() -> None:
    """fan out: one task a tenant."""
    fan_out(derive_one)


@shared_task(name="service_levels.derive")
def derive_one(tenant_id: int) -> None:
    with tenant_scope(Tenant.objects.get(pk=tenant_id)):
        deriving.rederive(today(), at=timezone.now())
