"""Schools, accounts, members, campuses, links and keys as rows: what they are called, and what each refuses."""
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tenancy.models import ApiToken, Campus, Kind, Membership, MembershipCampus, SignInLink, Tenant, User, new_public_id
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tests.conftest import make_member


# -- schools --------------------------------------------------------------------------------------------------------------
def test_a_school_is_called_by_its_name(school):
    assert (str(school), school.language, school.time_zone, school.is_active) == ("miao机构", "zh-hans",
            "Asia/Shanghai", True)


def test_saved_again_a_school_keeps_its_key(school):
    before = bytes(school.wrapped_key)
    school.name = "新名"
    school.save()

    assert bytes(Tenant.objects.get().wrapped_key) == before


def test_two_schools_cannot_have_one_address(school):
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenant.objects.create(slug=school.slug, kind=Kind.NURSERY, name="x")


def test_public_names_are_short_and_apart():
    drawn = {new_public_id() for _ in range(200)}

    assert len(drawn) == 200 and {len(name) for name in drawn} == {12}


@pytest.mark.parametrize("production", [True, False])
def test_a_second_factor_is_asked_for_in_production(db, settings, production):
    settings.PRODUCTION = production

    assert Tenant(slug="x", kind="nursery", name="x").second_factor is production


# -- accounts --------------------------------------------------------------------------------------------------------------
def test_an_account_holds_a_name_and_a_hash_and_no_rights(db):
    user = User.objects.create_user("yuan", "correct-horse-9")

    assert str(user) == "yuan"
    assert user.password.startswith("argon2")
    assert user.check_password("correct-horse-9")
    assert (user.is_active, user.is_operator, user.is_demo, user.is_superuser) == (True, False, False, False)


def test_two_accounts_cannot_have_one_name(db):
    User.objects.create_user("yuan")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("yuan")


# -- members -----------------------------------------------------------------------------------------------------------------
def test_a_member_is_called_by_name_and_may_what_the_role_may(school):
    member = make_member(school, "teacher", "梁老师")

    assert (str(member), member.get_role_display(), member.may("crm.log"), member.may("crm.import")) == ("梁老师",
            "教师", True, False)


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_a_chinese_name(role):
    assert Role(role).label and not str(Role(role).label).isascii()


def test_a_person_is_a_member_once(school, head):
    with tenant_scope(school), pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=head.user, role="teacher", name="x")


def test_a_campus_is_given_to_a_member_once(school, head):
    with tenant_scope(school):
        campus = Campus.objects.get()
        MembershipCampus.objects.create(membership=head, campus=campus)
        with pytest.raises(IntegrityError), transaction.atomic():
            MembershipCampus.objects.create(membership=head, campus=campus)


def test_members_stand_by_name(school):
    for name in ("乙", "甲", "丙"):
        make_member(school, "teacher", name)
    with tenant_scope(school):
        names = list(Membership.objects.values_list("name", flat=True))

    assert names == sorted(names)


def test_an_unknown_role_is_refused_at_its_field(school, head):
    head.role = "janitor"
    with tenant_scope(school), pytest.raises(ValidationError) as slip:
        head.full_clean()

    assert set(slip.value.message_dict) == {"role"}


# -- campuses ------------------------------------------------------------------------------------------------------------------
def test_campuses_stand_by_code_and_are_called_by_name(school):
    with tenant_scope(school):
        for code, name in (("z", "末园"), ("a", "首园")):
            Campus.objects.create(code=code, name=name)

        assert [str(campus) for campus in Campus.objects.all()] == ["首园", "本部", "末园"]


# -- links and keys ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("used", "hours", "is_open"), [(False, 1, True), (False, 0, False), (False, -1, False),
        (True, 1, False)])
def test_a_link_is_open_until_it_is_used_or_old(now, used, hours, is_open):
    link = SignInLink(tenant_id=1, expires_at=now + timedelta(hours=hours), used_at=now if used else None)

    assert link.is_open(now) is is_open


@pytest.mark.parametrize(("model", "values"), [(SignInLink, {"token_hash": "x", "expires_at": "now"}), (ApiToken,
        {"secret_hash": "x", "name": "x"})])
def test_no_two_links_or_keys_have_one_hash(school, head, now, model, values):
    values = {name: now if value == "now" else value for name, value in values.items()}
    with tenant_scope(school):
        model.objects.create(membership=head, **values)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(membership=head, **values)
