"""Refusals, plans, backends, the closed door, context and fields: small rooms, each with its one promise."""
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation

from crm.models import Guardian
from tenancy.accounts import ClosedDoor
from tenancy.backends import StaffBackend
from tenancy.context import Rights
from tenancy.fields import Sealed
from tenancy.models import Campus, Membership, User
from tenancy.plans import whole_sets
from tenancy.refusals import Absent, Forbidden, Refused, spoken
from tenancy.said import Said
from tenancy.scope import tenant_scope
from tests import makers


# -- refusals --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "parents"), [(Refused, Exception), (Forbidden, Refused), (Absent, Refused)])
def test_a_refusal_says_what_to_do_and_where(kind, parents):
    refusal = kind("先做另一件事。", "amount", code="x", about=7)

    assert isinstance(refusal, parents) and (refusal.message, refusal.field, refusal.code, refusal.about, str(refusal)) == (
        "先做另一件事。", "amount", "x", 7, "先做另一件事。")


def test_a_refusal_needs_no_more_than_words():
    refusal = Refused("x")

    assert (refusal.field, refusal.code, refusal.about) == (None, "refused", None)


@pytest.mark.parametrize(("language", "text"), [("zh-hans", "没有家长姓名"), ("zh-hant", "沒有家長姓名")])
def test_words_inside_a_sentence_are_spoken_too(language, text):
    with translation.override(language):
        assert spoken(Said("没有%(what)s", what=Said("家长姓名"))) == text


def test_numbers_inside_a_sentence_stay_numbers():
    with translation.override("en"):
        assert "3" in spoken(Said("少了 %(n)s 位，手机号是 11 位", n=3))


def test_a_value_may_be_called_pattern():
    assert Said("不是 %(pattern)s 写法的日期", pattern="%Y") == "不是 %Y 写法的日期"


# -- plans -----------------------------------------------------------------------------------------------------------------
def planned():
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_nestloop")
        return cursor.fetchone()[0]


def test_large_sets_are_joined_without_loops_and_only_inside(school):
    with tenant_scope(school):
        before = planned()
        with whole_sets():
            inside = planned()

        assert (before, inside, planned()) == ("on", "off", "on")


# -- who signs in ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("production", "values", "may"), [
    (False, {}, True), (False, {"is_demo": True}, True), (True, {}, True), (True, {"is_demo": True}, False), (False,
            {"is_active": False}, False),
])
def test_an_account_may_sign_in_or_not(settings, production, values, may):
    settings.PRODUCTION = production

    assert StaffBackend().user_can_authenticate(User(username="x", **values)) is may


def test_nobody_signs_themselves_up():
    assert ClosedDoor().is_open_for_signup(None) is False


def test_the_page_to_sign_up_makes_nobody(db):
    Client().post("/accounts/signup/", {"username": "intruder", "password1": "correct-horse-9",
            "password2": "correct-horse-9"})

    assert not User.objects.exists()


# -- context -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("role", "name", "may"), [("head", "crm_import", True), ("teacher", "crm_import", False),
        ("head", "tiering_edit_scheme", True),
                                                   ("head", "nonsense", False)])
def test_a_template_asks_for_a_right_by_its_name(role, name, may):
    assert Rights(Membership(tenant_id=1, role=role, name="x"))[name] is may


def test_nobody_has_no_rights_in_a_template():
    assert Rights(None)["crm_view"] is False


def test_names_in_the_switcher_are_remembered_for_a_minute_by_person(school, head, head_client,
        django_assert_max_num_queries):
    head_client.get(f"/s/{school.slug}/")
    with django_assert_max_num_queries(30):
        head_client.get(f"/s/{school.slug}/")

    assert cache.get(f"campuses:{school.pk}:{head.pk}") == [(campus_of(school), "本部")]


def campus_of(school):
    with tenant_scope(school):
        return Campus.objects.get().pk


# -- sealed fields -------------------------------------------------------------------------------------------------------------
def test_a_sealed_attribute_of_the_class_is_itself():
    assert isinstance(Guardian.phone, Sealed)


def test_a_fresh_row_draws_its_number_before_it_seals(school):
    with tenant_scope(school):
        family = makers.family().family
        guardian = Guardian(family=family, name="x")
        before = guardian.pk
        guardian.phone = "13900139000"

        assert before is None and guardian.pk is not None and guardian.phone == "13900139000"


def test_nothing_is_sealed_as_nothing(school):
    with tenant_scope(school):
        guardian = Guardian(family=makers.family().family, name="x")
        guardian.phone = ""

        assert (guardian.pk, guardian.phone_sealed, guardian.phone) == (None, None, "")


def test_values_sealed_for_a_bulk_insert_open_in_their_row(school):
    with tenant_scope(school):
        guardian = Guardian.objects.get(pk=makers.family().family.guardians.get().pk)
        guardian.phone_sealed = Guardian.phone.sealed(Guardian, guardian.pk, "13700137000")

        assert guardian.phone == "13700137000" and Guardian.phone.sealed(Guardian, 1, "") is None
