"""The sealer, tenant by tenant."""
from celery import shared_task

from audit.actions import seal
from tenancy.models import Tenant
from tenancy.scope import tenant_scope


@shared_task(name="audit.seal_all")
def seal_all(before: int | None = None) -> None:
    """``before`` as ``audit.actions.seal`` takes it: beat leaves it out."""
    for tenant in Tenant.objects.filter(is_active=True):
        with tenant_scope(tenant):
            seal(before=before)
