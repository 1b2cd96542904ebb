"""Reading over the API: families with their people, facts of customers, filters, masks, audit rows, campuses."""
from datetime import date

import pytest

from audit.models import Entry
from crm.actions import delete_family
from crm.models import Child, Customer, CustomerType, FeeKind
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in


@pytest.fixture
def east(school):
    with tenant_scope(school):
        made = makers.family("周小满", "13800138001", date(2025, 9, 1))
        makers.payment(made, 1200, date(2026, 9, 1))
        makers.payment(made, 30, date(2026, 10, 1), "伙食费")
        makers.entry(made, on=date(2026, 10, 2), title="电话")
        makers.referral(made, date(2026, 3, 1), date(2026, 4, 1))
        return made


@pytest.fixture
def west(school):
    with tenant_scope(school):
        campus = Campus.objects.create(code="west", name="西园")
        return makers.family("李小树", "13800138002", date(2025, 9, 1), at=campus)


@pytest.fixture
def western(school, west):
    return signed_in(make_member(school, "head", "西", [west.campus]))


LISTS = ["families", "children", "guardians", "enrolments", "payments", "referrals", "activities"]


def rows(client, place):
    return client.get(place).json()["results"]


# -- families -----------------------------------------------------------------------------------------------------------
def test_a_family_is_told_with_its_people_and_a_masked_number(api, head_client, east):
    told = head_client.get(f"{api}/families/{east.pk}/").json()

    assert (told["external_ref"], told["name"], told["type"], told["campus"], told["since"], told["owner"]) == (
        "F-0001", "周小满一家", "family", "main", "2025-09-01", None)
    assert [(c["name"], c["born_on"]) for c in told["children"]] == [("周小满", "2021-05-01")]
    assert [(g["name"], g["relation"], g["phone_mask"]) for g in told["guardians"]] == [("罗女士", "mother", "138****8001")]


def test_a_partner_is_told_without_people(school, api, head_client):
    with tenant_scope(school):
        kind = CustomerType.objects.get(code="partner")
        made = Customer.objects.create(type=kind, campus=makers.campus(), external_ref="P-1", name="市图书馆",
                since=date(2026, 1, 1))
    told = head_client.get(f"{api}/families/{made.pk}/").json()

    assert (told["children"], told["guardians"], told["type"]) == ([], [], "partner")


@pytest.mark.parametrize(("words", "names"), [
    ("?q=zxm", ["周小满一家"]), ("?q=8002", ["李小树一家"]), ("?q=没有", []), ("?campus__code=west",
            ["李小树一家"]), ("?type__code=partner", []),
    ("?external_ref=F-0001", ["周小满一家"]), ("", ["周小满一家", "李小树一家"]), ("?q=", ["周小满一家", "李小树一家"]),
])
def test_families_are_searched_and_filtered(api, head_client, east, west, words, names):
    assert [row["name"] for row in rows(head_client, f"{api}/families/{words}")] == names


def test_a_family_in_the_bin_is_not_there(school, api, head, head_client, east, now):
    with tenant_scope(school):
        delete_family(east, typed_name=east.name, by=head, at=now)

    assert head_client.get(f"{api}/families/{east.pk}/").status_code == 404
    assert rows(head_client, f"{api}/families/") == []


@pytest.mark.parametrize("name", LISTS)
def test_what_hangs_on_a_family_in_the_bin_is_not_there(school, api, head, head_client, east, now, name):
    with tenant_scope(school):
        delete_family(east, typed_name=east.name, by=head, at=now)

    assert rows(head_client, f"{api}/{name}/") == []


# -- facts --------------------------------------------------------------------------------------------------------------
def test_a_payment_is_told_in_fen_with_the_name_of_its_kind(api, head_client, east):
    newest = rows(head_client, f"{api}/payments/")[0]

    assert (newest["customer"], newest["fee_kind"], newest["amount_fen"], newest["paid_on"]) == (east.pk, "伙食费",
            3000, "2026-10-01")


@pytest.mark.parametrize(("place", "count"), [
    ("payments/?fee_kind__name=伙食费", 1), ("payments/?paid_on=2026-09-01", 1), ("payments/?paid_on=2020-01-01",
            0), ("referrals/?result=converted", 1),
    ("referrals/?counts=false", 0), ("activities/?kind=contact", 1), ("activities/?day=2026-10-02",
            1), ("activities/?kind=visit", 0),
    ("children/?born_on=2021-05-01", 2), ("guardians/?relation=mother", 2), ("enrolments/?from_on=2025-09-01",
            2), ("enrolments/?outcome=moved", 0),
])
def test_facts_are_filtered(api, head_client, east, west, place, count):
    assert head_client.get(f"{api}/{place}").json()["count"] == count


@pytest.mark.parametrize("name", ["payments", "activities"])
def test_facts_of_one_customer(api, head_client, east, west, name):
    assert {row["customer"] for row in rows(head_client, f"{api}/{name}/?customer={east.pk}")} == {east.pk}


@pytest.mark.parametrize("name", ["payments", "activities", "referrals"])
def test_a_customer_that_is_not_there_is_no_filter(api, head_client, east, name):
    field = "referrer" if name == "referrals" else "customer"
    answer = head_client.get(f"{api}/{name}/?{field}=999999")

    assert answer.status_code in (200, 422)
    assert answer.status_code == 422 or answer.json()["count"] == 0


def test_a_referral_tells_no_number(api, head_client, east):
    row = rows(head_client, f"{api}/referrals/")[0]

    assert set(row) == {"id", "referrer", "referred", "referred_on", "result", "converted_on", "counts", "flag"}


def test_a_guardian_is_told_with_its_customer_and_a_mask(api, head_client, east):
    row = rows(head_client, f"{api}/guardians/")[0]

    assert (row["customer"], row["phone_mask"]) == (east.pk, "138****8001")
    assert "13800138001" not in str(row)


def test_newest_facts_stand_first(api, head_client, east):
    ids = [row["id"] for row in rows(head_client, f"{api}/payments/")]

    assert ids == sorted(ids, reverse=True)


# -- campuses -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", LISTS)
def test_a_member_of_one_campus_reads_its_rows_only(api, western, east, west, name):
    found = rows(western, f"{api}/{name}/")
    told = str(found)

    assert "周小满" not in told
    assert "138****8001" not in told
    assert found or name in ("payments", "referrals", "activities")


@pytest.mark.parametrize("name", ["families", "children", "guardians", "enrolments"])
def test_a_row_of_another_campus_reads_like_a_missing_one(school, api, western, east, west, name):
    with tenant_scope(school):
        child = Child.objects.get(name="周小满")
        pk = {"families": east.pk, "children": child.pk, "guardians": east.family.guardians.get().pk,
                "enrolments": child.enrolments.get().pk}[name]
    foreign, missing = western.get(f"{api}/{name}/{pk}/"), western.get(f"{api}/{name}/999999999/")

    assert (foreign.status_code, foreign.json()) == (missing.status_code, missing.json())
    assert foreign.status_code == 404


# -- looks ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_one_row_in_the_log_with_its_ids(school, api, head_client, east, name):
    ids = [row["id"] for row in rows(head_client, f"{api}/{name}/")]

    with tenant_scope(school):
        data = Entry.objects.get(verb="crm.listed").data
    assert data["ids"] == ids and set(data) == {"list", "ids"}


@pytest.mark.parametrize("name", ["families", "children"])
def test_a_child_looked_at_is_a_row_in_the_log(school, api, head_client, east, name):
    with tenant_scope(school):
        child = Child.objects.get()
    head_client.get(f"{api}/{name}/{east.pk if name == 'families' else child.pk}/")

    with tenant_scope(school):
        assert Entry.objects.get(verb="crm.child_viewed").object_id == child.pk


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("pk", ["0", "999999999999999999", "abc", "1.5", "-1"])
def test_a_number_that_is_none_is_not_found(api, head_client, east, name, pk):
    assert head_client.get(f"{api}/{name}/{pk}/").status_code == 404


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", ["teacher", "inspector", "admin", "planner"])
def test_everybody_of_the_school_reads(school, api, east, name, role):
    assert signed_in(make_member(school, role)).get(f"{api}/{name}/").status_code == 200


def test_a_made_payment_is_read_back(school, api, head_client, east):
    with tenant_scope(school):
        fee = FeeKind.objects.get(name="保教费").name
    made = head_client.post(f"{api}/payments/", {"customer": east.pk, "fee_kind": fee, "amount_fen": 500,
            "paid_on": "2026-10-05"},
                            content_type="application/json").json()

    assert head_client.get(f"{api}/payments/{made['id']}/").json() == made
