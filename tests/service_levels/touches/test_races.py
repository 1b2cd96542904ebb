"""Two at one family, at the same moment: it is written down once, or for whom it was done last."""
import pytest
from django.db import connection, transaction

from crm.models import TimelineEntry
from service_levels.models import Touch
from service_levels.touches import settling
from service_levels.touches.sweep import sweep
from tenancy.scope import tenant_scope
from tests.conftest import make_member
from tests.reception.test_races import at_once
from tests.service_levels.conftest import AT, DAY, ONE, family, owe
from tests.service_levels.requests.test_working import TEN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(school):
    return make_member(school, "agent", "高敏"), make_member(school, "relations", "陈老师")


@pytest.fixture
def customer(school, two):
    with tenant_scope(school):
        row = family(1, "D", "low")
        owe()
        return row


def touches(school) -> list[Touch]:
    with tenant_scope(school):
        return list(Touch.objects.all())


def test_of_two_taps_one_counts(school, two, customer):
    wanted = touches(school)

    told = at_once(school, *(lambda who=who: settling.talked(customer, wanted, channel="phone", text="", by=who, at=TEN) for who in two))

    assert told == ["done", "stale"]
    with tenant_scope(school):
        assert TimelineEntry.objects.filter(customer=customer, kind="contact").count() == 1


def test_a_call_and_an_excuse_are_not_both_done(school, two, customer):
    wanted = touches(school)

    told = at_once(school, lambda: settling.talked(customer, wanted, channel="phone", text="", by=two[0], at=TEN),
                   lambda: settling.excuse(customer, wanted, why="出国", by=two[1], at=TEN))

    assert told == ["done", "stale"]
    touch, = touches(school)
    assert (touch.entry_id is None) != (touch.voided_on is None)


@pytest.mark.parametrize("_again", range(3))
def test_two_workers_owe_and_miss_once(school, customer, _again):
    day = DAY + 3 * ONE
    assert at_once(school, *[lambda: sweep(day, at=AT)] * 2) == ["done", "done"]

    with tenant_scope(school):
        assert Touch.objects.count() == 2
        assert TimelineEntry.objects.filter(customer=customer, kind="promise_broken").count() == 1


def test_a_night_and_a_tap_at_once_agree(school, two, customer):
    wanted = touches(school)
    told = at_once(school, lambda: settling.talked(customer, wanted, channel="phone", text="", by=two[0], at=TEN), lambda: sweep(DAY, at=AT))

    assert told == ["done", "done"]
    touch, = touches(school)
    assert (touch.kept_on, touch.missed_on) == (DAY, None)


def test_what_is_rolled_back_settled_nothing(school, two, customer):
    wanted = touches(school)
    with tenant_scope(school):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            settling.talked(customer, wanted, channel="phone", text="", by=two[0], at=TEN)
            raise ZeroDivisionError
        assert (Touch.objects.open().count(), TimelineEntry.objects.count()) == (1, 0)
        assert connection.in_atomic_block
