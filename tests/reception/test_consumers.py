"""What the worker does for reception, through the outbox: filing, hosts, expiry, slots, telling."""
from datetime import timedelta

import pytest

from audit.models import Entry
from crm.models import Child, Customer, TimelineEntry
from notifications.actions import consume
from notifications.models import Message, Outbox
from reception import places
from reception.booking import book, cancel, hold, join_waitlist, move
from reception.models import Booking, Offer, OfferHost, Slot, VisitType
from reception.sweep import SWEEP, ask
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.reception.makers import MONDAY, NOW, slot, wish

WHEN = {"cutoff": NOW, "channel": "online", "at": NOW}


def work(topic: str) -> int:
    """Do all that waits under a topic; how many rows there were."""
    rows = list(Outbox.objects.filter(topic=topic, done_at=None).order_by("id"))
    for row in rows:
        consume(row.pk)
    return len(rows)


@pytest.fixture
def liang(school):
    return make_member(school, "teacher", "梁老师")


def offers(*members) -> None:
    offer = Offer.objects.get(type__code="tour", campus=makers.campus())
    OfferHost.objects.bulk_create([OfferHost(offer=offer, member=member) for member in members])


def test_a_booking_is_filed_and_gets_a_host(liang, miao):
    offers(liang)
    book(slot(), wish(child_name="小满", child_data=True), **WHEN)

    assert work("reception.booked") == 1

    row = Booking.objects.select_related("lead__customer", "host").get()
    assert row.lead.customer.name == "小满一家" and row.host == liang and Child.objects.count() == 1
    assert TimelineEntry.objects.get().title == "预约 参观：本部 11-23 09:00"


def test_working_a_booking_twice_changes_nothing(miao):
    book(slot(), wish(), **WHEN)
    row = Outbox.objects.get(topic="reception.booked")
    consume(row.pk)
    Outbox.objects.filter(pk=row.pk).update(done_at=None)  # delivered again

    consume(row.pk)

    assert Customer.objects.count() == 1 and TimelineEntry.objects.count() == 1


def test_who_waits_is_filed_as_waiting_and_has_no_host(liang, miao):
    offers(liang)
    here = slot(1)
    book(here, wish(), **WHEN)
    join_waitlist(here, wish(1), **WHEN)

    work("reception.booked")

    assert TimelineEntry.objects.filter(title__startswith="候补 参观").count() == 1
    assert Booking.objects.get(state="waiting").host is None


def test_two_bookings_of_one_number_are_one_family(miao):
    here = slot(2)
    for name in ("小满", "小树"):
        book(here, wish(child_name=name, child_data=True), **WHEN)

    work("reception.booked")

    assert Customer.objects.count() == 1 and Child.objects.count() == 2


def test_a_moved_booking_gets_somebody_who_is_free_then(liang, miao):
    tang = make_other(miao, "唐老师")
    offers(liang, tang)
    first, later = slot(), slot(1, MONDAY + timedelta(hours=3))
    row = book(first, wish(), **WHEN).booking
    work("reception.booked")
    before = Booking.objects.get(pk=row.pk).host

    move(Booking.objects.get(pk=row.pk), later, cutoff=NOW, at=NOW)
    work("reception.changed")

    assert before is not None and Booking.objects.get(pk=row.pk).host is not None


def make_other(miao, name: str):
    user = type(miao.head.user).objects.create(username=f"{name}@miao", password="!")
    return type(miao.head).objects.create(user=user, role="teacher", name=name)


def test_a_hold_expires_by_the_outbox(miao):
    here = slot(1)
    hold(here, cutoff=NOW, channel="online", at=NOW - timedelta(days=400))

    assert work(places.EXPIRE) == 1 and Slot.objects.get(pk=here.pk).booked == 0


def test_a_hold_that_was_booked_is_not_expired(miao):
    here = slot(1)
    kept = hold(here, cutoff=NOW, channel="online", at=NOW - timedelta(days=400)).booking
    book_it(kept)

    work(places.EXPIRE)

    assert Booking.objects.get(pk=kept.pk).state == "booked"
    assert Slot.objects.get(pk=here.pk).booked == 1


def book_it(kept: Booking) -> None:
    row = book(slot(1, MONDAY + timedelta(hours=5)), wish(), **WHEN).booking
    Booking.objects.filter(pk=kept.pk).update(state="booked", lead=row.lead, expires_at=None)


def test_the_desk_is_told_of_a_place_kept_for_who_waited(school):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    desk, western = make_member(school, "frontdesk", "东"), make_member(school, "frontdesk", "西", campuses=[west])
    teacher = make_member(school, "teacher", "梁")
    with tenant_scope(school):
        here = slot(1)
        row = book(here, wish(), **WHEN).booking
        waits = join_waitlist(here, wish(1), **WHEN)[0].booking
        cancel(row, reason="", at=NOW)

        work(places.OFFERED)

        message = Message.objects.get(member=desk)
        assert waits.reference in message.title and "有位留给候补" in message.title
        assert not Message.objects.filter(member__in=[western, teacher]).exists()


def test_slots_are_laid_when_somebody_asks(miao, on_the_day):
    VisitType.objects.exclude(code="tour").update(is_open=False)
    ask()

    assert work(SWEEP) == 1 and Slot.objects.filter(type__code="tour").count() > 50


def test_no_payload_of_reception_holds_more_than_ids(miao):
    here = slot(1)
    row = book(here, wish(child_name="小满", child_data=True), **WHEN).booking
    join_waitlist(here, wish(1), **WHEN)
    cancel(row, reason="孩子发烧", at=NOW)

    words = {str(value) for payload in Outbox.objects.values_list("payload", flat=True) for value in payload.values()}
    assert all(word.isdecimal() or word in ("cancel", "accept", "move", "None", "False",
            "True") or word.startswith(("reception.", "2026-")) for word in words), words


def test_no_audit_row_of_a_booking_holds_text_about_a_person(miao):
    row = book(slot(1), wish(child_name="小满", child_data=True), **WHEN).booking
    cancel(row, reason="孩子发烧", at=NOW)

    told = str(list(Entry.objects.filter(verb__startswith="reception.").values_list("data", flat=True)))
    assert not any(word in told for word in ("小满", "罗女士", "1380013", "发烧"))
