"""The doors: a school by its name, a member by their sign-in, an object by its id, each or nothing."""
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from crm.models import FeeKind
from tenancy.access import find, lacks_second_factor, member_of, must, school, second_pair_of_eyes, token_school
from tenancy.models import Campus, Membership, Tenant, User
from tenancy.refusals import Absent, Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school


# -- schools ---------------------------------------------------------------------------------------------------------
def test_a_school_is_found_by_its_name(db):
    miao = make_school("miao")

    assert (school("miao"), school("MIAO"), school("nowhere"), school("")) == (miao, None, None, None)


def test_a_closed_school_is_not_found(db):
    miao = make_school("miao")
    Tenant.objects.filter(pk=miao.pk).update(is_active=False)

    assert (school("miao"), token_school(f"Bearer mp_{miao.public_id}_x")) == (None, None)


def test_a_token_names_its_school(db):
    miao = make_school("miao")

    assert token_school(f"Bearer mp_{miao.public_id}_secret_with_underscores") == miao


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer mp_", "Bearer mp_x", "Bearer xx_0123456789ab_s",
        "Basic abc", "Bearer mp_nowhere_s"])
def test_what_names_no_school_opens_none(db, header):
    assert token_school(header) is None


# -- members ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def miao(db):
    return make_school("miao")


def test_a_member_is_found_by_their_sign_in(miao):
    head = make_member(miao, "head")
    with tenant_scope(miao):
        assert (member_of(head.user), member_of(AnonymousUser())) == (head, None)


def test_somebody_of_another_school_is_no_member(miao):
    stranger = make_member(make_school("qi"), "head")
    with tenant_scope(miao):
        assert member_of(stranger.user) is None


@pytest.mark.parametrize(("is_active", "ends_in", "is_in"), [
    (False, None, False), (True, timedelta(seconds=-1), False), (True, timedelta(hours=1), True), (True, None, True),
])
def test_who_left_or_ran_out_is_no_member_any_more(miao, is_active, ends_in, is_in):
    head = make_member(miao, "head")
    with tenant_scope(miao):
        ends = ends_in and timezone.now() + ends_in  # from now, not from when the tests were collected an hour ago
        Membership.objects.filter(pk=head.pk).update(is_active=is_active, expires_at=ends)

        assert (member_of(head.user) is not None) is is_in


def test_a_member_comes_with_their_campuses(miao):
    with tenant_scope(miao):
        west, east = Campus.objects.create(code="w", name="西"), Campus.objects.create(code="e", name="东")
    confined, free = make_member(miao, "teacher", campuses=[west, east]), make_member(miao, "head")
    with tenant_scope(miao):
        assert sorted(member_of(confined.user).campus_ids()) == sorted([west.pk, east.pk])
        assert member_of(free.user).campus_ids() is None


def test_looking_at_one_campus_narrows_and_never_widens(miao):
    with tenant_scope(miao):
        west, east = Campus.objects.create(code="w", name="西"), Campus.objects.create(code="e", name="东")
    confined, free = make_member(miao, "teacher", campuses=[west]), make_member(miao, "head")
    with tenant_scope(miao):
        for member in (confined, free):
            member.narrow(east.pk)

        assert (confined.campus_ids(), free.campus_ids()) == ([west.pk], [east.pk])


def test_a_second_factor_is_missed_only_where_it_is_asked_for(miao):
    head = make_member(miao, "head")
    asked = Tenant(second_factor=True)

    assert (lacks_second_factor(miao, head.user), lacks_second_factor(asked, head.user)) == (False, True)


# -- rights ----------------------------------------------------------------------------------------------------------
def test_a_missing_right_names_the_role_and_who_can_help(miao):
    teacher = make_member(miao, "teacher")
    with pytest.raises(Forbidden, match="您的角色（教师）没有这项权限。需要的话，请园长在“成员”里调整"):
        must(teacher, "crm.import")


def test_a_right_one_has_says_nothing(miao):
    assert must(make_member(miao, "head"), "crm.import") is None


def test_who_left_has_no_rights(miao):
    leaver = make_member(miao, "head")
    leaver.is_active = False

    assert not leaver.may("crm.view")


# -- objects ---------------------------------------------------------------------------------------------------------
def test_an_object_is_found_by_its_id(miao):
    head = make_member(miao, "head")
    with tenant_scope(miao):
        fee = FeeKind.objects.first()

        assert [find(head, FeeKind.objects.all(), pk, "crm.view") for pk in (fee.pk, str(fee.pk))] == [fee, fee]


@pytest.mark.parametrize("pk", [0, -1, 10**12, 10**30, "", "abc", "1.5", None, "²", "1 OR 1=1", [], {}])
def test_what_is_no_id_of_ours_is_absent_whatever_it_is(miao, pk):
    head = make_member(miao, "head")
    with tenant_scope(miao), pytest.raises(Absent, match="没有找到"):
        find(head, FeeKind.objects.all(), pk, "crm.view")


def test_another_schools_id_reads_like_a_missing_one(miao):
    head, other = make_member(miao, "head"), make_school("qi")
    with tenant_scope(other):
        theirs = FeeKind.objects.first().pk
    said = []
    with tenant_scope(miao):
        for pk in (theirs, 10**12):
            with pytest.raises(Absent) as refusal:
                find(head, FeeKind.objects.all(), pk, "crm.view")
            said.append((refusal.value.message, refusal.value.code))

    assert said[0] == said[1]


def test_the_right_is_asked_before_the_object(miao):
    teacher = make_member(miao, "teacher")
    with tenant_scope(miao), pytest.raises(Forbidden):
        find(teacher, FeeKind.objects.all(), 10**12, "crm.import")


# -- two people ------------------------------------------------------------------------------------------------------
def test_nobody_approves_what_they_proposed(miao):
    head, deputy = make_member(miao, "head"), make_member(miao, "deputy")
    with pytest.raises(Refused, match="提交人不能审批自己"):
        second_pair_of_eyes(head, head)

    assert (second_pair_of_eyes(deputy, head), second_pair_of_eyes(head, None)) == (None, None)


def test_nobody_is_a_superuser_by_any_flag(db):
    user = User.objects.create_user("root", "correct-horse-9")

    assert (user.is_superuser, user.has_perm("crm.view"), user.has_module_perms("crm")) == (False, False, False)
