"""The public API as a parent's phone uses it: listing, holding, booking, waiting, one's own booking; each answer and each refusal."""
import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reception.models import Booking, BookingRules, PhoneCode, Slot, StoredAnswer, VisitType
from reception.public.limits import ASKS_A_MINUTE, MINUTE, Knock
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.reception.makers import slot, soon

pytestmark = pytest.mark.django_db(transaction=True)
SOON = timedelta(days=2)
KEY = "a-random-key-0001"


@pytest.fixture
def api(school) -> str:
    return f"/api/v1/public/t/{school.slug}"


@pytest.fixture
def here(school) -> Slot:
    """A slot with one place, the day after tomorrow."""
    return put(school)


def put(school, capacity: int = 1, ahead: timedelta = SOON, **fields) -> Slot:
    with tenant_scope(school):
        return slot(capacity, soon(ahead), **fields)


def form(here: Slot | None = None, **told) -> dict:
    body = {
        "guardian_name": "罗女士",
        "phone": "138 0013 8000",
        "consent": {"version": "1", "child_data": True},
        "child_name": "小满",
        "birth_month": "2024-05",
        "needs": ["午睡", "费用"],
    }
    return body | ({"slot": f"s{here.pk}"} if here else {}) | told


def post(url: str, body, key: str = KEY, **headers):
    return Client().post(url, body, content_type="application/json", headers={"Idempotency-Key": key} | headers)


def booked(api: str, here: Slot, key: str = KEY, **told):
    return post(f"{api}/bookings/", form(here, **told), key)


def token_of(answer) -> str:
    return answer.json()["manage_url"].rstrip("/").rpartition("/")[2]


def own(token: str, more: str = "") -> str:
    return f"/api/v1/public/b/{token}/{more}"


def errors(answer) -> dict:
    return {name: [e["code"] for e in found] for name, found in answer.json().get("fields", {}).items()}


def counted(school, here: Slot) -> tuple[int, int]:
    with tenant_scope(school):
        return Slot.objects.get(pk=here.pk).booked, Booking.objects.taking().filter(slot=here).count()


# -- looking ----------------------------------------------------------------------------------------------------------
def test_campuses_that_receive_families_are_listed(api, school):
    with tenant_scope(school):
        campus = makers.campus()
        Campus.objects.create(code="new", name="还没开")

    answer = Client().get(f"{api}/campuses/")

    assert answer.json() == [{"id": f"c{campus.pk}", "name": campus.name, "address": ""}]


def test_the_notice_is_shown_with_its_version(api):
    answer = Client().get(f"{api}/notice/").json()

    assert answer["version"] == "1" and "只留电话也能来" in answer["text"]


def listed(api: str, **words) -> list:
    day = timezone.localdate() + SOON
    answer = Client().get(f"{api}/slots/", {"from": day.isoformat(), "to": day.isoformat()} | words)
    return [row["id"] for row in answer.json()] if answer.status_code == 200 else answer


def test_a_slot_tells_when_it_is_and_how_many_are_free(api, school, here):
    booked(api, here)
    free = put(school, 3, SOON + timedelta(minutes=1))
    rows = Client().get(f"{api}/slots/", {"from": timezone.localdate(here.starts_at),
            "to": timezone.localdate(here.starts_at)}).json()

    assert [(row["id"], row["free"], row["waitlist"], row["type"]) for row in rows][:2] == [
        (f"s{here.pk}", 0, True, "tour"),
        (f"s{free.pk}", 3, False, "tour"),
    ]
    assert rows[0]["starts_at"] == timezone.localtime(here.starts_at).isoformat()
    assert rows[0]["starts_at"].endswith("+08:00")


def test_what_cannot_be_booked_is_not_listed(api, school, here):
    put(school, ahead=timedelta(minutes=30))  # within the notice
    put(school, code="signing")  # not for parents to book
    put(school, ahead=SOON + timedelta(minutes=5), state="blocked")
    put(school, ahead=SOON + timedelta(minutes=6), state="withdrawn")
    today = timezone.localdate().isoformat()

    answer = Client().get(f"{api}/slots/", {"from": today, "to": (timezone.localdate() + timedelta(days=5)).isoformat()})

    assert [row["id"] for row in answer.json()] == [f"s{here.pk}"]


def test_slots_are_asked_for_by_campus_and_type(api, school, here):
    with tenant_scope(school):
        campus = makers.campus().pk
    day = {"from": timezone.localdate(here.starts_at), "to": timezone.localdate(here.starts_at)}

    assert listed(api, campus=f"c{campus}", type="tour", **day) == [f"s{here.pk}"]
    assert listed(api, campus="c999999", **day) == listed(api, campus="nonsense", **day) == listed(api, type="trial",
            **day) == []


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"from": "x"}, "from"),
        ({"from": ""}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"from": "2026-11-30", "to": "2026-11-01"}, "to"),
        ({"from": "2026-11-01", "to": "2026-12-02"}, "to"),
        ({"from": "0001-01-01", "to": "0001-01-02"}, "from"),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "from"),
        ({"type": "不是代码"}, "type"),
    ],
)
def test_a_question_that_makes_no_sense_is_told_where(api, words, field):
    answer = listed(api, **words)

    assert answer.status_code == 422 and list(errors(answer)) == [field]


def test_thirty_one_days_may_be_asked_for(api):
    assert listed(api, **{"from": "2026-12-01", "to": "2026-12-31"}) == []


# -- booking ----------------------------------------------------------------------------------------------------------
def test_a_booking_is_made(api, school, here):
    answer = booked(api, here)

    told = answer.json()
    assert answer.status_code == 201 and told["state"] == "booked" and len(told["reference"]) == 8
    assert told["starts_at"] == timezone.localtime(here.starts_at).isoformat()
    assert told["campus"] == f"c{here.campus_id}"
    assert told["manage_url"].endswith(f"/b/{token_of(answer)}/")
    assert told["calendar_url"].endswith("/calendar.ics")
    assert counted(school, here) == (1, 1)


def test_a_full_slot_is_refused_with_the_nearest_others(api, school, here):
    other = put(school, 2, SOON + timedelta(hours=1))
    booked(api, here)

    answer = booked(api, here, "another-key-00001")

    assert answer.status_code == 409 and answer.json()["code"] == "slot_full"
    assert [row["id"] for row in answer.json()["alternatives"]] == [f"s{other.pk}"]
    assert counted(school, here) == (1, 1)


@pytest.mark.parametrize("key", ["", "short", "x" * 15, "x" * 65])
def test_a_booking_needs_a_key(api, school, here, key):
    answer = booked(api, here, key)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert counted(school, here) == (0, 0)


@pytest.mark.parametrize("key", ["x" * 16, "x" * 64])
def test_a_key_has_sixteen_to_sixty_four_characters(api, here, key):
    assert booked(api, here, key).status_code == 201


def test_the_same_request_is_answered_the_same_and_books_once(api, school, here):
    first, second = booked(api, here), booked(api, here)

    assert first.json() == second.json() and (first.status_code, second.status_code) == (201, 201)
    assert counted(school, here) == (1, 1)


def test_the_key_with_another_body_is_refused(api, here):
    booked(api, here)

    answer = booked(api, here, guardian_name="别人")

    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


def test_a_refused_request_leaves_nothing_and_its_key_may_try_again(api, school, here):
    other = put(school, 1, SOON + timedelta(hours=1))
    booked(api, here)
    refused = [booked(api, here, "second-key-00001"), booked(api, other, "second-key-00001", phone="1")]
    with tenant_scope(school):
        kept = StoredAnswer.objects.count()

    assert [answer.status_code for answer in refused] == [409, 422] and kept == 1
    assert booked(api, other, "second-key-00001").status_code == 201


@pytest.mark.parametrize(
    ("slip", "where"),
    [
        ({"guardian_name": ""}, {"guardian_name": ["blank"]}),
        ({"guardian_name": "罗" * 41}, {"guardian_name": ["max_length"]}),
        ({"phone": "1380013800"}, {"phone": ["phone"]}),
        ({"phone": "010-12345678"}, {"phone": ["phone"]}),
        ({"phone": None}, {"phone": ["null"]}),
        ({"consent": None}, {"consent": ["null"]}),
        ({"consent": {"version": "1"}}, {"consent": ["invalid"]}),
        ({"consent": {"version": "0", "child_data": True}}, {"consent": ["invalid"]}),
        ({"consent": {"version": "1", "child_data": False}}, {"child_name": ["no_consent"], "birth_month": ["no_consent"]}),
        ({"birth_month": "2024-13"}, {"birth_month": ["invalid"]}),
        ({"birth_month": "2024-5"}, {"birth_month": ["invalid"]}),
        ({"birth_month": "2099-01"}, {"birth_month": ["invalid"]}),
        ({"birth_month": "1990-01"}, {"birth_month": ["invalid"]}),
        ({"birth_month": "0000-01"}, {"birth_month": ["invalid"]}),
        ({"needs": "午睡"}, {"needs": ["not_a_list"]}),
        ({"needs": ["睡"] * 11}, {"needs": ["max_length"]}),
        ({"special": "过" * 301}, {"special": ["max_length"]}),
        ({"website": "http://spam"}, {"website": ["invalid"]}),
        ({"slot": None}, {"slot": ["null"]}),
        ({"hold": "x"}, {"slot": ["invalid"]}),
    ],
)
def test_a_slip_is_told_at_its_field_and_nothing_is_written(api, school, here, slip, where):
    answer = booked(api, here, **slip)

    assert answer.status_code == 422 and errors(answer) == where
    assert counted(school, here) == (0, 0)
    with tenant_scope(school):
        assert StoredAnswer.objects.count() == 0


def test_the_phone_is_told_what_is_wrong_with_it(api, here):
    answer = booked(api, here, phone="138 0013 800")

    assert answer.json()["fields"]["phone"][0]["message"] == "少了 1 位，手机号是 11 位"


def test_only_a_phone_is_enough_to_come(api, school, here):
    answer = post(f"{api}/bookings/", {"slot": f"s{here.pk}", "guardian_name": "罗女士", "phone": "13800138000",
            "consent": {"version": "1", "child_data": False}})

    assert answer.status_code == 201 and counted(school, here) == (1, 1)


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "nul", '{"slot": "s1"}'])
def test_what_is_no_form_is_refused(api, body):
    assert post(f"{api}/bookings/", body).status_code in (400, 422)


@pytest.mark.parametrize("pk", ["s0", "s999999", "c1", "x", "s²", "s" + "9" * 22])
def test_a_slot_that_is_not_there_is_a_404(api, pk):
    answer = post(f"{api}/bookings/", form(slot=pk))

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_another_schools_slot_answers_as_one_that_is_not_there(api, other_school):
    theirs = put(other_school)

    foreign, missing = (post(f"{api}/bookings/", form(slot=f"s{pk}")) for pk in (theirs.pk, 10**9))

    assert (foreign.status_code, foreign.json()) == (missing.status_code, missing.json()) == (404, missing.json())


@pytest.mark.parametrize("slug", ["nowhere", "admin", "MIAO"])
def test_a_school_that_is_not_there_has_no_slots(school, slug):
    answer = Client().get(f"/api/v1/public/t/{slug}/slots/")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_slot_that_parents_may_not_book_is_not_there(api, school):
    assert booked(api, put(school, code="signing")).status_code == 404


def test_a_booking_is_ten_statements_at_most(api, school):
    here = put(school, 3)
    booked(api, here, "the-first-of-the-minute", phone="13800138001")  # the rules are read once a minute

    with CaptureQueriesContext(connection) as captured:
        assert booked(api, here).status_code == 201

    statements = [q["sql"] for q in captured.captured_queries if q["sql"] not in ("BEGIN", "COMMIT")]
    assert len(statements) <= 10, "\n".join(s[:100] for s in statements)


def test_a_rush_at_a_full_slot_is_turned_away_before_a_lead_is_written(api, here):
    booked(api, here)
    with CaptureQueriesContext(connection) as captured:
        answer = booked(api, here, "another-key-00001", phone="13800138009")

    assert answer.status_code == 409
    assert not any('INTO "crm_lead"' in q["sql"] for q in captured.captured_queries)


def test_a_full_slot_whose_hold_has_run_out_takes_the_next(api, here, school):
    hold(api, here)
    with tenant_scope(school):
        Booking.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert booked(api, here).status_code == 201 and counted(school, here) == (1, 1)


# -- holding ----------------------------------------------------------------------------------------------------------
def hold(api: str, here: Slot):
    return Client().post(f"{api}/holds/", {"slot": f"s{here.pk}"}, content_type="application/json")


def test_a_place_is_kept_while_the_form_is_filled_in(api, school, here):
    answer = hold(api, here)

    kept = answer.json()
    assert answer.status_code == 201 and booked(api, here).status_code == 409
    assert post(f"{api}/bookings/", form(hold=kept["hold"]), "key-of-the-holder").status_code == 201
    assert counted(school, here) == (1, 1) and kept["expires_at"].endswith("+08:00")


def test_a_hold_is_used_once(api, here):
    kept = hold(api, here).json()["hold"]
    post(f"{api}/bookings/", form(hold=kept))

    assert post(f"{api}/bookings/", form(hold=kept), "another-key-00001").status_code == 404


def test_a_full_slot_cannot_be_held(api, here):
    hold(api, here)

    assert (hold(api, here).status_code, hold(api, here).json()["code"]) == (409, "slot_full")


def test_a_hold_is_given_back_and_the_place_is_free_for_the_next(api, here, school):
    kept = hold(api, here).json()["hold"]

    answers = [Client().delete(f"{api}/holds/{kept}/").status_code for _ in range(2)]

    assert answers == [204, 204]
    assert counted(school, here) == (0, 0)
    assert hold(api, here).status_code == 201


def test_who_knows_a_booking_s_link_cannot_give_its_place_back_as_a_hold(api, here, school):
    token = token_of(booked(api, here))

    answers = [Client().delete(f"{api}/holds/{word}/").status_code for word in (token, "nonsense")]

    assert answers == [404, 404] and counted(school, here) == (1, 1)


@pytest.mark.parametrize("token", ["x", "_", "nowhere_secret", "²_²"])
def test_a_hold_that_is_not_there_is_a_404(api, token):
    assert post(f"{api}/bookings/", form(hold=token)).status_code == 404


def test_a_hold_is_no_booking_of_ones_own(api, here):
    assert Client().get(own(hold(api, here).json()["hold"])).status_code == 404


# -- waiting ----------------------------------------------------------------------------------------------------------
def waits(api: str, here: Slot, key: str = "key-of-who-waits", **told):
    return post(f"{api}/waitlist/", form(here, **told), key)


def test_who_waits_is_told_their_place_and_accepts_what_is_offered(api, school, here):
    first = booked(api, here)
    answer = waits(api, here, phone="13800138001")
    token = token_of(answer)
    before = Client().get(own(token)).json()["state"]
    Client().delete(own(token_of(first)))
    offered = Client().get(own(token)).json()
    accepted = Client().post(own(token, "accept/"))

    assert answer.status_code == 201 and answer.json()["position"] == 1 and before == "waiting"
    assert offered["state"] == "offered" and offered["expires_at"]
    assert (accepted.status_code, accepted.json()["state"]) == (200, "booked")
    assert counted(school, here) == (1, 1)
    assert Client().post(own(token, "accept/")).status_code == 409


def test_a_slot_with_a_place_has_no_waiting_list(api, here):
    answer = waits(api, here)

    assert (answer.status_code, answer.json()["code"]) == (409, "changed")


def test_waiting_twice_with_one_key_is_waiting_once(api, school, here):
    booked(api, here)

    assert waits(api, here).json() == waits(api, here).json()
    with tenant_scope(school):
        assert Booking.objects.filter(state="waiting").count() == 1


# -- one's own booking ------------------------------------------------------------------------------------------------
def test_ones_own_booking_shows_all_that_is_stored(api, here):
    told = Client().get(own(token_of(booked(api, here)))).json()

    assert told["told"] == {"guardian_name": "罗女士", "phone": "13800138000", "child_name": "小满",
            "birth_month": "2024-05", "needs": ["午睡", "费用"], "language": "zh-hans"}
    assert (told["state"], told["type"], told["slot"]) == ("booked", "参观", f"s{here.pk}")


def test_a_booking_is_moved(api, school, here):
    other = put(school, 1, SOON + timedelta(hours=1))
    token = token_of(booked(api, here))

    answer = Client().patch(own(token), {"slot": f"s{other.pk}"}, content_type="application/json")

    assert answer.status_code == 200 and answer.json()["slot"] == f"s{other.pk}"
    assert (counted(school, here), counted(school, other)) == ((0, 0), (1, 1))


def test_a_move_into_a_full_slot_leaves_the_booking_where_it_was(api, school, here):
    full = put(school, 1, SOON + timedelta(hours=1))
    booked(api, full, "another-key-00001", phone="13800138009")
    token = token_of(booked(api, here))

    answer = Client().patch(own(token), {"slot": f"s{full.pk}"}, content_type="application/json")

    assert (answer.status_code, answer.json()["code"], answer.json()["alternatives"]) == (409, "slot_full", [])
    assert (counted(school, here), counted(school, full)) == ((1, 1), (1, 1))


def test_a_booking_is_cancelled_once(api, school, here):
    token = token_of(booked(api, here))

    first, second = (Client().delete(own(token)) for _ in range(2))

    assert (first.status_code, second.status_code, second.json()["code"]) == (204, 409, "changed")
    assert counted(school, here) == (0, 0)
    assert Client().get(own(token)).json()["state"] == "cancelled"


def test_shortly_before_the_visit_it_is_too_late_to_change(api, school):
    near = put(school, 1, timedelta(hours=3))
    token = token_of(booked(api, near))
    with tenant_scope(school):
        BookingRules.objects.update(change_minutes=240)

    answers = [Client().delete(own(token)), Client().patch(own(token), {"slot": f"s{near.pk}"},
            content_type="application/json")]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(409, "too_late")] * 2
    assert counted(school, near) == (1, 1)


@pytest.mark.parametrize("fault", ["revoked", "expired", "other secret"])
def test_a_link_that_does_not_open_any_more_is_a_404(api, school, here, fault):
    token = token_of(booked(api, here))
    with tenant_scope(school):
        if fault == "revoked":
            Booking.objects.update(token_revoked_at=timezone.now())
        if fault == "expired":
            Booking.objects.update(starts_at=timezone.now() - timedelta(days=91),
                    ends_at=timezone.now() - timedelta(days=91) + timedelta(hours=1))
    if fault == "other secret":
        token = token[:-1] + ("a" if token[-1] != "a" else "b")

    answers = [Client().get(own(token)), Client().delete(own(token)), Client().post(own(token, "accept/")),
            Client().get(own(token, "calendar.ics"))]

    assert [a.status_code for a in answers] == [404] * 4


def test_a_token_opens_its_own_school_only(api, school, other_school, here):
    secret = token_of(booked(api, here)).partition("_")[2]

    assert Client().get(own(f"{other_school.public_id}_{secret}")).status_code == 404


def test_the_visit_comes_as_a_calendar_file(api, here):
    token = token_of(booked(api, here))
    answer = Client().get(own(token, "calendar.ics"))
    text = answer.content.decode().replace("\r\n ", "")

    assert answer["Content-Type"].startswith("text/calendar") and "STATUS:CONFIRMED" in text
    assert f"DTSTART:{here.starts_at:%Y%m%dT%H%M%SZ}" in text
    assert "TRIGGER:-PT2H" in text
    assert "参观" in text
    Client().delete(own(token))
    assert "STATUS:CANCELLED" in Client().get(own(token, "calendar.ics")).content.decode()


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", ""), ("put", ""), ("get", "accept/"), ("delete", "accept/"), ("delete", "calendar.ics"),
            ("patch", "calendar.ics")],
)
def test_other_methods_are_not_allowed(api, here, method, path):
    token = token_of(booked(api, here))

    assert getattr(Client(), method)(own(token, path)).status_code == 405


# -- codes and limits -------------------------------------------------------------------------------------------------
def ruled(school, **rules) -> None:
    with tenant_scope(school):
        BookingRules.objects.update(**rules)


def code_for(school, api, phone: str = "13800138000") -> str:
    assert Client().post(f"{api}/codes/", {"phone": phone}, content_type="application/json").status_code == 202
    with tenant_scope(school):
        return PhoneCode.objects.latest("id").code


def test_a_school_that_wants_a_code_gets_one(api, school, here):
    ruled(school, code="always")
    code = code_for(school, api)
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    told = [errors(booked(api, here)), errors(booked(api, here, code=wrong)), booked(api, here, code=code).status_code]

    assert told == [{"code": ["required"]}, {"code": ["wrong"]}, 201]
    assert counted(school, here) == (1, 1)


def test_a_code_is_used_once_and_for_its_own_phone(api, school):
    here = put(school, 3)
    ruled(school, code="always")
    code = code_for(school, api)
    booked(api, here, code=code)

    assert errors(booked(api, here, "second-key-00001", code=code)) == {"code": ["expired"]}
    assert errors(booked(api, here, "third-key-000001", code=code, phone="13800138001")) == {"code": ["expired"]}


def test_a_code_is_guessed_five_times_at_most(api, school, here):
    ruled(school, code="always")
    code = code_for(school, api)
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    for _ in range(5):
        assert errors(booked(api, here, code=wrong)) == {"code": ["wrong"]}
    assert errors(booked(api, here, code=code)) == {"code": ["expired"]}


def test_a_code_runs_out(api, school, here):
    ruled(school, code="always")
    code = code_for(school, api)
    with tenant_scope(school):
        PhoneCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert errors(booked(api, here, code=code)) == {"code": ["expired"]}


def test_codes_are_sent_once_a_minute_and_not_where_none_is_wanted(api, school):
    code_for(school, api)
    again = Client().post(f"{api}/codes/", {"phone": "13800138000"}, content_type="application/json")
    ruled(school, code="never")

    assert again.status_code == 429 and again["Retry-After"] == "60"
    assert Client().post(f"{api}/codes/", {"phone": "13800138001"}, content_type="application/json").status_code == 404


def test_a_phone_that_books_too_often_is_refused(api, school):
    here = put(school, 9)
    ruled(school, per_phone=2)
    told = [booked(api, here, f"key-number-{n:08d}").status_code for n in (1, 2, 3)]
    other = booked(api, here, "key-number-0000009", phone="13800138009")
    refused = booked(api, here, "key-number-0000010")

    assert told == [201, 201, 429] and other.status_code == 201
    assert refused.json()["code"] == "throttled" and 0 < int(refused["Retry-After"]) <= 86400


def test_what_is_given_again_or_refused_does_not_count(api, school):
    here, full = put(school, 9), put(school, 1, SOON + timedelta(hours=1))
    booked(api, full, "key-of-the-first-1", phone="13800138009")
    ruled(school, per_phone=2)
    for _ in range(4):
        booked(api, here)
        booked(api, full, "key-of-the-second")

    assert booked(api, here, "key-of-the-third").status_code == 201


def test_who_asks_like_a_loop_waits_for_the_next_minute_and_nobody_else_does(api, school):
    with tenant_scope(school):
        knock = Knock("", "127.0.0.1", timezone.now())
        keys = [replace(knock, at=knock.at + timedelta(minutes=n)).key("asks", knock.address, MINUTE) for n in (0, 1)]
    for key in keys:
        cache.set(key, ASKS_A_MINUTE - 1, 60)
    told = [Client().get(f"{api}/campuses/") for _ in (1, 2)]
    other = Client(REMOTE_ADDR="10.1.2.3").get(f"{api}/campuses/")

    assert [told[0].status_code, told[1].status_code, other.status_code] == [200, 429, 200]
    assert told[1].json()["code"] == "throttled" and 0 < int(told[1]["Retry-After"]) <= 61


def test_an_address_is_first_asked_for_a_code_and_then_refused(api, school):
    here = put(school, 99)
    ruled(school, address_code_after=2, address_most=4)

    def ask(n, **told):
        return booked(api, here, f"key-number-{n:08d}", phone=f"1380013{n:04d}", **told)

    free = [ask(n).status_code for n in (1, 2)]
    asked = errors(ask(3))
    with_code = [ask(n, code=code_for(school, api, f"1380013{n:04d}")).status_code for n in (3, 4)]
    refused = ask(5, code="000000").status_code

    assert (free, asked, with_code, refused) == ([201, 201], {"code": ["required"]}, [201, 201], 429)


def test_a_school_fair_behind_one_address_gets_through(api, school):
    here = put(school, 99)
    told = [booked(api, here, f"key-number-{n:08d}", phone=f"1380013{n:04d}").status_code for n in range(10)]

    assert told == [201] * 10  # and thirty with a code


def test_a_fair_of_parents_who_fill_in_the_form_on_their_phones_gets_through_too(api, school):
    """Each keeps a place first, as the page does: that counts by itself."""
    here = put(school, 99)
    told = []
    for n in range(10):
        kept = hold(api, here)
        told.append((kept.status_code, post(f"{api}/bookings/",
                form(hold=kept.json()["hold"], phone=f"1380013{n:04d}"), f"key-number-{n:08d}").status_code))

    assert told == [(201, 201)] * 10


def test_an_address_cannot_keep_every_place_for_itself(api, school):
    here = put(school, 99)
    ruled(school, address_most=2)

    assert [hold(api, here).status_code for _ in range(5)] == [201] * 4 + [429]


def test_many_bookings_of_a_school_turn_the_code_on_and_refuse_nobody(api, school):
    here = put(school, 9)
    ruled(school, tenant_code_after=1)
    booked(api, here)

    assert errors(booked(api, here, "key-number-0000002", phone="13800138002")) == {"code": ["required"]}


@pytest.mark.parametrize(("proxies", "limited"), [(0, True), (1, False)])
def test_the_address_is_what_a_trusted_proxy_added(api, school, settings, proxies, limited):
    """What the client wrote into the header itself, further left, changes nothing."""
    settings.MIAOPU_PROXIES = proxies
    here = put(school, 9)
    ruled(school, code="never", address_most=1)

    told = [
        post(f"{api}/bookings/", form(here, phone=f"1380013800{n}"), f"key-number-{n:08d}",
                **{"X-Forwarded-For": f"6.6.6.6, 10.0.0.{n}"}).status_code
        for n in (1, 2)
    ]

    assert told == [201, 429 if limited else 201]


# -- over real connections --------------------------------------------------------------------------------------------
def test_a_double_click_is_one_booking(api, school, here):
    gate, told = threading.Barrier(4), []

    def click():
        gate.wait()
        told.append(booked(api, here))
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {answer.status_code for answer in told} == {201}
    assert len({json.dumps(a.json()) for a in told}) == 1
    assert counted(school, here) == (1, 1)


def test_listing_and_booking_agree_on_what_can_be_booked(api, school):
    """Whatever is listed as free is booked, whatever is not is refused (the trap of others: slots that always fail)."""
    with tenant_scope(school):
        VisitType.objects.filter(code="trial").update(is_open=False)
    slots = [put(school, ahead=timedelta(minutes=m), code=code) for m in (1, 119, 121, 600) for code in ("tour",
            "trial", "signing")]
    days = {"from": timezone.localdate(), "to": timezone.localdate() + timedelta(days=2)}
    free = {row["id"] for row in Client().get(f"{api}/slots/", days).json() if row["free"]}

    made = {f"s{s.pk}" for n, s in enumerate(slots) if booked(api, s, f"key-number-{n:08d}",
            phone=f"1380013{n:04d}").status_code == 201}

    assert made == free and len(free) == 2


def test_a_visitor_is_spoken_to_in_their_language(api, here):
    told = [booked(api, here, phone="1", **{}).json()["message"]] + [
        post(f"{api}/bookings/", form(here, phone="1"),
                **{"Accept-Language": language}).json()["message"] for language in ("en-US", "zh-TW")
    ]

    assert told[0] == "有几处要改。" and told[1] != told[0] and told[2] == "有幾處要改。"


def test_who_is_signed_in_as_staff_is_nobody_here(school, head_client, api):
    assert head_client.get(f"{api}/campuses/").status_code == 200
    assert head_client.get("/api/v1/public/families/").status_code == 404


def test_a_key_to_another_school_opens_no_other_than_the_address_names(api, school, other_school, here):
    theirs = put(other_school)
    days = {"from": timezone.localdate(), "to": timezone.localdate() + timedelta(days=5)}

    answer = Client().get(f"{api}/slots/", days, headers={"Authorization": f"Bearer mp_{other_school.public_id}_x"})

    assert [row["id"] for row in answer.json()] == [f"s{here.pk}"] and theirs.pk != here.pk


def test_a_type_of_visit_that_every_school_starts_with_is_named_in_the_parents_language(api, school, here):
    token = token_of(booked(api, here))
    with tenant_scope(school):
        VisitType.objects.filter(code="tour").update(before="请走南门。")
    told = Client().get(own(token), headers={"accept-language": "en"}).json()

    assert (told["type"], told["before"]) == ("Tour", "请走南门。")  # what the school wrote itself stays as it wrote it
