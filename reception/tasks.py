"""The nightly sweep: the horizon moves on by a day, run-out holds and old answers go, and children who never came to stay are forgotten."""
from celery import shared_task
from django.utils import timezone

from reception import following, forgetting, places, surveying, sweep
from reception.models import Booking
from reception.once import forget_old
from tenancy.fan_out import fan_out
from tenancy.models import Tenant
from tenancy.scope import tenant_scope


@shared_task(name="reception.sweep_all")
def sweep_all() -> None:
    """fan out: one task a tenant."""
    fan_out(sweep_one)


@shared_task(name="reception.sweep")
def sweep_one(tenant_id: int) -> None:
    now = timezone.now()
    with tenant_scope(Tenant.objects.get(pk=tenant_id)):
        sweep.sweep(at=now, today=sweep.today(now))
        for pk in Booking.objects.run_out(now).order_by("slot", "pk").values_list("pk", flat=True):
            places.expire(pk, at=now)
        forget_old(at=now)
        forgetting.forget_unconverted(at=now)


@shared_task(name="reception.morning_all")
def morning_all() -> None:
    """fan out: one task a tenant."""
    fan_out(morning_one)


@shared_task(name="reception.morning")
def morning_one(tenant_id: int) -> None:
    """Each colleague hears whom they have to speak to today; who was filed only after leaving is asked how it was."""
    with tenant_scope(Tenant.objects.get(pk=tenant_id)):
        following.remind(at=timezone.now())
        surveying.ask_missed(at=timezone.now())
