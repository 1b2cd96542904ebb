"""What the booking page offers by the words of its address, and that it is what the API lists."""
from datetime import timedelta

import pytest

from reception.access import public_slot, public_slots
from reception.booking import book
from reception.models import Offer, VisitType
from reception.public.offered import DAYS, offered
from tenancy.models import Campus
from tenancy.refusals import Absent
from tests import makers
from tests.reception.makers import MONDAY, NOW, slot, wish

WHEN = {"cutoff": NOW, "channel": "online", "at": NOW}


@pytest.fixture
def west(miao) -> Campus:
    campus = Campus.objects.create(code="west", name="西园")
    Offer.objects.create(type=VisitType.objects.get(code="trial"), campus=campus)
    return campus


def days_with_slots(choice) -> list[str]:
    return [day.day.isoformat() for day in choice.days if day.slots]


def test_what_the_address_does_not_name_is_the_first_that_has_a_place(west):
    full = slot(1)
    book(full, wish(), **WHEN)
    slot(2, MONDAY + timedelta(days=1))

    choice = offered({}, NOW)

    assert (choice.campus, choice.kind.code) == (makers.campus(), "tour")
    assert days_with_slots(choice) == ["2026-11-23", "2026-11-24"]
    assert choice.day.day.isoformat() == "2026-11-24"


def test_a_campus_offers_its_own_kinds(west):
    choice = offered({"campus": f"c{west.pk}"}, NOW)

    assert choice.campus == west and [kind.code for kind in choice.kinds] == ["trial"]


@pytest.mark.parametrize("words", [{"campus": "c0"}, {"campus": "x"}, {"type": "signing"}, {"type": "none"}, {"day": "x"}])
def test_odd_words_choose_the_first(west, words):
    choice = offered(words, NOW)

    assert (choice.campus, choice.kind.code) == (makers.campus(), "tour")


def test_a_day_that_is_full_may_be_looked_at(miao):
    full = slot(1)
    book(full, wish(), **WHEN)
    slot(1, MONDAY + timedelta(days=1))

    choice = offered({"day": "2026-11-23"}, NOW)

    assert choice.day.day.isoformat() == "2026-11-23"
    assert not choice.day.has_place
    assert choice.day.slots == [full]


def test_a_fortnight_is_shown_or_less_where_the_horizon_is_nearer(miao):
    long = len(offered({}, NOW).days)
    VisitType.objects.filter(code="tour").update(horizon_days=3)

    assert (long, len(offered({}, NOW).days)) == (DAYS, 4)


def test_nothing_is_offered_where_nothing_is_open(miao):
    Offer.objects.update(is_open=False)
    choice = offered({}, NOW)

    assert (choice.campus, choice.kind, choice.days, choice.day) == (None, None, [], None)


@pytest.mark.parametrize(
    ("code", "ahead", "there"),
    [
        ("tour", timedelta(minutes=121), True),
        ("tour", timedelta(minutes=120), False),
        ("trial", timedelta(hours=25), True),
        ("trial", timedelta(hours=23), False),
        ("signing", timedelta(days=2), False),
    ],
)
def test_a_slot_is_there_for_parents_by_its_types_notice(miao, code, ahead, there):
    here = slot(1, NOW + ahead, code)

    if there:
        assert public_slot(here.pk, NOW) == here
    else:
        with pytest.raises(Absent):
            public_slot(here.pk, NOW)
    assert list(public_slots(NOW)) == ([here] if there else [])


def test_a_type_that_is_closed_offers_nothing(miao):
    slot(1)
    VisitType.objects.update(is_open=False)

    assert list(public_slots(NOW)) == [] and offered({}, NOW).kind is None
