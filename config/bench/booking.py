"""E-4 and B-3: bookings over HTTP through gunicorn, beside the floor view on the same servers; then many at one slot at once.

Client and servers share the machine, so that the ratio counts and the rate alone does not.
"""
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection
from typing import Any

import psycopg2
from django.conf import settings
from django.utils import timezone

from config.bench import floor
from config.bench.figures import figure
from reception.models import Booking, BookingRules, Slot, VisitType
from tenancy.actions import create_tenant
from tenancy.models import Campus, Tenant
from tenancy.scope import tenant_scope

CLIENTS = 16
SERVER = ["-m", "gunicorn", "--preload", "-w", "4", "--threads", "4", "--log-level", "error"]  # as the image starts it
Ask = tuple[str, dict[str, Any], dict[str, str]]


@dataclass
class Told:
    """What the clients were told: how often each status, and how long each answer took, in milliseconds."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return round(self.statuses[201] / self.seconds, 1) if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        return round(sorted(self.waits)[min(len(self.waits) - 1, int(share * len(self.waits)))], 1)


@contextmanager
def served(application: str) -> Iterator[int]:
    """gunicorn with this application on a free port, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = os.environ | {"MIAOPU_PROXIES": "1"}
    server = subprocess.Popen([sys.executable, *SERVER, "-b", f"127.0.0.1:{port}", application], env=env)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    """Until a worker answers, whatever it says; the port is open before that."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/nothing-here")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise TimeoutError(port)


def drive(port: int, asks: list[Ask], clients: int = CLIENTS) -> Told:
    """Send every request, each client its share over connections of its own, all let go together."""
    told, gate, lock = Told(), threading.Barrier(clients + 1), threading.Lock()

    def client(mine: list[Ask]) -> None:
        gate.wait()
        for ask in mine:
            began = time.perf_counter()
            status = _send(port, ask)
            waited = 1000 * (time.perf_counter() - began)
            with lock:
                told.statuses[status] += 1
                told.waits.append(waited)

    threads = [threading.Thread(target=client, args=(asks[number::clients],)) for number in range(clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    told.seconds = time.perf_counter() - began
    return told


def _send(port: int, ask: Ask) -> int:
    path, body, headers = ask
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"} | headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def bodies(tenant: Tenant, slots: list[int], count: int, first: int = 0) -> list[Ask]:
    """Bookings of different families from different addresses, as a proxy would pass them on."""
    path = f"/api/v1/public/t/{tenant.slug}/bookings/"
    return [(path, {"slot": f"s{slots[n % len(slots)]}", "guardian_name": "罗女士", "phone": f"139{first + n:08d}",
                    "consent": {"version": "1", "child_data": False}},
             {"Idempotency-Key": secrets.token_hex(16), "X-Forwarded-For": f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"})
            for n in range(count)]


def floored(tenant: Tenant, asks: list[Ask]) -> list[Ask]:
    return [(f"/floor/{tenant.pk}/", body, headers) for _path, body, headers in asks]


def lay(tenant: Tenant, count: int, capacity: int, first: datetime) -> list[int]:
    with tenant_scope(tenant):
        kind, campus = VisitType.objects.get(code="tour"), Campus.objects.first()
        rows = [Slot(type=kind, campus=campus, starts_at=first + timedelta(hours=n), ends_at=first + timedelta(hours=n, minutes=50),
                     capacity=capacity) for n in range(count)]
        return [row.pk for row in Slot.objects.bulk_create(rows)]


def school() -> Tenant:
    """A school whose limits stand in nobody's way."""
    tenant = create_tenant("booking", kind="kindergarten", name="预约", campuses={"main": "本部"})
    with tenant_scope(tenant):
        Slot.objects.all().delete()
        BookingRules.objects.update(code="never", page_seconds=0, tenant_code_after=10**6)
        VisitType.objects.update(notice_minutes=0)
    with psycopg2.connect(settings.DATABASES["owner"]["HOST"] and _owner()) as owner, owner.cursor() as cursor:
        cursor.execute(floor.TABLE)
    return tenant


def _owner() -> str:
    d = settings.DATABASES["owner"]
    return f"postgresql://{d['USER']}:{d['PASSWORD']}@{d['HOST']}:{d['PORT']}/{d['NAME']}"


def run(bookings: int) -> None:
    """One hot slot and 200 slots against the floor; 64 at once for the last 40 places; the same booking sent twice."""
    tenant, soon = school(), timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    for number, (what, count) in enumerate((("hot", 1), ("200 slots", 200))):
        slots = lay(tenant, count, 4 * bookings, soon + timedelta(days=10 * number))
        asks = bodies(tenant, slots, bookings, first=number * 10**6)
        warm = bodies(tenant, slots, 4 * CLIENTS, first=number * 10**6 + 500_000)
        with served("config.bench.floor:application_of_floor()") as port:
            drive(port, floored(tenant, warm))
            least = drive(port, floored(tenant, asks))
        with served("config.wsgi") as port:
            drive(port, warm)
            ours = drive(port, asks)
        figure(f"E-4 {what}", bookings=bookings, clients=CLIENTS, ours=ours.rate, floor=least.rate, ratio=_ratio(ours.rate, least.rate),
               goal=0.6, statuses=dict(ours.statuses), p50_ms=ours.percentile(0.5), p99_ms=ours.percentile(0.99))
    with served("config.wsgi") as port:
        _rush(tenant, port, soon + timedelta(days=25))
        _twice(tenant, port, soon + timedelta(days=26))


def _ratio(ours: float, least: float) -> float:
    return round(ours / least, 2) if least else 0.0


def _rush(tenant: Tenant, port: int, when: datetime) -> None:
    """B-3: 64 at once for 40 places; the server is warm."""
    drive(port, bodies(tenant, lay(tenant, 1, 100, when - timedelta(hours=2)), 64, first=5 * 10**6))
    slot = lay(tenant, 1, 40, when)
    told = drive(port, bodies(tenant, slot, 64, first=6 * 10**6), clients=64)
    figure("B-3 64 at once", places=40, booked=_taken(tenant, slot), statuses=dict(told.statuses), p50_ms=told.percentile(0.5),
           p99_ms=told.percentile(0.99), goal_ms=300)


def _twice(tenant: Tenant, port: int, when: datetime) -> None:
    """B-3: a double click: every booking is sent twice at the same moment with the same key."""
    slot = lay(tenant, 1, 200, when)
    once = bodies(tenant, slot, 50, first=7 * 10**6)
    told = drive(port, [ask for ask in once for _ in range(2)], clients=20)
    figure("B-3 double click", keys=50, requests=100, booked=_taken(tenant, slot), statuses=dict(told.statuses))


def _taken(tenant: Tenant, slots: list[int]) -> int:
    with tenant_scope(tenant):
        return Booking.objects.taking().filter(slot__in=slots).count()
