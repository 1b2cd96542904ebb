"""The SQL of the tallies against plain Python on little schools drawn at random: two campuses, every way to come, stay, pay, speak and leave."""
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from churn.measures.counting import Sides, Window, tallies
from churn.measures.indicators import Tally
from crm.models import NATURAL_OUTCOMES, Child, Customer, Enrolment, FeeKind, Payment, Satisfaction, TimelineEntry
from tenancy.models import Campus
from tests import makers

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 30)
WINDOW = Window(FIRST, LAST)
NATURAL = {str(outcome) for outcome in NATURAL_OUTCOMES}
NEAR = st.dates(FIRST - timedelta(days=9), LAST + timedelta(days=9))
OUTCOMES = ["", "withdrew", "transferred", "graduated", "moved", "promoted"]


@dataclass(frozen=True)
class Stay:
    """One enrolment: at the measure's campus or the other one, from a day to a day."""

    here: bool
    first: date
    last: date | None
    outcome: str

    @property
    def touches(self) -> bool:
        return self.first <= LAST and (self.last is None or self.last >= FIRST)


@dataclass(frozen=True)
class Home:
    """A family: each child with one stay, and what it paid, said and answered on which days."""

    stays: tuple[Stay, ...]
    paid: tuple[date, ...] = ()
    spoke: tuple[date, ...] = ()
    answers: tuple[tuple[date, int], ...] = field(default=())


@st.composite
def stays(draw):
    first = draw(st.dates(FIRST - timedelta(days=60), LAST + timedelta(days=5)))
    last = draw(st.none() | st.dates(first, LAST + timedelta(days=30)))
    return Stay(draw(st.booleans()), first, last, draw(st.sampled_from(OUTCOMES)) if last else "")


@st.composite
def homes(draw):
    days = st.lists(NEAR, max_size=2).map(tuple)
    answers = st.lists(st.tuples(NEAR, st.integers(1, 5)), max_size=2, unique_by=lambda one: one[0]).map(tuple)
    return Home(tuple(draw(st.lists(stays(), min_size=1, max_size=2))), draw(days), draw(days), draw(answers))


def within(day: date) -> bool:
    return FIRST <= day <= LAST


def counted(homes, here: bool) -> Tally:
    """The same figures written out family by family, as the page of rules says them."""
    figures = dict.fromkeys(Tally.__dataclass_fields__, 0)
    for home in homes:
        mine = [stay for stay in home.stays if stay.touches]
        if not mine or any(stay.here for stay in mine) != here:
            continue
        at_start = any(stay.first <= FIRST for stay in mine)
        at_end = any(stay.last is None or stay.last >= LAST for stay in mine)
        naturally = any(stay.last is not None and stay.last < LAST and stay.outcome in NATURAL for stay in mine)
        base = at_start and (at_end or not naturally)
        said = [score for day, score in sorted(home.answers) if within(day)]
        figures["start"] += base
        figures["end"] += at_end
        figures["renewed"] += base and at_end and any(map(within, home.paid))
        figures["loyal"] += base and at_end and not any(map(within, home.spoke))
        figures["left"] += base and not at_end
        figures["answered"] += bool(said)
        figures["satisfied"] += bool(said) and said[-1] >= 4
    return Tally(**figures)


def settle_in(homes, main: Campus, west: Campus) -> None:
    """Write the drawn school down."""
    fee = FeeKind.objects.get_or_create(name="保教费")[0]
    for number, home in enumerate(homes):
        customer = makers.family(f"孩{number}", f"139000000{number:02d}", since=FIRST - timedelta(days=400), enrolled=False)
        for place, stay in enumerate(home.stays):
            child = Child.objects.create(family=customer.family, name=f"孩{number}-{place}")
            Enrolment.objects.create(child=child, campus=main if stay.here else west, from_on=stay.first,
                    until_on=stay.last, outcome=stay.outcome)
        for day in home.paid:
            Payment.objects.create(customer=customer, fee_kind=fee, paid_on=day, amount_fen=100)
        for day in home.spoke:
            makers.entry(customer, "transfer_signal", day)
        for day, score in home.answers:
            Satisfaction.objects.create(customer=customer, answered_on=day, score=score)


@contextmanager
def undone():
    """What is written inside is taken back, so that each draw finds an empty school."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


@pytest.fixture
def places(miao):
    return Campus.objects.get(code="main"), Campus.objects.create(code="west", name="西园")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(homes(), max_size=5))
def test_the_tallies_are_what_plain_python_counts(places, drawn):
    main, west = places
    with undone():
        settle_in(drawn, main, west)
        found = tallies(Sides([main.pk], None, [west.pk]), WINDOW, satisfied=4)

    assert found == (counted(drawn, True), counted(drawn, False))


def test_the_oracle_itself_sees_the_difference_of_one_day():
    stay = Stay(True, FIRST, LAST, "withdrew")
    gone = Stay(True, FIRST, LAST - timedelta(days=1), "withdrew")

    assert counted([Home((stay,))], True) == Tally(start=1, end=1, loyal=1)
    assert counted([Home((gone,))], True) == Tally(start=1, left=1)


def test_nothing_is_left_of_one_draw_for_the_next(places):
    main, west = places
    with undone():
        settle_in([Home((Stay(True, FIRST, None, ""),), spoke=(FIRST,))], main, west)
        assert Customer.objects.count() == TimelineEntry.objects.count() == 1

    assert not Customer.objects.exists() and not TimelineEntry.objects.exists()
