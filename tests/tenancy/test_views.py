"""Inviting, the link of a first day, keys to the API, the campus one looks at: the pages of running a school."""
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tenancy.actions import sign_in_link
from tenancy.models import ApiToken, Campus, Membership, SignInLink, User
from tenancy.scope import tenant_scope
from tests.conftest import make_member, signed_in

INVITED = {"username": "xiaozhou", "name": "小周", "role": "frontdesk"}


def link_on(page):
    return re.search(r'value="http://testserver(/s/[^"]+/link/[^"]+)"', page)[1]


# -- inviting ------------------------------------------------------------------------------------------------------------
def test_from_the_invitation_to_the_first_page(school, at, head_client):
    page = head_client.post(f"{at}/members/invite/", INVITED).content.decode()
    colleague = Client()
    greeting = colleague.get(link_on(page)).content.decode()
    colleague.post(link_on(page), {"password": "a-long-enough-one"})
    signed = colleague.post("/accounts/login/", {"login": "xiaozhou", "password": "a-long-enough-one"})

    assert "已邀请 小周" in page and "小周，您好" in greeting and "xiaozhou" in greeting
    assert (signed.status_code, colleague.get(f"{at}/").status_code) == (302, 200)


@pytest.mark.parametrize(("values", "field"), [({"username": ""}, "username"), ({"name": ""}, "name"), ({"role": ""},
        "role"), ({"role": "janitor"}, "role"),
                                               ({"username": "x" * 61}, "username"), ({"username": "head@miao"},
                                                       "username"), ({"campuses": "999"}, "campuses")])
def test_a_slip_in_an_invitation_stands_at_its_field(school, at, head_client, values, field):
    answer = head_client.post(f"{at}/members/invite/", INVITED | values)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    with tenant_scope(school):
        assert Membership.objects.count() == 1


def test_campuses_are_offered_and_given(school, at, head_client):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    head_client.post(f"{at}/members/invite/", INVITED | {"campuses": [west.pk]})

    with tenant_scope(school):
        assert Membership.objects.get(name="小周").campus_ids() == [west.pk]


@pytest.mark.parametrize(("role", "status"), [("deputy", 200), ("admin", 403), ("marketing", 403), ("inspector", 403)])
def test_who_runs_the_school_invites(school, at, role, status):
    assert signed_in(make_member(school, role)).get(f"{at}/members/invite/").status_code == status


def test_the_members_list_gives_links_and_each_ends_the_one_before(school, at, head, head_client):
    for _ in range(2):
        page = head_client.post(f"{at}/admin/tenancy/membership/",
                {"action": "make_link", "_selected_action": [head.pk]}, follow=True).content.decode()

    assert "三天内用一次" in page
    with tenant_scope(school):
        assert sorted(link.used_at is None for link in SignInLink.objects.all()) == [False, True]


# -- links ----------------------------------------------------------------------------------------------------------------
@pytest.fixture
def link(school, head):
    with tenant_scope(school):
        return f"/s/{school.slug}/link/{sign_in_link(head, at=timezone.now())}/"


def test_a_link_needs_no_sign_in_and_works_once(head, link):
    first, done, again = Client().get(link), Client().post(link, {"password": "a-long-enough-one"}), Client().get(link)

    assert (first.status_code, done["Location"], again.status_code) == (200, "/accounts/login/", 409)
    assert User.objects.get(pk=head.user_id).check_password("a-long-enough-one")


def test_an_old_link_says_so(school, link):
    with tenant_scope(school):
        SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert "用过或过期" in Client().get(link).content.decode()


def test_a_link_of_one_school_is_none_of_another(other_school, link):
    assert Client().get(link.replace("/s/miao/", "/s/qi/")).status_code == 409


@pytest.mark.parametrize("token", ["x", "x" * 300, "%00"])
def test_a_link_nobody_gave_opens_nothing(school, token):
    assert Client().get(f"/s/{school.slug}/link/{token}/").status_code in (400, 404, 409)


# -- tokens ----------------------------------------------------------------------------------------------------------------
def test_keys_are_listed_with_their_purpose_and_ended(school, at, head_client):
    head_client.post(f"{at}/tokens/", {"name": "对账"})
    with tenant_scope(school):
        pk = ApiToken.objects.get().pk
    before = head_client.get(f"{at}/tokens/").content.decode()
    page = head_client.post(f"{at}/tokens/{pk}/revoke/", follow=True).content.decode()

    assert "对账" in before and "已停用" in page
    with tenant_scope(school):
        assert ApiToken.objects.get().revoked_at is not None


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_key_has_a_purpose_of_a_line(school, at, head_client, name):
    assert head_client.post(f"{at}/tokens/", {"name": name}).status_code == 422


def test_each_sees_their_own_keys(school, at, head_client):
    head_client.post(f"{at}/tokens/", {"name": "园长的对账"})

    assert "园长的对账" not in signed_in(make_member(school, "deputy")).get(f"{at}/tokens/").content.decode()


@pytest.mark.parametrize("place", ["campus/", "language/", "tokens/1/revoke/"])
def test_switches_need_a_post(at, head_client, place):
    assert head_client.get(f"{at}/{place}").status_code == 405


# -- the campus ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("text", "kept"), [("west", True), ("0", False), ("abc", False), ("", False),
        ("99999999999999999999", False)])
def test_a_campus_is_remembered_until_another_word(school, at, head_client, text, kept):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    head_client.post(f"{at}/campus/", {"campus": west.pk, "next": "/"})
    head_client.post(f"{at}/campus/", {"campus": west.pk if text == "west" else text, "next": "/"})

    assert (f"campus:{school.pk}" in head_client.session) is kept


def test_another_schools_campus_is_no_campus(school, other_school, at, head_client):
    with tenant_scope(other_school):
        theirs = Campus.objects.get().pk
    head_client.post(f"{at}/campus/", {"campus": theirs, "next": "/"})

    assert f"campus:{school.pk}" not in head_client.session
