"""F-1 for parents' doors: generated requests to every public operation, without any account; each answer as the schema says."""
import os
import secrets
from datetime import timedelta

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from reception.booking import book
from reception.models import Booking, BookingRules, Slot
from tenancy.scope import tenant_scope
from tests.conftest import make_school
from tests.laws.test_api_schema import SCHEMA
from tests.reception.makers import slot, wish

EXAMPLES = int(os.environ.get("MIAOPU_FUZZ", "12"))
WANTED = [not_a_server_error, status_code_conformance, response_schema_conformance]


@pytest.fixture
def app():
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(db) -> dict:
    """A school with a slot and a booking: what half of the generated requests borrow."""
    school, now = make_school("miao"), timezone.now()
    with tenant_scope(school):
        BookingRules.objects.update(per_phone=100, address_most=5000, address_code_after=1000)
        here = slot(200, now + timedelta(days=2))
        token = book(here, wish(), cutoff=now, channel="online", at=now).token
        return {"school": school, "slot": f"s{here.pk}", "token": token, "phone": "13800138000", "guardian_name": "罗女士"}


def test_generated_requests_are_answered_as_the_schema_says(known, app):
    schema = schemathesis.openapi.from_wsgi(SCHEMA, app)
    operations = [found.ok() for found in schema.get_all_operations()]
    public = [operation for operation in operations if "/public/" in operation.path]

    told = {operation.label: _fuzz(operation, known) for operation in public}

    assert len(public) >= 12 and 201 in told["POST /api/v1/public/t/{slug}/bookings/"]
    with tenant_scope(known["school"]):
        row = Slot.objects.get()
        assert row.booked == Booking.objects.taking().count() <= row.capacity


def _fuzz(operation, known) -> set[int]:
    """The statuses that came back."""
    told = set()

    @given(case=operation.as_strategy(), borrow=st.integers(0, 3))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case, borrow):
        case.path_parameters |= {"slug": "miao", "token": known["token"]} if borrow else {}
        if borrow > 1 and isinstance(case.body, dict):
            _borrow(case, known)
        told.add(case.call_and_validate(checks=WANTED).status_code)

    ask()
    return told


def _borrow(case, known) -> None:
    """A form that passes: real slot and phone, the notice that holds, no child."""
    case.body = {name: value for name, value in case.body.items() if name in ("needs", "special", "source", "course")}
    case.body |= {"slot": known["slot"], "phone": known["phone"]}
    if "bookings" in case.path or "waitlist" in case.path:
        case.headers = {**(case.headers or {}), "Idempotency-Key": secrets.token_hex(16)}
        case.body |= {"guardian_name": known["guardian_name"], "consent": {"version": "1", "child_data": False}}
