"""What the worker does with an outbox row, and the sign of life of worker and beat."""
from celery import shared_task
from celery.signals import beat_init, worker_ready
from django.core.cache import cache
from django.utils import timezone

from notifications import parents
from notifications.actions import consume, count_failure
from notifications.channels import give_up
from tenancy.models import Tenant
from tenancy.scope import tenant_scope

ALIVE = 90  # seconds without a sign after which a process counts as gone


@shared_task(name="notifications.consume")
def consume_row(tenant_id: int, outbox_id: int) -> None:
    tenant = Tenant.objects.get(pk=tenant_id)
    try:
        with tenant_scope(tenant):
            done = consume(outbox_id)
    except Exception:
        with tenant_scope(tenant):
            count_failure(outbox_id)
        raise
    if done and done.after:
        done.after(tenant)


@shared_task(name="notifications.give_up")
def give_up_all() -> None:
    """Every few minutes: what was being sent when a worker died has an outcome nobody knows."""
    for tenant in Tenant.objects.filter(is_active=True):
        with tenant_scope(tenant):
            give_up()
            parents.give_up(timezone.now())


@shared_task(name="notifications.heartbeat")
def heartbeat() -> None:
    cache.set_many({"up:worker": 1, "up:beat": 1}, ALIVE)


@worker_ready.connect
def _worker_up(**_: object) -> None:
    cache.set("up:worker", 1, ALIVE)


@beat_init.connect
def _beat_up(**_: object) -> None:
    cache.set("up:beat", 1, ALIVE)
