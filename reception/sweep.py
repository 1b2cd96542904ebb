"""排时段: slots derived from the work calendar, again and again; what people took or blocked stays.

A slot whose time is not open any more is withdrawn, never deleted: its bookings show up as those to be moved.
"""
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef

from crm.opening import calendars_for, zone
from notifications.actions import later
from reception import places, telling
from reception.models import Booking, Offer, Slot
from reception.slots import Pattern, fitting
from tenancy.models import Campus
from tenancy.plans import whole_sets
from tenancy.scope import current_tenant_id

SWEEP = "reception.sweep"
Row = tuple[int, int, datetime, datetime, int]  # type, campus, from, to, places

ADD = """
INSERT INTO reception_slot (tenant_id, type_id, campus_id, starts_at, ends_at, capacity, booked, by_hand, extra, state, reason)
SELECT %(tenant)s, type_id, campus_id, starts_at, ends_at, capacity, 0, false, false, 'open', ''
FROM unnest(%(types)s::bigint[], %(campuses)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(places)s::int[])
     AS wanted (type_id, campus_id, starts_at, ends_at, capacity)
ON CONFLICT (tenant_id, type_id, campus_id, starts_at) DO NOTHING
"""
# a free slot takes on its type's new length; one that somebody has taken keeps the length they were told
STRETCH = """
UPDATE reception_slot s SET ends_at = wanted.ends_at
FROM unnest(%(types)s::bigint[], %(campuses)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
     AS wanted (type_id, campus_id, starts_at, ends_at)
WHERE s.tenant_id = %(tenant)s AND s.type_id = wanted.type_id AND s.campus_id = wanted.campus_id AND s.starts_at = wanted.starts_at
  AND s.ends_at <> wanted.ends_at AND s.booked = 0 AND NOT s.extra
  AND NOT EXISTS (SELECT FROM reception_booking b WHERE b.tenant_id = %(tenant)s AND b.slot_id = s.id AND b.state = 'waiting')
"""
# in the order of their ids, as everybody who locks several slots
TURN = """
UPDATE reception_slot SET state = %(to)s WHERE tenant_id = %(tenant)s AND id IN (
  SELECT id FROM reception_slot s
  WHERE s.tenant_id = %(tenant)s AND s.state = %(from)s AND NOT s.extra AND s.starts_at > %(after)s
    AND (s.type_id, s.campus_id, s.starts_at) {isin} (
      SELECT * FROM unnest(%(types)s::bigint[], %(campuses)s::bigint[], %(starts)s::timestamptz[]))
  ORDER BY id FOR NO KEY UPDATE)
RETURNING id
"""


@transaction.atomic
def sweep(*, at: datetime, today: date) -> int:
    """Bring the slots of every open offer up to date, from today to its horizon. Returns how many slots are new."""
    rows = list(_wanted(today, at))
    names = ("types", "campuses", "starts", "ends", "places")
    columns = dict(zip(names, ([row[n] for row in rows] for n in range(5)), strict=True)) | {"tenant": current_tenant_id(), "after": at}
    with connection.cursor() as cursor, whole_sets():  # a year's slots beside those wanted
        cursor.execute(ADD, columns)
        fresh = cursor.rowcount
        cursor.execute(STRETCH, columns)
        cursor.execute(TURN.format(isin="IN"), columns | {"from": "withdrawn", "to": "open"})
        cursor.execute(TURN.format(isin="NOT IN"), columns | {"from": "open", "to": "withdrawn"})
        gone = [row[0] for row in cursor.fetchall()]
    _say(gone, at)
    _resize(at)
    _serve(at)
    return max(fresh, 0)


def _wanted(today: date, at: datetime) -> Iterable[Row]:
    offers = list(Offer.objects.filter(is_open=True, type__is_open=True).select_related("type"))
    calendars = calendars_for({offer.campus_id for offer in offers})
    for offer in offers:
        kind = offer.type
        pattern = Pattern(timedelta(minutes=kind.minutes), timedelta(minutes=kind.rest_minutes))
        last = today + timedelta(days=kind.horizon_days)
        for begin, end in fitting(calendars[offer.campus_id], pattern, today, last):
            if begin > at:
                yield kind.pk, offer.campus_id, begin, end, kind.capacity


def _say(gone: list[int], at: datetime) -> None:
    """The desk of each campus hears how many families stand in slots that have just been withdrawn."""
    there = Counter(campus for campus in hit(slot__in=gone).values_list("slot__campus", flat=True)) if gone else {}
    for campus in Campus.objects.filter(pk__in=there):
        telling.of_hit(campus, there[campus.pk], at=at)


def _resize(at: datetime) -> None:
    """Slots that still have the number of places their type had before get the new one, down to what is taken."""
    differing = Slot.objects.filter(by_hand=False, extra=False, starts_at__gt=at).exclude(capacity=F("type__capacity"))
    for slot in differing.select_related("type").order_by("pk"):
        held = places.locked(slot.pk)[slot.pk]
        places.resize(slot.pk, max(slot.type.capacity, held.booked), at=at, by_hand=False)


def _serve(at: datetime) -> None:
    """Free places for which somebody waits, as when a withdrawn slot comes back."""
    waited = Exists(Booking.objects.waiting().order_by().filter(slot=OuterRef("pk")))
    for pk in Slot.objects.bookable(at).filter(waited, booked__lt=F("capacity")).order_by("pk").values_list("pk", flat=True):
        places.fill(places.locked(pk)[pk], at=at)


def ask() -> None:
    """Have the slots derived again by the worker, after what they are derived from has changed."""
    later(SWEEP)


def today(at: datetime) -> date:
    return at.astimezone(zone()).date()


def hit(**words: Any) -> Any:
    """Bookings that stand in a slot which is not offered any more: whom to call after the calendar changed or a slot was blocked."""
    rows = Booking.objects.coming().exclude(slot__state=Slot.State.OPEN).filter(**words)
    return rows.select_related("slot__type", "slot__campus", "lead")
