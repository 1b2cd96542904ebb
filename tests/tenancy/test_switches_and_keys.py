"""The header's switches, API tokens on a screen, demo accounts in production, who is shown what."""
import re

import pytest
from django.test import Client

from tenancy.models import ApiToken, Campus, Membership, User
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, make_school, signed_in


@pytest.fixture
def campuses(school):
    """Two campuses with a family each."""
    with tenant_scope(school):
        east = Campus.objects.get()
        west = Campus.objects.create(code="west", name="西园")
        makers.family("东园孩", "13800138001", at=east)
        makers.family("西园孩", "13800138002", at=west)
    return east, west


# -- campus --------------------------------------------------------------------------------------------------
def test_a_chosen_campus_narrows_every_list_until_all_are_chosen_again(school, head_client, campuses):
    _east, west = campuses
    head_client.post(f"/s/{school.slug}/campus/", {"campus": west.pk, "next": f"/s/{school.slug}/families/"})
    narrowed = head_client.get(f"/s/{school.slug}/families/").content.decode()
    by_api = head_client.get(f"/s/{school.slug}/api/v1/families/").json()["count"]
    head_client.post(f"/s/{school.slug}/campus/", {"campus": "", "next": "/"})
    whole = head_client.get(f"/s/{school.slug}/families/").content.decode()

    assert ("西园孩" in narrowed, "东园孩" in narrowed, by_api) == (True, False, 1)
    assert "西园孩" in whole and "东园孩" in whole


def test_a_member_of_one_campus_cannot_choose_their_way_into_another(school, head, campuses):
    east, west = campuses
    client = signed_in(make_member(school, "frontdesk", "西", [west]))
    client.post(f"/s/{school.slug}/campus/", {"campus": east.pk, "next": "/"})

    assert "东园孩" not in client.get(f"/s/{school.slug}/families/").content.decode()


def test_a_campus_that_is_not_there_changes_nothing(school, head_client, campuses):
    for text in ("999999", "abc", ""):
        head_client.post(f"/s/{school.slug}/campus/", {"campus": text, "next": "/"})

    page = head_client.get(f"/s/{school.slug}/families/").content.decode()
    assert "西园孩" in page and "东园孩" in page


def test_the_switch_leads_back_but_never_out(school, head_client, campuses):
    there = head_client.post(f"/s/{school.slug}/campus/", {"campus": "", "next": "/s/miao/families/?stage=enrolled"})
    out = head_client.post(f"/s/{school.slug}/campus/", {"campus": "", "next": "https://evil.example/"})

    assert (there["Location"], out["Location"]) == ("/s/miao/families/?stage=enrolled", "/")


def test_a_school_of_one_campus_shows_no_switch(school, head_client):
    assert "mp-campus-switch" not in head_client.get(f"/s/{school.slug}/").content.decode()


# -- schools -----------------------------------------------------------------------------------------------
def test_who_works_in_two_schools_finds_the_other_in_the_menu_and_nobody_elses(school, head, head_client):
    second, third = make_school("second"), make_school("third")
    with tenant_scope(second):
        Membership.objects.create(user=head.user, role="teacher", name="许老师")
    page = head_client.get(f"/s/{school.slug}/").content.decode()

    assert f'href="/s/{second.slug}/"' in page and third.slug not in page


# -- tokens ------------------------------------------------------------------------------------------------
def secret_of(page):
    return re.search(r"mp_[0-9a-f]+_[\w-]+", page)[0]


def test_a_token_is_shown_once_works_and_is_revoked_at_once(school, head_client):
    with tenant_scope(school):
        makers.family()
    place = f"/s/{school.slug}/tokens/"
    token = secret_of(head_client.post(place, {"name": "对账"}).content.decode())
    again = head_client.get(place).content.decode()
    before = Client().get("/api/v1/families/", HTTP_AUTHORIZATION=f"Bearer {token}")
    with tenant_scope(school):
        row = ApiToken.objects.get()
    head_client.post(f"{place}{row.pk}/revoke/")
    after = Client().get("/api/v1/families/", HTTP_AUTHORIZATION=f"Bearer {token}")

    assert (before.status_code, before.json()["count"], after.status_code) == (200, 1, 401)
    assert token not in again and "对账" in again and token.split("_", 2)[2] not in row.secret_hash


def test_a_token_has_its_members_rights_and_no_more(school):
    client = signed_in(make_member(school, "teacher"))
    token = secret_of(client.post(f"/s/{school.slug}/tokens/", {"name": "x"}).content.decode())

    answer = Client().post("/api/v1/families/", {}, content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {token}")

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_a_colleagues_token_cannot_be_revoked_by_its_number(school, head_client):
    other = make_member(school, "deputy")
    signed_in(other).post(f"/s/{school.slug}/tokens/", {"name": "何老师的"})
    with tenant_scope(school):
        row = ApiToken.objects.get()
    answer = head_client.post(f"/s/{school.slug}/tokens/{row.pk}/revoke/")

    with tenant_scope(school):
        assert (answer.status_code, ApiToken.objects.get().revoked_at) == (404, None)


def test_a_token_without_a_purpose_is_refused(school, head_client):
    assert head_client.post(f"/s/{school.slug}/tokens/", {"name": ""}).status_code == 422


def test_a_leavers_token_is_dead(school, head_client, head):
    token = secret_of(head_client.post(f"/s/{school.slug}/tokens/", {"name": "x"}).content.decode())
    with tenant_scope(school):
        Membership.objects.filter(pk=head.pk).update(is_active=False)

    assert Client().get("/api/v1/families/", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401


# -- the demo's people in production ----------------------------------------------------------------------
@pytest.mark.parametrize("production,demo,lets_in", [(False, True, True), (True, True, False), (True, False, True)])
def test_production_lets_nobody_of_the_demo_in(school, settings, production, demo, lets_in):
    make_member(school, "head")
    User.objects.update(is_demo=demo)
    settings.PRODUCTION = production

    signed = Client().post("/accounts/login/", {"login": "head@miao", "password": "correct-horse-9"})

    assert (signed.status_code == 302) is lets_in


def test_a_session_of_the_demo_ends_when_production_begins(school, head, head_client, settings):
    User.objects.update(is_demo=True)
    before = head_client.get(f"/s/{school.slug}/").status_code
    settings.PRODUCTION = True

    assert (before, head_client.get(f"/s/{school.slug}/").status_code) == (200, 302)
