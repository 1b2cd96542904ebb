"""Slots derived from the work calendar: once, again, after a change; and what people took or blocked stays."""
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.opening import work_calendar
from crm.timetable import CHANGED, add_days, remove_days
from notifications.actions import consume
from notifications.models import Message, Outbox
from reception import places
from reception.booking import book, cancel, join_waitlist
from reception.furnish import furnish
from reception.models import Booking, Offer, Slot, VisitType
from reception.sweep import hit, sweep, today
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school
from tests.reception.makers import NOW, wish

FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)
WHEN = {"cutoff": NOW, "channel": "online", "at": NOW}


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def tours(miao):
    """Only tours, three days ahead of a Friday at ten: the rest of Friday, and Monday."""
    VisitType.objects.exclude(code="tour").update(is_open=False)
    VisitType.objects.filter(code="tour").update(horizon_days=3)
    return miao


def again() -> int:
    return sweep(at=NOW, today=FRIDAY)


def starts(**words) -> list[str]:
    return [f"{timezone.localtime(s.starts_at):%d %H:%M}" for s in Slot.objects.filter(**words)]


def close(day: date, by, name: str = "检修"):
    return add_days(work_calendar(), first=day, last=day, kind="closure", name=name, hours="", by=by)


def test_slots_are_those_of_the_calendar_and_none_lies_behind(tours):
    fresh = again()

    assert starts() == [
        "20 11:00", "20 14:00", "20 15:00", "20 16:00",
        "23 08:00", "23 09:00", "23 10:00", "23 11:00", "23 14:00", "23 15:00", "23 16:00",
    ]  # fmt: skip
    assert fresh == 11
    assert set(Slot.objects.values_list("capacity", "booked", "state")) == {(3, 0, "open")}


def test_sweeping_again_changes_nothing(tours):
    again()
    before = list(Slot.objects.order_by("id").values())

    assert again() == 0 and list(Slot.objects.order_by("id").values()) == before


def test_each_open_offer_has_slots_of_its_own_calendar(tours):
    west = Campus.objects.create(code="west", name="西园")
    Offer.objects.create(type=VisitType.objects.get(code="tour"), campus=west)

    assert again() == 22
    Offer.objects.filter(campus=west).update(is_open=False)
    again()

    assert set(Slot.objects.filter(campus=west).values_list("state", flat=True)) == {"withdrawn"}


def test_a_closed_day_is_withdrawn_and_comes_back_with_its_bookings(tours):
    again()
    slot = Slot.objects.filter(starts_at__date=MONDAY).first()
    row = book(slot, wish(), **WHEN).booking
    closure = close(MONDAY, tours.head)
    again()
    closed, hits = starts(state="open"), list(hit())
    remove_days(closure, by=tours.head)
    again()

    assert closed == ["20 11:00", "20 14:00", "20 15:00", "20 16:00"] and hits == [row]
    assert len(starts(state="open")) == 11
    assert list(hit()) == []
    assert Slot.objects.get(pk=slot.pk).booked == 1


def test_who_waited_for_a_slot_that_comes_back_is_served(tours):
    VisitType.objects.filter(code="tour").update(capacity=1)
    again()
    slot = Slot.objects.filter(starts_at__date=MONDAY).first()
    row = book(slot, wish(), **WHEN).booking
    waits = join_waitlist(slot, wish(1), **WHEN)[0].booking
    closure = close(MONDAY, tours.head)
    again()
    cancel(row, reason="闭园", at=NOW)
    still = Booking.objects.get(pk=waits.pk).state
    remove_days(closure, by=tours.head)

    again()

    assert still == "waiting"
    assert Booking.objects.get(pk=waits.pk).state == "offered"
    assert Slot.objects.get(pk=slot.pk).booked == 1


def test_a_new_length_lays_new_slots_and_withdraws_the_old(tours):
    again()
    taken = Slot.objects.get(starts_at__date=MONDAY, starts_at__hour=8)  # eight o'clock at the campus
    row = book(taken, wish(), **WHEN).booking
    VisitType.objects.filter(code="tour").update(minutes=110)

    again()

    lengths = {f"{timezone.localtime(s.starts_at):%d %H:%M}": (s.ends_at - s.starts_at).seconds // 60 for s in Slot.objects.filter(state="open")}
    assert lengths == {"20 14:00": 110, "23 08:00": 50, "23 10:00": 110, "23 14:00": 110}
    assert list(hit()) == []
    assert Booking.objects.get(pk=row.pk).ends_at == Slot.objects.get(pk=taken.pk).ends_at


def test_a_new_number_of_places_reaches_free_slots_and_stops_at_what_is_taken(tours):
    again()
    full, free, own = Slot.objects.filter(starts_at__date=MONDAY)[:3]
    for n in range(3):
        book(full, wish(n), **WHEN)
    places.resize(own.pk, 5, at=NOW)
    VisitType.objects.filter(code="tour").update(capacity=2)

    again()

    assert [Slot.objects.get(pk=s.pk).capacity for s in (full, free, own)] == [3, 2, 5]


def test_what_was_blocked_by_hand_stays_blocked_and_what_was_added_stays(tours):
    again()
    first, second = Slot.objects.filter(starts_at__date=MONDAY)[:2]
    Slot.objects.filter(pk=first.pk).update(state="blocked")
    Slot.objects.filter(pk=second.pk).update(extra=True, starts_at=second.starts_at + timedelta(minutes=5))

    again()

    assert Slot.objects.get(pk=first.pk).state == "blocked"
    assert Slot.objects.get(pk=second.pk).state == "open"


def test_the_past_is_left_alone(tours):
    again()
    close(FRIDAY, tours.head)

    sweep(at=NOW + timedelta(hours=5), today=FRIDAY)  # three in the afternoon

    assert starts(state="open", starts_at__date=FRIDAY) == ["20 11:00", "20 14:00", "20 15:00"]


def test_a_changed_calendar_is_swept_by_the_worker(tours, on_the_day):
    again()
    close(MONDAY, tours.head)
    told = Outbox.objects.get(topic=CHANGED)

    consume(told.pk)

    assert starts(state="open", starts_at__date=MONDAY) == []


def test_more_slots_take_no_more_statements(tours):
    few = counted()
    VisitType.objects.filter(code="tour").update(horizon_days=40)

    assert counted() == few <= 14 and Slot.objects.count() > 150


def counted() -> int:
    with CaptureQueriesContext(connection) as queries:
        again()
    return len(queries)


@pytest.mark.parametrize(("zone", "day"), [("Asia/Shanghai", date(2026, 11, 20)), ("America/New_York", date(2026, 11, 19))])
def test_today_is_the_campuss(school, zone, day):
    school.time_zone = zone

    with tenant_scope(school):
        assert today(NOW) == day


@pytest.mark.parametrize("kind", ["kindergarten", "nursery", "training"])
def test_a_new_school_receives_families_at_every_campus(db, kind):
    tenant = make_school(f"new-{kind}", kind, east="东园", west="西园")

    with tenant_scope(tenant):
        furnish(tenant)

        assert [t.name for t in VisitType.objects.all()] == ["参观", "体验课", "咨询", "签约"]
        assert Offer.objects.count() == 8
        assert list(VisitType.objects.filter(is_public=False).values_list("code", flat=True)) == ["signing"]


def test_a_school_keeps_the_types_it_made_of_the_shipped_ones(miao):
    VisitType.objects.exclude(code="tour").delete()

    furnish(miao)

    assert VisitType.objects.count() == 1


def test_the_desk_hears_once_how_many_families_a_changed_calendar_hits(fang, tours):
    again()
    here = Slot.objects.filter(starts_at__date=MONDAY).order_by("starts_at")
    for n, one in enumerate((here[0], here[0], here[1])):
        book(one, wish(n), **WHEN)
    close(MONDAY, tours.head)
    again()
    again()

    assert list(Message.objects.filter(title__contains="不开放").values_list("member__name", "title", "link")) == [
        ("方老师", f"{here[0].campus.name} 有 3 组约在不开放的时段里，请打电话改约", "visits/")]


def test_a_changed_calendar_that_hits_nobody_tells_nobody(fang, tours):
    again()
    close(MONDAY, tours.head)
    again()

    assert not Message.objects.filter(title__contains="不开放").exists()
