"""Quarterly on the first day of the quarter, and the nightly sweep."""
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from tenancy.fan_out import fan_out
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tiering.actions import compute
from tiering.models import Batch, SchemeVersion
from tiering.sweeps import expire_overrides, rederive


@shared_task(name="tiering.retier_all")
def retier_all() -> None:
    """fan out: one task a tenant."""
    fan_out(retier)


@shared_task(name="tiering.retier")
def retier(tenant_id: int) -> None:
    """Compute every scheme as of yesterday, the quarter's last day; a second delivery finds it done."""
    with tenant_scope(Tenant.objects.get(pk=tenant_id)):
        today = timezone.localdate()
        as_of = today - timedelta(days=1)
        for version in SchemeVersion.objects.filter(state="in_force").select_related("scheme"):
            if not Batch.objects.filter(version__scheme=version.scheme, as_of=as_of).exclude(state="rejected").exists():
                compute(version, as_of=as_of, today=today, by=None, at=timezone.now())


@shared_task(name="tiering.rejudge_all")
def rejudge_all() -> None:
    """fan out: one task a tenant."""
    fan_out(rejudge)


@shared_task(name="tiering.rejudge")
def rejudge(tenant_id: int) -> None:
    with tenant_scope(Tenant.objects.get(pk=tenant_id)):
        expire_overrides(timezone.localdate())
        for version in SchemeVersion.objects.filter(state="in_force").select_related("scheme"):
            rederive(version, timezone.localdate())
