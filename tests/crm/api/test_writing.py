"""The staff API writes through the same verbs as the screens: same refusals, one shape of error, nothing half-written."""
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from crm.models import Child, ClassGroup, Concern, Customer, Enrolment, Payment, Referral, TimelineEntry
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import NOW, make_member, make_school, signed_in

pytestmark = pytest.mark.usefixtures("on_the_day")
TODAY = timezone.localdate(NOW)


class Api:
    """A member at the API of their school."""

    def __init__(self, member, slug="miao"):
        self.client, self.base = signed_in(member), f"/s/{slug}/api/v1/"

    def post(self, path, **body):
        return self.client.post(self.base + path, json.dumps(body, default=str), content_type="application/json")

    def get(self, path):
        return self.client.get(self.base + path)


@pytest.fixture
def api(head):
    return Api(head)


@pytest.fixture
def family(school):
    with tenant_scope(school):
        return makers.family("周小满", "13800138000")


CALL = {"guardian": "李女士", "phone": "139 0013 9123", "relation": "mother", "child": "李小树",
        "born_on": "2022-05-01", "campus": "main"}


# -- families -----------------------------------------------------------------------------------------------
def test_a_family_is_made_found_and_owned_by_who_made_it(school, head, api):
    answer = api.post("families/", **CALL, address="河畔里3号", note="问学费")

    with tenant_scope(school):
        made = Customer.objects.get()
        assert (answer.status_code, answer.json()["id"], made.owner) == (201, made.pk, head)
        assert answer.json()["guardians"][0]["phone_mask"] == "139****9123"
        assert "13900139123" not in answer.content.decode()
        assert made.family.address == "河畔里3号" and TimelineEntry.objects.get().text == "问学费"


def test_a_known_number_is_a_conflict_that_names_the_family(family, api):
    answer = api.post("families/", **CALL | {"phone": "13800138000"})

    assert (answer.status_code, answer.json()["code"]) == (409, "known_phone")
    assert "周小满一家" in answer.json()["fields"]["phone"][0]["message"]


@pytest.mark.parametrize("change,field", [
    ({"guardian": ""}, "guardian"), ({"campus": "nowhere"}, "campus"), ({"born_on": "soon"},
            "born_on"), ({"relation": "neighbour"}, "relation"),
    ({"guardian": "名" * 41}, "guardian"),
])
def test_what_is_missing_or_wrong_is_named_field_by_field_and_nothing_is_written(school, api, change, field):
    answer = api.post("families/", **CALL | change)

    with tenant_scope(school):
        assert (answer.status_code, list(answer.json()["fields"]), Customer.objects.count()) == (422, [field], 0)


def test_a_short_phone_says_how_many_digits_are_missing(api):
    answer = api.post("families/", **CALL | {"phone": "1390013912"})

    assert answer.status_code == 409
    assert answer.json()["fields"]["phone"][0]["message"] == "少了 1 位，手机号是 11 位"


def test_a_member_of_one_campus_cannot_add_to_another(school, head):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    desk = Api(make_member(school, "frontdesk", "西", [west]))

    assert desk.post("families/", **CALL).status_code == 422
    assert desk.post("families/", **CALL | {"campus": "west"}).status_code == 201


# -- children, enrolments -------------------------------------------------------------------------------------
def test_a_child_is_added_to_its_family_once(school, family, api):
    first = api.post("children/", customer=family.pk, name="周小树", born_on="2023-01-02", sex="m")
    twice = api.post("children/", customer=family.pk, name="周小树", born_on="2023-01-02", sex="m")

    assert (first.status_code, first.json()["customer"], twice.status_code) == (201, family.pk, 409)
    assert [row["name"] for row in api.get(f"children/?family__customer={family.pk}").json()["results"]] == ["周小树",
            "周小满"]


def test_a_partner_has_no_children(school, api):
    with tenant_scope(school):
        kind = Customer.type.field.remote_field.model.objects.get(code="partner")
        partner = Customer.objects.create(type=kind, campus=makers.campus(), external_ref="P-1", name="图书馆", since=TODAY)

    assert api.post("children/", customer=partner.pk,
            name="x").json()["fields"]["customer"][0]["message"] == "这个客户不是家庭，没有孩子。"


def test_a_child_is_enrolled_leaves_and_is_enrolled_again(school, api):
    with tenant_scope(school):
        makers.family(enrolled=False)
        child, campus = Child.objects.get().pk, Campus.objects.get().pk
        group = ClassGroup.objects.create(campus_id=campus, name="小一班").pk
    begun = api.post("enrolments/", child=child, campus=campus, class_group=group, from_on=TODAY - timedelta(days=40))
    twice = api.post("enrolments/", child=child, campus=campus, from_on=TODAY)
    ended = api.post(f"enrolments/{begun.json()['id']}/end/", until_on=TODAY - timedelta(days=1), outcome="withdrew")
    ended_again = api.post(f"enrolments/{begun.json()['id']}/end/", until_on=TODAY, outcome="moved")
    back = api.post("enrolments/", child=child, campus=campus, from_on=TODAY)

    assert [a.status_code for a in (begun, twice, ended, ended_again, back)] == [201, 409, 200, 409, 201]
    assert ended.json()["outcome"] == "withdrew"


def test_a_leaving_before_the_beginning_is_refused_at_its_field(school, family, api):
    with tenant_scope(school):
        enrolment = Enrolment.objects.get().pk
    answer = api.post(f"enrolments/{enrolment}/end/", until_on="2020-01-01", outcome="withdrew")

    assert (answer.status_code, list(answer.json()["fields"])) == (409, ["until_on"])


# -- payments, referrals, timeline ----------------------------------------------------------------------------
def test_a_payment_is_in_fen_and_names_its_kind(school, family, api):
    answer = api.post("payments/", customer=family.pk, fee_kind="保教费", amount_fen=148050, paid_on=TODAY, method="微信")

    with tenant_scope(school):
        assert (answer.status_code, Payment.objects.get().amount_fen) == (201, 148050)


@pytest.mark.parametrize("change,status", [
    ({"amount_fen": 0}, 422), ({"amount_fen": -5}, 422), ({"amount_fen": "12.5"}, 422), ({"fee_kind": "没有这项"}, 422),
    ({"paid_on": TODAY + timedelta(days=1)}, 422), ({"customer": 10**12}, 422),
])
def test_a_payment_that_cannot_be_is_refused(school, family, api, change, status):
    answer = api.post("payments/", **{"customer": family.pk, "fee_kind": "保教费", "amount_fen": 100,
            "paid_on": TODAY} | change)

    with tenant_scope(school):
        assert (answer.status_code, Payment.objects.count()) == (status, 0)


def test_a_payment_for_a_child_of_another_family_is_refused(school, family, api):
    with tenant_scope(school):
        other = makers.family("李四", "13900139123").family.children.get().pk
    answer = api.post("payments/", customer=family.pk, child=other, fee_kind="保教费", amount_fen=100, paid_on=TODAY)

    assert (answer.status_code, answer.json()["fields"]["child"][0]["message"]) == (422, "这个孩子不在这一家。")


def test_a_referral_of_oneself_is_refused_and_another_is_kept(school, family, api):
    own = api.post("referrals/", referrer=family.pk, name="罗女士", phone="13800138000", referred_on="2026-03-01")
    other = api.post("referrals/", referrer=family.pk, name="李女士", phone="13900139001", referred_on="2026-03-01")

    with tenant_scope(school):
        assert (own.status_code, other.status_code, Referral.objects.count()) == (409, 201, 1)
    assert "13900139001" not in other.content.decode()


def test_a_complaint_told_through_the_api_waits_for_an_answer(school, head, family, api):
    answer = api.post("activities/", customer=family.pk, kind="complaint", channel="wechat",
            at="2026-11-02T10:00:00+08:00", text="闷热")

    with tenant_scope(school):
        assert (answer.status_code, answer.json()["day"], Concern.objects.get().text) == (201, "2026-11-02", "闷热")
        assert Entry.objects.get(verb="crm.contact_logged").actor == head


def test_what_the_product_writes_itself_is_not_told_through_the_api(family, api):
    answer = api.post("activities/", customer=family.pk, kind="tier", channel="", at="2026-11-02T10:00:00+08:00",
            title="A 级")

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["kind"])


# -- who may -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role,path,body", [
    ("teacher", "families/", CALL), ("teacher", "payments/", {}), ("operations", "children/", {}), ("inspector",
            "activities/", {}),
    ("teacher", "enrolments/", {}), ("inspector", "referrals/", {}),
])
def test_a_role_without_the_right_is_refused_before_anything_is_read(school, role, path, body):
    answer = Api(make_member(school, role)).post(path, **body)

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


@pytest.mark.parametrize("path,body", [
    ("children/", lambda pk: {"customer": pk, "name": "x"}),
    ("payments/", lambda pk: {"customer": pk, "fee_kind": "保教费", "amount_fen": 1, "paid_on": str(TODAY)}),
    ("referrals/", lambda pk: {"referrer": pk, "name": "x", "phone": "13900139001", "referred_on": str(TODAY)}),
    ("activities/", lambda pk: {"customer": pk, "kind": "note", "at": "2026-11-02T10:00:00+08:00"}),
])
def test_another_schools_customer_answers_as_a_missing_one_does(school, api, path, body):
    other = make_school("other")
    with tenant_scope(other):
        theirs = makers.family("邻校", "13800138777").pk
    foreign, missing = (api.post(path, **body(pk)) for pk in (theirs, 10**12))

    assert foreign.status_code == missing.status_code == 422
    assert foreign.content.replace(str(theirs).encode(), b"N") == missing.content.replace(str(10**12).encode(), b"N")


def test_an_unknown_method_and_a_body_that_is_no_json_have_the_same_shape(family, api):
    deleted = api.client.delete(f"{api.base}families/{family.pk}/")
    garbled = api.client.post(f"{api.base}families/", "{nonsense", content_type="application/json")

    assert (deleted.status_code, set(deleted.json())) == (405, {"code", "message"})
    assert (garbled.status_code, set(garbled.json())) == (400, {"code", "message"})


def test_reading_a_child_is_counted(school, family, api):
    with tenant_scope(school):
        child = Child.objects.get().pk
    api.get(f"children/{child}/")
    api.get("guardians/")

    with tenant_scope(school):
        assert Entry.objects.filter(verb="crm.child_viewed", object_id=child).count() == 1
        assert Entry.objects.get(verb="crm.listed").data["list"] == "guardian"
