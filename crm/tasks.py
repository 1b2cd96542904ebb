"""What beat asks of the archive every morning: promises and improvements that were missed or end today."""
from celery import shared_task
from django.utils import timezone

from crm import improving, promises
from tenancy.fan_out import fan_out
from tenancy.models import Tenant
from tenancy.scope import tenant_scope


@shared_task(name="crm.morning_all")
def morning_all() -> None:
    """fan out: one task a tenant."""
    fan_out(morning_one)


@shared_task(name="crm.morning")
def morning_one(tenant_id: int) -> None:
    now = timezone.now()
    with tenant_scope(Tenant.objects.get(pk=tenant_id)):
        promises.tell_missed(at=now)
        promises.tell_due(at=now)
        improving.tell_due(at=now)
