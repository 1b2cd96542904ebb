"""Every night, after tiers and risks: who is served by which plan and who is to be called; in the morning who is reminded."""
from celery import shared_task
from django.utils import timezone

from crm.asked import today
from service_levels import nightly
from service_levels.requests import sweep as sweep_clocks
from service_levels.touches import sweep
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
        nightly.derive(today(), at=timezone.now())


@shared_task(name="service_levels.morning_all")
def morning_all() -> None:
    """fan out: one task a tenant."""
    fan_out(morning_one)


@shared_task(name="service_levels.morning")
def morning_one(tenant_id: int) -> None:
    with tenant_scope(Tenant.objects.get(pk=tenant_id)):
        sweep.remind(today(), at=timezone.now())


@shared_task(name="service_levels.clocks_all")
def clocks_all() -> None:
    """Every minute: the schools in which a deadline is near or over."""
    for pk in sweep_clocks.schools_due(timezone.now()):
        clocks_one.delay(pk)


@shared_task(name="service_levels.clocks")
def clocks_one(tenant_id: int) -> None:
    """Chunk by chunk, each in a scope of its own, until nothing is due."""
    now, tenant, more = timezone.now(), Tenant.objects.get(pk=tenant_id), True
    while more:
        with tenant_scope(tenant):
            more = sweep_clocks.sweep(now) == sweep_clocks.CHUNK
