"""Ninety days after the last visit an unconverted child is forgotten, as the notice promises; not a day before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Child, Customer, Enrolment, Lead
from reception.booking import book, cancel
from reception.forgetting import due, forget_unconverted
from reception.models import Booking, BookingRules, TimeWish, VisitType
from reception.tasks import sweep_one
from reception.wishing import wish_time
from tenancy.scope import tenant_scope
from tests import makers
from tests.reception.makers import MONDAY, NOW, slot, wish
from tests.reception.test_consumers import work

WHEN = {"cutoff": NOW, "channel": "online", "at": NOW}
LAST = MONDAY + timedelta(days=90)
ON_TIME = LAST + timedelta(seconds=1)


def came(name: str = "小满", n: int = 0, starts_at=MONDAY) -> Booking:
    made = book(slot(starts_at=starts_at), wish(n, child_name=name, child_data=True), **WHEN).booking
    work("reception.booked")
    return made


def test_a_child_is_forgotten_when_its_time_is_over_and_not_before(miao):
    came()

    early, on_time = forget_unconverted(at=LAST), forget_unconverted(at=ON_TIME)

    assert (early, on_time, Child.objects.count()) == (0, 1, 0)
    assert Customer.objects.get().name == "罗女士一家"
    assert "child_name" not in Lead.objects.get().told()


def test_the_second_night_finds_nothing_more(miao):
    came()
    forget_unconverted(at=ON_TIME)

    assert forget_unconverted(at=ON_TIME + timedelta(days=1)) == 0


def test_whoever_enrolled_is_kept(miao):
    came()
    Enrolment.objects.create(child=Child.objects.get(), campus=makers.campus(), from_on=MONDAY.date())

    assert forget_unconverted(at=ON_TIME) == 0 and Child.objects.get().name == "小满"
    assert Lead.objects.get().told()["child_name"] == "小满"


def test_the_days_count_from_the_family_s_last_visit(miao):
    came()
    came("小满", starts_at=MONDAY + timedelta(days=3))

    early, on_time = forget_unconverted(at=ON_TIME), forget_unconverted(at=ON_TIME + timedelta(days=3))

    assert (early, on_time, Child.objects.count()) == (0, 2, 0)


def test_a_visit_that_was_called_off_counts_like_one(miao):
    cancel(came(), reason="孩子发烧", at=NOW)

    assert (forget_unconverted(at=LAST), forget_unconverted(at=ON_TIME)) == (0, 1)


def test_an_enquiry_without_a_visit_counts_from_the_day_it_came(miao):
    kind = VisitType.objects.get(code="tour")
    asked = wish(child_name="小满", child_data=True, when="周末上午")
    wish_time(asked, campus=makers.campus(), kind=kind, channel="online", at=NOW)
    work("reception.wished")
    assert TimeWish.objects.count() == 1
    over = NOW + timedelta(days=90)

    assert (forget_unconverted(at=over), forget_unconverted(at=over + timedelta(seconds=1))) == (0, 1)


def test_a_guardian_who_refused_is_not_looked_at(miao):
    book(slot(), wish(), **WHEN)
    work("reception.booked")

    assert not due(ON_TIME).exists()


def test_the_school_s_own_number_of_days_is_kept(miao):
    came()
    BookingRules.objects.update(child_days=30)

    assert forget_unconverted(at=MONDAY + timedelta(days=30, seconds=1)) == 1


def test_a_brother_s_later_visit_keeps_both(miao):
    came("小满")
    came("小树", starts_at=MONDAY + timedelta(days=60))

    kept = forget_unconverted(at=ON_TIME)

    assert kept == 0 and Child.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_nightly_sweep_does_it(school):
    past = timezone.now() - timedelta(days=91)
    with tenant_scope(school):
        made = book(
            slot(starts_at=past),
            wish(child_name="小满", child_data=True),
            cutoff=past - timedelta(days=1),
            channel="phone",
            at=past - timedelta(days=1),
        ).booking
        work("reception.booked")

    sweep_one(school.pk)

    with tenant_scope(school):
        assert not Child.objects.exists() and Booking.objects.filter(pk=made.pk).exists()
