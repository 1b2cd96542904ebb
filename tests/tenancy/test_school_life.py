"""Opening a school, inviting, one-time links, two schools in two tabs, encryption bound to its place."""
import io
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.core.management import CommandError, call_command

from crm.models import Guardian
from tenancy.actions import create_tenant, invite, issue_token, open_link, set_password, sign_in_link
from tenancy.models import Campus, Membership, User
from tenancy.refusals import Refused
from tenancy.scope import NestedScope, tenant_scope
from tests import makers
from tests.conftest import make_member, make_school, signed_in


def test_a_school_is_opened_from_the_command_line_and_its_head_sets_a_password(db, client):
    out = io.StringIO()
    call_command("create_tenant", "xinmiao", "--kind", "nursery", "--name", "新苗托育", "--campus", "a=一部",
            "--campus", "b=二部",
                 "--head", "yuan", stdout=out)
    link = out.getvalue().split("：")[-1].strip()
    page = client.get(link)
    done = client.post(link, {"password": "a-long-enough-one"})
    again = client.get(link)

    assert "yuan" in page.content.decode() and done.status_code == 302 and again.status_code == 409
    assert User.objects.get(username="yuan").check_password("a-long-enough-one")


@pytest.mark.parametrize("slug,said", [("admin", "保留"), ("miao", "已经有机构")])
def test_a_reserved_or_taken_name_is_refused(school, slug, said):
    with pytest.raises(CommandError, match=said):
        call_command("create_tenant", slug, "--kind", "nursery", "--name", "x")


def test_an_invited_colleague_has_the_role_and_campuses_they_were_given(school, now):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        member, token = invite(username="xiaozhou", name="小周", role="frontdesk", campuses=[west], at=now)
        link = open_link(token, at=now)
        set_password(link, "a-long-enough-one", at=now)
        with pytest.raises(Refused, match="已经用过"):
            open_link(token, at=now)

        assert Membership.objects.get(pk=member.pk).campus_ids() == [west.pk]


def test_a_link_expires_and_a_new_one_ends_the_old(school, head, now):
    with tenant_scope(school):
        first = sign_in_link(head, at=now)
        second = sign_in_link(head, at=now)
        for token, at in ((first, now + timedelta(seconds=1)), (second, now + timedelta(days=4))):
            with pytest.raises(Refused):
                open_link(token, at=at)


def test_one_person_works_in_two_schools_in_two_tabs(school, other_school):
    member = make_member(school, "head")
    with tenant_scope(other_school):
        Membership.objects.create(user=member.user, role="teacher", name="兼职")
    client = signed_in(member)

    answers = [client.get(f"/s/{slug}/").status_code for slug in ("miao", "qi")]
    choice = client.get("/").content.decode()

    assert answers == [200, 200] and "/s/miao/" in choice and "/s/qi/" in choice


def test_a_scope_refuses_to_nest_and_closes_behind_itself(school, other_school):
    with tenant_scope(school), pytest.raises(NestedScope), tenant_scope(other_school):
        pass


def test_a_sealed_value_opens_only_in_its_own_place(school):
    with tenant_scope(school):
        makers.family(phone="13800138000")
        makers.family("李四", phone="13900139000")
        first, second = Guardian.objects.order_by("id")
        second.phone_sealed = first.phone_sealed

        with pytest.raises(InvalidTag):
            assert second.phone


def test_the_same_phone_has_unrelated_indexes_in_two_schools(school, other_school):
    found = []
    for tenant in (school, other_school):
        with tenant_scope(tenant):
            makers.family(phone="13800138000")
            found.append(Guardian.objects.get().phone_index)

    assert found[0] != found[1]


def test_the_api_answers_a_token_with_its_own_school_and_a_stranger_not_at_all(school, other_school, client):
    head = make_member(school, "head")
    with tenant_scope(school):
        makers.family("周小满")
        token = issue_token(head, "报表")
    with tenant_scope(other_school):
        makers.family("李四")

    mine = client.get("/api/v1/families/", headers={"Authorization": f"Bearer {token}"})
    wrong = client.get("/api/v1/families/", headers={"Authorization": token[:-3] + "xyz"})
    broken = client.get("/api/v1/families/", headers={"Authorization": f"Bearer {token[:-3]}xyz"})

    assert [row["name"] for row in mine.json()["results"]] == ["周小满一家"]
    assert (wrong.status_code, broken.status_code, broken.json()["code"]) == (401, 401, "authentication_failed")


def test_an_api_error_has_one_shape(school, head_client):
    missing = head_client.get(f"/s/{school.slug}/api/v1/families/999999/")
    invalid = head_client.post(f"/s/{school.slug}/api/v1/activities/", {"customer": 999999, "kind": "x"},
            content_type="application/json")

    assert (missing.status_code, missing.json()) == (404, {"code": "not_found", "message": "没有找到。"})
    assert invalid.status_code == 422
    assert {"customer", "kind", "at"} <= set(invalid.json()["fields"])


def test_the_openapi_document_and_its_page_are_there_offline(school, head_client):
    schema = head_client.get("/api/v1/schema/")
    page = head_client.get("/api/v1/docs/").content.decode()

    assert schema.status_code == 200 and b"/families/" in schema.content
    assert "https://" not in page.replace("https://localhost", "")


def test_two_schools_of_the_same_kind_start_with_the_same_furniture(db):
    first, second = make_school("a1"), make_school("a2")
    names = []
    for tenant in (first, second):
        with tenant_scope(tenant):
            names.append(sorted(Campus.objects.values_list("code", flat=True)))

    assert names[0] == names[1] == ["main"]
    with pytest.raises(Refused, match="类型只能是"):
        create_tenant("a3", kind="zoo", name="x", campuses={})


def test_the_head_invites_from_the_members_page_and_hands_over_a_link(school, head_client):
    members = head_client.get(f"/s/{school.slug}/admin/tenancy/membership/").content.decode()
    form = head_client.get(f"/s/{school.slug}/admin/tenancy/membership/invite", follow=True)
    done = head_client.post(f"/s/{school.slug}/members/invite/",
            {"username": "xiaozhou", "name": "小周", "role": "frontdesk"})

    assert "邀请同事" in members and form.status_code == 200 and "/link/" in done.content.decode()
    with tenant_scope(school):
        assert Membership.objects.get(user__username="xiaozhou").role == "frontdesk"
