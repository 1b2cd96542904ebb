"""Through the public API: who sends the form too fast is asked for a code; whoever books is written to, in their language."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Outbox, ParentMessage, SmsAccount
from notifications.settings import keep_account
from notifications.tasks import consume_row
from reception.models import Booking, BookingRules, PhoneCode
from reception.public.page_age import stamp
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school
from tests.notifications.gateway import standing
from tests.reception.makers import slot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def school():
    return make_school("miao")


@pytest.fixture
def here(school):
    with tenant_scope(school):
        return slot(3, (timezone.now() + timedelta(days=2)).replace(microsecond=0))


def book(here, key: str = "a-random-key-0001", language: str = "zh-hans", **told):
    body = {
        "slot": f"s{here.pk}",
        "guardian_name": "罗女士",
        "phone": "13800138000",
        "consent": {"version": "1", "child_data": False},
    } | told
    headers = {"Idempotency-Key": key, "Accept-Language": language}
    return Client().post(
        "/api/v1/public/t/miao/bookings/", body, content_type="application/json", headers=headers
    )


def opened(school, ago: timedelta) -> str:
    with tenant_scope(school):
        return stamp(timezone.now() - ago)


def work_off(school) -> None:
    """What the worker does, until nothing is due any more."""
    for _round in range(4):
        with tenant_scope(school):
            rows = list(
                Outbox.objects.filter(done_at=None, due_at__lte=timezone.now()).values_list("pk", flat=True)
            )
        for pk in rows:
            consume_row(school.pk, pk)


@pytest.mark.parametrize(
    ("ago", "status"), [(timedelta(), 422), (timedelta(seconds=10), 201), (timedelta(days=3), 422)]
)
def test_a_form_that_no_person_can_have_filled_in_is_asked_for_a_code(school, here, ago, status):
    answer = book(here, page=opened(school, ago))

    assert answer.status_code == status
    if status == 422:
        assert answer.json()["fields"]["code"][0]["code"] == "required"


def test_with_the_code_the_fast_form_gets_through(school, here):
    Client().post("/api/v1/public/t/miao/codes/", {"phone": "13800138000"}, content_type="application/json")
    with tenant_scope(school):
        code = PhoneCode.objects.get().code

    assert book(here, page=opened(school, timedelta()), code=code).status_code == 201


@pytest.mark.parametrize("change", [{"page_seconds": 0}, {"code": "never"}])
def test_a_school_may_look_away(school, here, change):
    with tenant_scope(school):
        BookingRules.objects.update(**change)

    assert book(here, page=opened(school, timedelta())).status_code == 201


def test_a_school_that_never_asks_for_codes_does_not_ask_for_a_wish_either(school, here):
    with tenant_scope(school):
        BookingRules.objects.update(code="never")
    told = {"guardian_name": "罗女士", "phone": "13800138000", "when": "周六上午", "page": opened(school, timedelta())}

    assert Client().post("/t/miao/book/wish/", told).status_code == 200


def test_where_no_code_can_be_sent_nobody_is_turned_away_for_being_fast(school, here, settings):
    settings.MIAOPU_CHANNELS = []

    assert book(here, page=opened(school, timedelta())).status_code == 201


def test_a_program_needs_no_page(here):
    assert book(here).status_code == 201


def test_a_parent_is_confirmed_to_through_the_schools_gateway_in_their_language(school, here, settings):
    by = make_member(school, "head")
    with standing() as gateway:
        settings.MIAOPU_SMS_URL = gateway.url
        with tenant_scope(school):
            keep_account(SmsAccount(provider="signed", account="AK", signature="Miaopu"), "s3cret", by=by)
        answer = book(here, language="en")

        work_off(school)
        work_off(school)

    asked = [json.loads(body) for _path, _headers, body in gateway.asked]
    assert [one["phone"] for one in asked] == ["13800138000"] and answer.json()["manage_url"] in asked[0][
        "text"
    ]
    assert asked[0]["text"].startswith("【Miaopu】Dear 罗女士, your")


@pytest.mark.parametrize(
    ("email", "status"), [("luo@example.com", 201), ("", 201), ("luo@", 422), ("x" * 130 + "@a.cn", 422)]
)
def test_an_address_may_be_left_and_is_checked(school, here, email, status):
    answer = book(here, email=email)

    assert answer.status_code == status
    if status == 201:
        with tenant_scope(school):
            assert Booking.objects.get().lead.told().get("email", "") == email


def test_without_any_way_the_desk_is_handed_the_message(school, here, settings):
    settings.MIAOPU_CHANNELS, settings.MIAOPU_MAIL = [], False
    book(here)

    work_off(school)

    with tenant_scope(school):
        row = ParentMessage.objects.get()
        assert (row.kind, row.state, row.campus_id) == ("reception.confirmation", "by_hand", here.campus_id)
