"""Constraints of requests, their events and clocks, as the database keeps them."""
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from service_levels.models import Clock, RequestEvent, ServiceRequest
from tests.service_levels.conftest import family
from tests.service_levels.requests.test_working import TEN, at


def request(**more) -> ServiceRequest:
    return ServiceRequest.objects.create(**{"number": "Q-1", "kind": "service", "text": "x", "opened_at": TEN} | more)


def refused(make) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    return str(caught.value)


@pytest.mark.parametrize(("wrong", "name"), [
    ({"priority": 0}, "request_priority"),
    ({"priority": 5}, "request_priority"),
    ({"score": 6}, "request_score"),
    ({"score": 0}, "request_score"),
    ({"resolved_at": TEN, "paused_at": TEN}, "request_done_is_not_paused"),
    ({"confirmed_at": TEN}, "request_confirmed_when_done"),
])
def test_a_row_that_cannot_be_is_none(miao, wrong, name):
    assert name in refused(lambda: request(**wrong))


def test_a_number_is_given_once(miao):
    row = request()

    assert str(row) == "Q-1"
    assert "request_number" in refused(request)


def test_a_request_has_one_clock_of_a_kind(miao):
    row = request()
    clock = Clock.objects.create(request=row, kind="reply", minutes=60, due_at=TEN)

    assert str(clock) == "首次答复 2026-11-20 02:00:00+00:00"
    assert "clock_one_of_a_kind" in refused(lambda: Clock.objects.create(request=row, kind="reply", minutes=60))


@pytest.mark.parametrize(("wrong", "name"), [
    ({"told": 4}, "clock_told"),
    ({"told": -2}, "clock_told"),
    ({"stopped_at": TEN, "next_at": TEN}, "clock_stopped_tells_nobody"),
])
def test_a_clock_that_cannot_be_is_none(miao, wrong, name):
    row = request()

    assert name in refused(lambda: Clock.objects.create(request=row, kind="reply", minutes=60, **wrong))


def test_what_happened_is_written_once_and_never_changed(miao):
    event = RequestEvent.objects.create(request=request(), at=TEN, verb="opened", text="x")

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE service_levels_requestevent SET text = 'y'")
    assert str(event) == "收到 2026-11-20 02:00"


@pytest.mark.parametrize(("heard", "paused", "awaits"), [
    (None, None, False),
    (TEN, None, False),
    (TEN, at(1), False),
    (at(1), at(1), True),
    (at(2), at(1), True),
])
def test_a_pause_outlives_its_reason_when_the_family_has_answered(miao, heard, paused, awaits):
    assert request(heard_at=heard, paused_at=paused).awaits_resuming is awaits


def test_a_request_is_about_its_campus_or_its_familys(miao):
    customer = family(1)

    assert request(customer=customer).place == customer.campus
    assert request(number="Q-2").place is None


@pytest.mark.parametrize(("stopped", "breached", "kept"), [
    (None, None, None),
    (TEN, None, True),
    (TEN, TEN, False),
    (None, TEN, None),
])
def test_a_clock_was_kept_when_it_stopped_in_time(miao, stopped, breached, kept):
    assert Clock(request=request(), kind="reply", minutes=1, stopped_at=stopped, breached_at=breached).kept is kept


def test_open_done_and_to_confirm(miao):
    rows = request(), request(number="Q-2", resolved_at=TEN), request(number="Q-3", resolved_at=TEN, confirmed_at=TEN)

    assert list(ServiceRequest.objects.open()) == [rows[0]]
    assert list(ServiceRequest.objects.to_confirm()) == [rows[1]]
