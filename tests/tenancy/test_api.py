"""What every API view shares: two ways to sign in, rights by method, pages, and one shape of error."""
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from django.test import Client, RequestFactory
from rest_framework import exceptions

from crm.models import FeeKind
from tenancy.actions import issue_token
from tenancy.api import MemberThrottle, Pages, answer_error
from tenancy.models import Tenant
from tenancy.refusals import Absent, Forbidden, Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in


def context():
    request = RequestFactory().post("/")

    class View:
        _request = request
    return {"request": View, "raw": request}


def answered(error):
    told = context()
    answer = answer_error(error, told)
    return answer, told["raw"]


# -- errors ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("error", "status", "code", "message"), [
    (Refused("先做另一件事。"), 409, "refused", "先做另一件事。"), (Refused("晚了。", code="stale"), 409, "stale",
            "晚了。"),
    (Forbidden("不可以。", code="forbidden"), 403, "forbidden", "不可以。"), (Absent("没有。", code="not_found"), 404,
            "not_found", "没有。"),
    (Http404(), 404, "not_found", "没有找到。"), (PermissionDenied(), 403, "forbidden", "没有这项权限。"),
    (exceptions.NotAuthenticated(), 401, "not_authenticated",
            "身份认证信息未提供。"), (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed",
                                                                                     "方法 “PUT” 不被允许。"),
    (exceptions.ParseError(), 400, "parse_error", "错误的请求。"), (exceptions.UnsupportedMediaType("text/xml"), 415,
            "unsupported_media_type",
                                                                 "不支持请求中的媒体类型 “text/xml”。"),
])
def test_every_refusal_has_a_status_a_code_and_words(error, status, code, message):
    answer, _request = answered(error)

    assert (answer.status_code, answer.data["code"], answer.data["message"]) == (status, code, message)


@pytest.mark.parametrize("error", [Refused("x"), Http404(), exceptions.ParseError(), PermissionDenied()])
def test_what_was_begun_is_marked_to_be_rolled_back(error):
    _answer, request = answered(error)

    assert request.failed is True


def test_a_refusal_about_a_field_names_it():
    answer, _request = answered(Refused("金额要大于 0。", "amount", code="refused"))

    assert answer.data["fields"] == {"amount": [{"code": "refused", "message": "金额要大于 0。"}]}


def test_a_refusal_about_no_field_has_no_fields():
    assert "fields" not in answered(Refused("x"))[0].data


@pytest.mark.parametrize(("detail", "fields"), [
    ({"name": ["必填。"]}, {"name": [("invalid", "必填。")]}), (["整体不对。"],
            {"non_field_errors": [("invalid", "整体不对。")]}),
    ({"a": [exceptions.ErrorDetail("x", "required"), exceptions.ErrorDetail("y", "blank")]},
            {"a": [("required", "x"), ("blank", "y")]}),
])
def test_invalid_values_are_told_field_by_field(detail, fields):
    answer, _request = answered(exceptions.ValidationError(detail))

    assert (answer.status_code, answer.data["code"]) == (422, "invalid")
    assert {name: [(e["code"], e["message"]) for e in errors] for name, errors in answer.data["fields"].items()} == fields


def test_who_asks_too_often_is_told_when_to_come_back():
    answer, _request = answered(exceptions.Throttled(wait=12.3))

    assert (answer.status_code, answer["Retry-After"]) == (429, "14")


def test_a_stranger_is_told_how_to_sign_in():
    error = exceptions.NotAuthenticated()
    error.auth_header = "Bearer"

    assert answered(error)[0]["WWW-Authenticate"] == "Bearer"


def test_a_crash_is_not_dressed_up_as_a_refusal():
    assert answered(ZeroDivisionError())[0] is None


def test_a_conflict_that_has_no_words_of_its_own_is_told_in_general(school):
    with tenant_scope(school):
        answer, _request = answered(IntegrityError("x"))

    assert (answer.status_code, answer.data["message"]) == (409, "与已有的记录冲突，请核对后再试。")


# -- signing in ----------------------------------------------------------------------------------------------------------
def test_a_session_writes_only_with_its_csrf_token(school, head):
    client = Client(enforce_csrf_checks=True)
    client.force_login(head.user, backend="tenancy.backends.StaffBackend")
    answer = client.post(f"/s/{school.slug}/api/v1/families/", "{}", content_type="application/json")

    assert answer.status_code == 403 and answer.json()["code"] == "permission_denied"


def test_a_token_needs_no_csrf_token(school, head):
    with tenant_scope(school):
        token = issue_token(head, "x")
    answer = Client(enforce_csrf_checks=True).post("/api/v1/families/", "{}", content_type="application/json",
                                                   headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 422


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Bearer mp_x_y", "Token abc", "Basic aGVhZDp4"])
def test_without_a_key_nothing_opens(school, header):
    answer = Client().get("/api/v1/families/", headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert set(answer.json()) == {"code", "message"}


def test_a_key_of_a_closed_school_is_dead(school, head):
    with tenant_scope(school):
        token = issue_token(head, "x")
    Tenant.objects.filter(pk=school.pk).update(is_active=False)

    assert Client().get("/api/v1/families/", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_key_of_one_school_opens_no_other(school, other_school, head):
    with tenant_scope(school):
        token = issue_token(head, "x")
    secret = token.split("_", 2)[2]
    answer = Client().get("/api/v1/families/", headers={"Authorization": f"Bearer mp_{other_school.public_id}_{secret}"})

    assert answer.status_code == 401


@pytest.mark.parametrize("name", ["families", "children", "guardians", "enrolments", "payments", "referrals",
        "activities", "standings", "batches"])
def test_each_list_is_paged_and_each_page_is_as_large_as_asked_for_up_to_a_hundred(school, api, head_client, name):
    answer = head_client.get(f"{api}/{name}/?page_size=1")

    assert answer.status_code == 200
    assert set(answer.json()) == {"count", "next", "previous", "results"}
    assert (Pages.max_page_size, Pages.page_size_query_param) == (100, "page_size")


@pytest.mark.parametrize("page", ["2", "0", "-1", "abc", "last2"])
def test_a_page_that_is_not_there_is_not_found(api, head_client, page):
    answer = head_client.get(f"{api}/families/?page={page}")

    assert answer.status_code == 404 and answer.json()["code"] == "not_found"


def test_the_next_page_is_an_address_of_this_school(school, api, head_client):
    with tenant_scope(school):
        for n in range(3):
            makers.family(f"孩{n}", f"1380013800{n}")
    told = head_client.get(f"{api}/families/?page_size=2").json()

    assert told["count"] == 3
    assert told["next"].endswith("/s/miao/api/v1/families/?page=2&page_size=2")
    assert len(head_client.get(told["next"].replace("http://testserver", "")).json()["results"]) == 1


@pytest.mark.parametrize(("body", "status"), [("{", 400), ("[]", 422), ("null", 422), ('"x"', 422), ("{}", 422),
        ('{"phone": {}}', 422)])
def test_a_body_that_is_no_family_is_told_what_is_wrong(api, head_client, body, status):
    answer = head_client.post(f"{api}/families/", body, content_type="application/json")

    assert answer.status_code == status and {"code", "message"} <= set(answer.json())


def test_only_json_is_taken(api, head_client):
    answer = head_client.post(f"{api}/families/", "<x/>", content_type="text/xml")

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_method_that_is_not_offered_is_told(api, head_client, method):
    answer = getattr(head_client, method)(f"{api}/families/", "{}", content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


# -- throttling ----------------------------------------------------------------------------------------------------------
def test_each_member_has_a_count_of_their_own(school, other_school):
    one, two = make_member(school, "head"), make_member(other_school, "head")

    class Asked:
        def __init__(self, auth):
            self.auth = auth
    keys = [MemberThrottle().get_cache_key(Asked(member), None) for member in (one, two)]

    assert keys == [f"throttle:{m.tenant_id}:{m.pk}" for m in (one, two)]
    assert MemberThrottle().get_cache_key(Asked(None), None) is None


def test_the_six_hundred_and_first_request_of_a_minute_waits(school, api, head, monkeypatch):
    monkeypatch.setattr(MemberThrottle, "THROTTLE_RATES", {"member": "3/min"})
    client, other = signed_in(head), signed_in(make_member(school, "deputy"))
    statuses = [client.get(f"{api}/batches/").status_code for _ in range(4)]
    last = client.get(f"{api}/batches/")

    assert statuses == [200, 200, 200, 429]
    assert last["Retry-After"].isdigit()
    assert other.get(f"{api}/batches/").status_code == 200


# -- atomicity ----------------------------------------------------------------------------------------------------------
def test_a_refused_write_leaves_nothing(school, api, head_client):
    with tenant_scope(school):
        customer = makers.family()
        before = FeeKind.objects.count()
    answer = head_client.post(f"{api}/payments/", json.dumps({"customer": customer.pk, "fee_kind": "没有这一项",
            "amount_fen": 100,
                                                              "paid_on": "2026-09-01"}), content_type="application/json")

    with tenant_scope(school):
        assert (answer.status_code, FeeKind.objects.count(), customer.payments.count()) == (422, before, 0)
