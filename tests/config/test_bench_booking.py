"""The booking bench: what it sends, what it counts, and that its floor takes a place as a booking would."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import RequestFactory
from django.utils import timezone

from config.bench import floor
from config.bench.booking import Told, bodies, drive, floored, lay
from reception.models import Slot
from tenancy.scope import tenant_scope


@pytest.fixture
def echo():
    """A server that answers 201 to every second request and 409 to the others."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, body, self.headers["Idempotency-Key"]))
            self.send_response(201 if len(asked) % 2 else 409)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], asked
    server.shutdown()


def test_every_request_is_another_family_from_another_address(school):
    asks = bodies(school, [7, 8], 300)

    assert len({body["phone"] for _path, body, _headers in asks}) == 300
    assert len({headers["X-Forwarded-For"] for _path, _body, headers in asks}) == 300
    assert len({headers["Idempotency-Key"] for _path, _body, headers in asks}) == 300
    assert {body["slot"] for _path, body, _headers in asks} == {"s7", "s8"}
    assert asks[0][0] == "/api/v1/public/t/miao/bookings/"


def test_the_floor_is_asked_the_same(school):
    asks = bodies(school, [7], 3)

    assert floored(school, asks) == [(f"/floor/{school.pk}/", body, headers) for _path, body, headers in asks]


def test_clients_send_everything_once_and_count_what_they_are_told(echo, school):
    port, asked = echo
    told = drive(port, bodies(school, [7], 20), clients=4)

    assert dict(told.statuses) == {201: 10, 409: 10} and len(told.waits) == 20
    assert len({key for _path, _body, key in asked}) == 20 and told.seconds > 0 and told.rate > 0


@pytest.mark.parametrize("share,wait", [(0.5, 51), (0.99, 100), (0.0, 1)])
def test_percentiles_are_read_off_the_sorted_waits(share, wait):
    told = Told(waits=[float(n) for n in range(100, 0, -1)])

    assert told.percentile(share) == wait


def test_nothing_booked_is_no_rate():
    assert Told().rate == 0.0


def test_slots_are_laid_hour_by_hour(school, now):
    pks = lay(school, 3, 40, now)

    with tenant_scope(school):
        assert [(row.capacity, row.booked) for row in Slot.objects.filter(pk__in=pks)] == [(40, 0)] * 3


@pytest.fixture
def floor_table(owner_connection):
    with owner_connection.cursor() as cursor:
        cursor.execute(floor.TABLE)
    yield
    with owner_connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_floor")


@pytest.mark.django_db(transaction=True)
def test_the_floor_takes_a_place_and_refuses_a_full_slot(school, floor_table):
    (pk,) = lay(school, 1, 1, timezone.now())

    def ask() -> int:
        request = RequestFactory().post("/", json.dumps({"slot": f"s{pk}"}), content_type="application/json")
        return floor.book(request, school.pk).status_code

    assert [ask(), ask()] == [201, 409]
    with tenant_scope(school):
        assert Slot.objects.get(pk=pk).booked == 1
