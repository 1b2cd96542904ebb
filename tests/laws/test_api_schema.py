"""F-1: generated requests to every operation of the staff API, as every role: no crash, and each answer as the schema says."""
import os
from datetime import date

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from crm.models import Child, ClassGroup, Customer, Enrolment, FeeKind, Payment, Referral, TimelineEntry
from service_levels.models import Touch
from service_levels.requests.working import Wish, open_request
from tenancy.actions import issue_token
from tenancy.api import MemberThrottle
from tenancy.models import Campus
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, make_school

TODAY = date(2026, 11, 20)
EXAMPLES = int(os.environ.get("MIAOPU_FUZZ", "6"))  # per operation and role; the long run asks for thousands
SCHEMA = "/api/v1/schema/?format=json"
WANTED = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def known(db):
    """A school with a family of each kind of fact: the words a generated request may borrow, by field."""
    school = make_school("miao")
    with tenant_scope(school):
        customer = makers.family()
        makers.payment(customer, 100, TODAY)
        makers.referral(customer, TODAY)
        makers.entry(customer)
        request = open_request(Wish("service", "换被子"), customer=customer, by=None, at=timezone.now()).pk
        touch = Touch.objects.create(customer=customer, line="x", text="x", occasion="rhythm", band="low", opens_on=TODAY, due_on=TODAY).pk
        ids = {model: model.objects.values_list("pk", flat=True).first()
               for model in (Customer, Child, Campus, ClassGroup, Enrolment, Payment, Referral, TimelineEntry)}
        return {
            "school": school, "customer": ids[Customer], "referrer": ids[Customer], "child": ids[Child],
            "fee_kind": FeeKind.objects.first().name, "campus": ids[Campus], "campus_code": Campus.objects.first().code,
            "class_group": ids[ClassGroup], "phone": "13800138001",
            "/families/": ids[Customer], "/children/": ids[Child], "/enrolments/": ids[Enrolment],
            "/requests/": request, "/touches/": touch, "/payments/": ids[Payment], "/referrals/": ids[Referral], "/activities/": ids[TimelineEntry],
        }


@pytest.fixture
def app(monkeypatch):
    """The server's own entry, inside the test's transaction: connections stay open between requests, nobody is throttled."""
    monkeypatch.setattr(MemberThrottle, "THROTTLE_RATES", {"member": None})
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def key(school, role) -> dict[str, str]:
    member = make_member(school, role)
    with tenant_scope(school):
        return {"Authorization": f"Bearer {issue_token(member, 'fuzz')}"}


@pytest.mark.parametrize("role", [Role.HEAD, Role.FRONT_DESK, Role.TEACHER, Role.INSPECTOR])
def test_generated_requests_are_answered_as_the_schema_says(known, role, app):
    headers = key(known["school"], role)
    schema = schemathesis.openapi.from_wsgi(SCHEMA, app, headers=headers)
    answers = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        if not operation.path.startswith(("/api/v1/schema", "/api/v1/public")):
            answers[operation.label] = _fuzz(operation, headers, known)

    writes = {answer for label, answered in answers.items() if label.startswith("POST") for answer in answered}
    assert len(answers) >= 25
    assert 201 in writes or role not in (Role.HEAD, Role.FRONT_DESK)  # the forms were passed, not only refused


def test_an_answer_the_schema_does_not_know_is_found(known, app, monkeypatch):
    headers = key(known["school"], Role.HEAD)
    schema = schemathesis.openapi.from_wsgi(SCHEMA, app, headers=headers)

    monkeypatch.setattr("crm.api.families.ChildSerializer.to_representation", lambda self, child: {"id": "不是数"})

    with pytest.raises(FailureGroup):
        _fuzz(schema["/api/v1/children/{id}/"]["GET"], headers, known)


def _fuzz(operation, headers, known) -> list[int]:
    """The statuses that came back. Half of the requests borrow real ids, so that they get past the form."""
    statuses = []

    @given(case=operation.as_strategy(), borrow=st.booleans())
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
            phases=[Phase.explicit, Phase.generate],
              suppress_health_check=list(HealthCheck))
    def ask(case, borrow):
        if borrow:
            _borrow(case, known)
        statuses.append(case.call_and_validate(headers=headers, checks=WANTED).status_code)

    ask()
    return sorted(set(statuses))


def _borrow(case, known) -> None:
    collection = "/" + case.path.split("/")[3] + "/"
    if "id" in (case.path_parameters or {}):
        case.path_parameters["id"] = known.get(collection, 1)
    if isinstance(case.body, dict):
        words = known | ({"campus": known["campus_code"]} if collection == "/families/" else {})
        case.body.update({field: words[field] for field in case.body if field in words})
