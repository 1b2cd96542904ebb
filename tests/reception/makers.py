"""Slots and wishes for tests; each must be called inside a tenant scope."""
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from reception.booking import Wish
from reception.models import Booking, Slot, VisitType
from tests import makers

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 10:00 at the campus, a Friday
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def soon(ahead: timedelta) -> datetime:
    """So far ahead of now; what lies days ahead is counted from nine in the morning, so that no test depends on when it runs."""
    now = timezone.now()
    if ahead < timedelta(days=1):
        return (now + ahead).replace(microsecond=0)
    morning = timezone.localtime(now + timedelta(days=ahead.days)).replace(hour=9, minute=0, second=0, microsecond=0)
    return (morning + (ahead - timedelta(days=ahead.days))).astimezone(UTC)


def slot(capacity: int = 1, starts_at: datetime = MONDAY, code: str = "tour", campus=None, **fields) -> Slot:
    kind = VisitType.objects.get(code=code)
    return Slot.objects.create(
        type=kind,
        campus=campus or makers.campus(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=50),
        capacity=capacity,
        **fields,
    )


def wish(n: int = 0, **fields) -> Wish:
    told = {"guardian_name": "罗女士", "phone": f"1380013{n:04d}", "notice_version": "1", "needs": ("午睡",)}
    return Wish(**(told | fields))


def counted(slot: Slot) -> tuple[int, int]:
    """The counter and the rows it counts."""
    return Slot.objects.get(pk=slot.pk).booked, Booking.objects.taking().filter(slot=slot).count()


def states(slot: Slot) -> list[str]:
    return list(Booking.objects.filter(slot=slot).order_by("id").values_list("state", flat=True))
