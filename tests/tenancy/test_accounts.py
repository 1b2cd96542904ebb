"""An account may open several schools: no school's link lets anybody into another, and a key ends with the door it opened."""
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from audit.operators import enter
from crm.models import Child
from tenancy.access import schools_of
from tenancy.actions import invite, issue_token, keeps_own_password, open_link, set_password, sign_in_link
from tenancy.models import Membership, User
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, make_school, signed_in

PASSWORD = "correct-horse-9"  # what make_member gives everybody


def invited(school, username):
    with tenant_scope(school):
        return invite(username=username, name="被邀请的人", role="teacher", campuses=[], at=timezone.now())


# -- passwords -----------------------------------------------------------------------------------------------
def test_inviting_the_head_of_another_school_does_not_open_her_school(school, other_school):
    victim = make_member(other_school, "head")
    member, token = invited(school, victim.user.username)
    answer = Client().post(f"/s/{school.slug}/link/{token}/", {"password": "the-intruders-own-1"})

    victim.user.refresh_from_db()
    assert answer.status_code == 200 and victim.user.check_password(PASSWORD)
    assert not victim.user.check_password("the-intruders-own-1")


def test_the_page_behind_such_a_link_says_what_to_do(school, other_school):
    victim = make_member(other_school, "head")
    _member, token = invited(school, victim.user.username)
    page = Client().get(f"/s/{school.slug}/link/{token}/").content.decode()

    assert "用原来的密码登录" in page
    assert "<input" not in page.split("csrf")[0]
    assert other_school.name not in page


def test_who_was_invited_so_works_in_both_schools_with_the_old_password(school, other_school):
    both = make_member(other_school, "teacher")
    invited(school, both.user.username)
    client = Client()
    client.post("/accounts/login/", {"login": both.user.username, "password": PASSWORD})

    assert [client.get(f"/s/{slug}/").status_code for slug in (school.slug, other_school.slug)] == [200, 200]


def test_a_reset_link_of_one_school_leaves_the_password_of_who_works_in_two(school, other_school, head, now):
    with tenant_scope(other_school):
        Membership.objects.create(user=head.user, role="teacher", name="兼职")
    with tenant_scope(school):
        link = open_link(sign_in_link(head, at=now), at=now)
        with pytest.raises(Refused, match="由本人保管"):
            set_password(link, "another-one-12", at=now)

    head.user.refresh_from_db()
    assert head.user.check_password(PASSWORD)


def test_a_reset_link_works_for_who_works_here_alone(school, head, now):
    with tenant_scope(school):
        link = open_link(sign_in_link(head, at=now), at=now)
        set_password(link, "another-one-12", at=now)

    head.user.refresh_from_db()
    assert head.user.check_password("another-one-12")


def test_nobody_resets_the_platform_operators_password(school, head, now):
    operator = User.objects.create_user("operator", PASSWORD, is_operator=True)
    enter(school, operator, reason="排查导入失败的报告", at=timezone.now())
    with tenant_scope(school):
        entry = Membership.objects.get(user=operator)
        token = sign_in_link(entry, at=timezone.now())
    Client().post(f"/s/{school.slug}/link/{token}/", {"password": "the-intruders-own-1"})

    operator.refresh_from_db()
    assert operator.check_password(PASSWORD)


@pytest.mark.parametrize("first", [True, False])
def test_a_new_account_gets_its_first_password_from_the_school_that_opened_it(school, other_school, first):
    member, _token = invited(school, "xiaozhou")
    second, _token = invited(other_school, "xiaozhou")
    tenant, asked = (school, member) if first else (other_school, second)

    with tenant_scope(tenant):
        assert keeps_own_password(asked) is not first


def test_a_leavers_link_is_closed(school, head, now):
    leaver = make_member(school, "teacher")
    with tenant_scope(school):
        token = sign_in_link(leaver, at=now)
        Membership.objects.filter(pk=leaver.pk).update(is_active=False)
        with pytest.raises(Refused, match="用过或过期"):
            open_link(token, at=now)


# -- tokens --------------------------------------------------------------------------------------------------
def answer_to(token, method="get", place="/api/v1/families/", data=None):
    return getattr(Client(), method)(place, data, headers={"Authorization": f"Bearer {token}"},
            content_type="application/json")


@pytest.fixture
def token(school, head):
    with tenant_scope(school):
        return issue_token(head, "报表")


def test_a_token_of_an_operators_entry_ends_with_the_entry(school):
    operator = User.objects.create_user("operator", PASSWORD, is_operator=True)
    enter(school, operator, reason="排查导入失败的报告", at=timezone.now())
    with tenant_scope(school):
        entry = Membership.objects.get(user=operator)
        key = issue_token(entry, "留个后门")
    before = answer_to(key).status_code
    with tenant_scope(school):
        Membership.objects.filter(pk=entry.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    assert (before, answer_to(key).status_code) == (200, 401)


def test_a_token_of_a_closed_account_is_dead(head, token):
    before = answer_to(token).status_code
    User.objects.filter(pk=head.user_id).update(is_active=False)

    assert (before, answer_to(token).status_code) == (200, 401)


def test_a_token_of_the_demo_is_dead_in_production(head, token, settings):
    User.objects.filter(pk=head.user_id).update(is_demo=True)
    before = answer_to(token).status_code
    settings.PRODUCTION = True

    assert (before, answer_to(token).status_code) == (200, 401)


def test_what_a_token_writes_is_signed_in_the_rows_history(school, head, token):
    with tenant_scope(school):
        customer = makers.family()
        child = customer.family.children.get()
        enrolment = child.enrolments.get()
    done = answer_to(token, "post", f"/api/v1/enrolments/{enrolment.pk}/end/",
            {"until_on": "2026-06-30", "outcome": "moved"})

    with tenant_scope(school):
        event = Child.objects.get(pk=child.pk).enrolments.get().events.get()
        assert (done.status_code, event.pgh_context["member"]) == (200, head.pk)


def test_a_session_writes_under_its_own_name_too(school, head, head_client):
    with tenant_scope(school):
        enrolment = makers.family().family.children.get().enrolments.get()
    head_client.post(f"/s/{school.slug}/enrolments/{enrolment.pk}/leave/", {"until_on": "2026-06-30", "outcome": "moved"})

    with tenant_scope(school):
        assert enrolment.events.get().pgh_context["member"] == head.pk


# -- the chooser ---------------------------------------------------------------------------------------------
def test_a_school_one_left_or_whose_entry_ran_out_is_not_offered(school, other_school):
    third = make_school("third")
    member = make_member(school, "teacher")
    for tenant, values in ((other_school, {"is_active": False}),
            (third, {"expires_at": timezone.now() - timedelta(hours=1)})):
        with tenant_scope(tenant):
            Membership.objects.create(user=member.user, role="inspector", name="x", **values)

    assert [tenant.slug for tenant in schools_of(member.user)] == [school.slug]


def test_who_has_one_school_is_led_into_it(school):
    answer = signed_in(make_member(school, "teacher")).get("/")

    assert (answer.status_code, answer["Location"]) == (302, f"/s/{school.slug}/")
