"""Who receives a family: nobody is in two slots at once, and the load is shared."""
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from reception.booking import accept, book, cancel, come, join_waitlist
from reception.hosts import assign, assign_somebody
from reception.models import Booking, Offer, OfferHost, Room
from tenancy.promises import broken_promise
from tenancy.refusals import Refused
from tests import makers
from tests.conftest import make_member
from tests.reception.makers import MONDAY, NOW, slot, wish

WHEN = {"cutoff": NOW, "channel": "online", "at": NOW}
HALF = timedelta(minutes=30)


@pytest.fixture
def liang(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def tang(school):
    return make_member(school, "teacher", "唐老师")


def offers(*members) -> None:
    offer = Offer.objects.get(type__code="tour", campus=makers.campus())
    OfferHost.objects.bulk_create([OfferHost(offer=offer, member=member) for member in members])


def booked(starts_at=MONDAY, n: int = 0, here=None) -> Booking:
    return book(here or slot(3, starts_at), wish(n), **WHEN).booking


def test_a_host_is_not_in_two_slots_at_once(liang, miao):
    first, second = booked(), booked(MONDAY + HALF, 1)
    assign(first, liang, by=miao.head)

    with pytest.raises(Refused) as refusal:
        assign(second, liang, by=miao.head)

    assert refusal.value.message == "梁老师 这时候在另一个时段里。"
    assert Booking.objects.get(pk=second.pk).host is None


def test_a_host_may_receive_several_families_of_one_slot(liang, miao):
    here = slot(3)
    for n in range(2):
        assign(booked(n=n, here=here), liang, by=miao.head)

    assert Booking.objects.filter(host=liang).count() == 2


def test_slots_that_only_touch_do_not_collide(liang, miao):
    first, second = booked(), booked(MONDAY + timedelta(minutes=50), 1)
    assign(first, liang, by=miao.head)

    assign(second, liang, by=miao.head)

    assert Booking.objects.filter(host=liang).count() == 2


@pytest.mark.parametrize("over", ["cancel", "expire"])
def test_what_is_over_engages_nobody(liang, miao, over):
    first, second = booked(), booked(MONDAY + HALF, 1)
    assign(first, liang, by=miao.head)
    if over == "cancel":
        cancel(first, reason="", at=NOW)
    else:
        Booking.objects.filter(pk=first.pk).update(state="expired")

    assign(second, liang, by=miao.head)

    assert Booking.objects.get(pk=second.pk).host == liang


def test_a_cancelled_booking_gets_no_host(liang, miao):
    row = booked()
    cancel(row, reason="", at=NOW)

    with pytest.raises(Refused) as refusal:
        assign(row, liang, by=miao.head)

    assert refusal.value.code == "changed"


def test_a_room_is_not_used_by_two_slots_at_once(miao):
    room = Room.objects.create(campus=makers.campus(), name="接待室")
    first, second = booked(), booked(MONDAY + HALF, 1)
    Booking.objects.filter(pk=first.pk).update(room=room)

    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Booking.objects.filter(pk=second.pk).update(room=room)

    assert broken_promise(error.value) == "这个房间这时候在另一个时段里用着。"


def test_whoever_has_the_fewest_visits_receives_the_family(liang, tang, miao):
    offers(liang, tang)
    assign(booked(MONDAY + timedelta(hours=3), 1), liang, by=miao.head)

    assert assign_somebody(booked()) == tang


def test_the_next_one_receives_when_the_first_is_engaged(liang, tang, miao):
    offers(liang, tang)
    for n in range(3):
        assign(booked(MONDAY + timedelta(hours=2 + n), n), tang, by=miao.head)  # the busier of the two
    assign(booked(MONDAY + HALF, 8), liang, by=miao.head)

    assert assign_somebody(booked(n=9)) == tang


def test_nobody_receives_when_all_are_engaged_or_none_is_named(liang, miao):
    nobody = assign_somebody(booked())
    offers(liang)
    assign(booked(MONDAY + HALF, 1), liang, by=miao.head)

    assert nobody is None and assign_somebody(booked(MONDAY + timedelta(minutes=10), 2)) is None


def test_who_has_left_receives_nobody(liang, miao):
    offers(liang)
    type(liang).objects.filter(pk=liang.pk).update(is_active=False)

    assert assign_somebody(booked()) is None


def test_a_booking_that_has_a_host_or_only_waits_is_left_alone(liang, tang, miao):
    offers(tang)
    row = booked(here=slot(1))
    assign(row, liang, by=miao.head)
    row.refresh_from_db()
    waits = join_waitlist(row.slot, wish(1), **WHEN)[0].booking

    assert assign_somebody(row) is None and assign_somebody(waits) is None


def test_an_accepted_offer_gets_a_host_and_who_arrived_keeps_theirs(liang, miao):
    offers(liang)
    row = booked(here=slot(1))
    waits = join_waitlist(row.slot, wish(1), **WHEN)[0].booking
    cancel(row, reason="", at=NOW)
    waits.refresh_from_db()
    accept(waits, at=NOW)
    waits.refresh_from_db()

    host = assign_somebody(waits)
    come(waits, "arrive", by=miao.head, at=MONDAY)

    assert host == liang and Booking.objects.get(pk=waits.pk).host == liang
