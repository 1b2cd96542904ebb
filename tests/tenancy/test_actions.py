"""Running a school: opening it, inviting, confining, links, tokens, leaving."""
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from crm.models import CustomerType, FeeKind
from tenancy.actions import (
    LINK_LIFE,
    confine,
    create_tenant,
    deactivate,
    hash_secret,
    invite,
    issue_token,
    open_link,
    revoke_token,
    set_password,
    sign_in_link,
)
from tenancy.models import RESERVED_SLUGS, ApiToken, Campus, Kind, Membership, SignInLink, Tenant, User
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests.conftest import make_member
from tiering.models import Scheme

# -- opening a school --------------------------------------------------------------------------------------------
FURNITURE = {"kindergarten": ({"family", "partner"}, {"kg-ad", "prospect", "partner"}, "保教费"),
             "nursery": ({"family", "partner"}, {"kg-ad", "prospect", "partner"}, "托育费"),
             "training": ({"learner", "partner"}, {"svc-14", "partner"}, "课程费")}


@pytest.mark.parametrize("kind", Kind.values)
def test_a_school_starts_with_what_its_trade_needs(db, kind):
    types, schemes, fee = FURNITURE[kind]
    tenant = create_tenant("neu", kind=kind, name="新", campuses={})
    with tenant_scope(tenant):
        assert set(CustomerType.objects.values_list("code", flat=True)) == types
        assert set(Scheme.objects.values_list("code", flat=True)) == schemes
        assert FeeKind.objects.filter(name=fee).exists()


def test_a_school_without_named_campuses_has_one_that_is_called_like_it(db):
    with tenant_scope(create_tenant("neu", kind="nursery", name="新苗托育", campuses={})):
        assert list(Campus.objects.values_list("code", "name")) == [("main", "新苗托育")]


def test_campuses_are_made_as_they_are_named(db):
    with tenant_scope(create_tenant("neu", kind="nursery", name="新", campuses={"a": "一部", "b": "二部"})):
        assert dict(Campus.objects.values_list("code", "name")) == {"a": "一部", "b": "二部"}


def test_the_head_is_a_new_account_without_a_password(db):
    with tenant_scope(create_tenant("neu", kind="nursery", name="新", campuses={}, head="yuan")):
        head = Membership.objects.select_related("user").get()

    assert (head.role, head.user.username, head.user.has_usable_password()) == ("head", "yuan", False)


def test_the_head_may_be_somebody_who_has_an_account(db):
    user = User.objects.create_user("yuan", "correct-horse-9")
    with tenant_scope(create_tenant("neu", kind="nursery", name="新", campuses={}, head="yuan")):
        assert Membership.objects.get().user_id == user.pk
    user.refresh_from_db()
    assert user.check_password("correct-horse-9")


@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS))
def test_a_name_that_an_address_needs_is_refused(db, slug):
    with pytest.raises(Refused, match="保留的网址名") as refusal:
        create_tenant(slug, kind="nursery", name="x", campuses={})

    assert (refusal.value.field, Tenant.objects.count()) == ("slug", 0)


@pytest.mark.parametrize(("words", "said"), [
    (["--campus", "a"], "写成 CODE=名称"), (["--campus", "a=一", "--campus", "a=二"],
            "不能重复"), (["--campus", "=名"], None),
])
def test_a_campus_on_the_command_line_is_code_and_name(db, words, said):
    command = ["create_tenant", "neu", "--kind", "nursery", "--name", "新", *words]
    if said is None:
        call_command(*command, verbosity=0)
        return
    with pytest.raises(CommandError, match=said):
        call_command(*command)


# -- inviting ------------------------------------------------------------------------------------------------------
@pytest.fixture
def miao(school, head):
    with tenant_scope(school):
        yield school


def test_an_invited_colleague_is_a_member_at_once_with_a_link(miao, now):
    member, token = invite(username="xiaozhou", name="小周", role="frontdesk", campuses=[], at=now)

    assert (member.name, member.role, member.campus_ids()) == ("小周", "frontdesk", None)
    assert SignInLink.objects.get().token_hash == hash_secret(token)
    assert token not in SignInLink.objects.get().token_hash


def test_nobody_is_invited_twice(miao, now):
    invite(username="xiaozhou", name="小周", role="frontdesk", campuses=[], at=now)
    with pytest.raises(Refused, match="已经是本机构的成员") as refusal:
        invite(username="xiaozhou", name="周", role="teacher", campuses=[], at=now)

    assert (refusal.value.field, Membership.objects.filter(user__username="xiaozhou").count()) == ("username", 1)


def test_a_refused_invitation_leaves_no_account(miao, now):
    before = User.objects.count()
    with pytest.raises(Refused):
        invite(username="head@miao", name="x", role="teacher", campuses=[], at=now)

    assert User.objects.count() == before


def test_confining_replaces_what_was_before(miao, head):
    west, east = Campus.objects.create(code="w", name="西"), Campus.objects.create(code="e", name="东")
    found = []
    for campuses in ([west], [west, east], []):
        confine(head, campuses)
        found.append(sorted(head.campus_links.values_list("campus_id", flat=True)))

    assert found == [[west.pk], sorted([west.pk, east.pk]), []]


# -- links -----------------------------------------------------------------------------------------------------------
def test_a_link_opens_until_it_ends(miao, head, now):
    token = sign_in_link(head, at=now)

    assert open_link(token, at=now + LINK_LIFE - timedelta(seconds=1)).membership_id == head.pk
    with pytest.raises(Refused, match="用过或过期"):
        open_link(token, at=now + LINK_LIFE)


@pytest.mark.parametrize("token", ["", "x", "a" * 500])
def test_a_link_that_was_never_given_opens_nothing(miao, now, token):
    with pytest.raises(Refused) as refusal:
        open_link(token, at=now)

    assert refusal.value.code == "link_closed"


def test_two_requests_with_one_link_set_one_password(miao, head, now):
    link = open_link(sign_in_link(head, at=now), at=now)
    set_password(link, "the-first-one-1", at=now)
    with pytest.raises(Refused, match="已经用过"):
        set_password(link, "the-second-one-2", at=now)

    head.user.refresh_from_db()
    assert head.user.check_password("the-first-one-1")


def test_a_new_link_ends_the_old_ones_of_the_same_person_only(miao, head, now):
    other = invite(username="xiaozhou", name="小周", role="frontdesk", campuses=[], at=now)[1]
    old, new = sign_in_link(head, at=now), sign_in_link(head, at=now)

    assert open_link(new, at=now) and open_link(other, at=now)
    with pytest.raises(Refused):
        open_link(old, at=now)


@pytest.mark.parametrize(("password", "said"), [("short", "10"), ("1234567890123", "数字"), ("password123", "常见"),
        ("", "必填")])
def test_a_weak_password_is_refused_in_words_and_the_link_stays_open(school, head, client, password, said):
    with tenant_scope(school):
        token = sign_in_link(head, at=timezone.now())
    answer = client.post(f"/s/{school.slug}/link/{token}/", {"password": password})

    assert answer.status_code == 200
    assert client.get(f"/s/{school.slug}/link/{token}/").status_code == 200
    assert answer.context["form"].errors["password"]
    assert said in str(answer.context["form"].errors) or said == "常见"


# -- tokens ------------------------------------------------------------------------------------------------------------
def test_a_token_names_its_school_and_keeps_only_a_hash(miao, head):
    token = issue_token(head, "对账")
    row = ApiToken.objects.get()

    assert token.startswith(f"mp_{miao.public_id}_")
    assert row.secret_hash == hash_secret(token.split("_", 2)[2])


def test_two_tokens_are_apart(miao, head):
    assert issue_token(head, "a") != issue_token(head, "b") and ApiToken.objects.count() == 2


def test_a_token_is_revoked_once_and_keeps_the_first_day(miao, head, now):
    issue_token(head, "对账")
    row = ApiToken.objects.get()
    for at in (now, now + timedelta(days=1)):
        revoke_token(row, at=at)

    assert ApiToken.objects.get().revoked_at == now


# -- leaving -----------------------------------------------------------------------------------------------------------
def test_a_leaver_is_kept_with_the_day(miao, now):
    member, _token = invite(username="xiaozhou", name="小周", role="frontdesk", campuses=[], at=now)
    deactivate(member, on=date(2026, 11, 20))
    kept = Membership.objects.get(pk=member.pk)

    assert (kept.is_active, kept.left_on, kept.may("crm.view")) == (False, date(2026, 11, 20), False)


def test_an_account_outlives_the_membership(school, now):
    member = make_member(school, "teacher")
    with tenant_scope(school):
        deactivate(member, on=date(2026, 11, 20))

    assert User.objects.get(pk=member.user_id).is_active
