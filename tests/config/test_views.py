"""The door: which school, which language, the operator's desk, and whether everything is up."""
import pytest
from django.core.cache import cache
from django.test import Client

from audit.models import Entry
from tenancy.models import Membership, User
from tenancy.scope import tenant_scope
from tests.conftest import make_member, make_school, signed_in


def operator():
    user = User.objects.create_user("operator", "correct-horse-9", is_operator=True)
    client = Client()
    client.force_login(user, backend="tenancy.backends.StaffBackend")
    return client


# -- home ----------------------------------------------------------------------------------------------------------------
def test_a_stranger_is_led_to_sign_in(db):
    assert Client().get("/")["Location"] == "/accounts/login/"


def test_who_works_in_one_school_is_led_there(school):
    assert signed_in(make_member(school, "teacher")).get("/")["Location"] == f"/s/{school.slug}/"


def test_who_works_in_several_chooses(school, other_school):
    member = make_member(school, "teacher")
    with tenant_scope(other_school):
        Membership.objects.create(user=member.user, role="head", name="兼职")
    page = signed_in(member).get("/")

    assert page.status_code == 200
    assert [tenant.slug for tenant in page.context["schools"]] == ["miao", "qi"]


def test_who_works_nowhere_is_told_what_to_do(db):
    user = User.objects.create_user("lonely", "correct-horse-9")
    client = Client()
    client.force_login(user, backend="tenancy.backends.StaffBackend")
    page = client.get("/")

    assert page.status_code == 200 and page.context["schools"] == []


def test_the_operator_is_led_to_their_desk(db):
    assert operator().get("/")["Location"] == "/operator/"


# -- the operator's desk ----------------------------------------------------------------------------------------------------
def test_the_desk_lists_schools_by_name_and_nothing_of_them(school, other_school):
    page = operator().get("/operator/").content.decode()

    assert school.name in page and other_school.name in page


@pytest.mark.parametrize("who", ["stranger", "head"])
def test_nobody_else_finds_the_desk(school, who):
    client = Client() if who == "stranger" else signed_in(make_member(school, "head"))

    assert [client.get("/operator/").status_code, client.post("/operator/", {"school": school.pk,
            "reason": "好奇得很啊"}).status_code] == [404, 404]


def test_a_reason_opens_the_school_and_stands_in_its_log(school):
    client = operator()
    answer = client.post("/operator/", {"school": school.pk, "reason": "排查导入失败的报告"})

    with tenant_scope(school):
        entry = Entry.objects.get(verb="audit.operator_entered")
        assert (answer["Location"], entry.data["reason"], Membership.objects.get(pk=entry.actor_id).role) == (
            f"/s/{school.slug}/", "排查导入失败的报告", "inspector")


@pytest.mark.parametrize("reason", ["", "  ", "看看", "12345 "])
def test_without_a_reason_it_stays_closed(school, reason):
    answer = operator().post("/operator/", {"school": school.pk, "reason": reason})

    with tenant_scope(school):
        assert (answer.status_code, Membership.objects.exists()) == (409, False)
    assert "请写明进入的原因" in answer.content.decode()


@pytest.mark.parametrize("number", ["", "abc", "999999", "²"])
def test_a_school_that_is_not_there_opens_nothing(school, number):
    assert operator().post("/operator/", {"school": number, "reason": "排查导入失败的报告"}).status_code == 200


def test_entering_again_prolongs_the_one_entry(school):
    client = operator()
    for _ in range(2):
        client.post("/operator/", {"school": school.pk, "reason": "排查导入失败的报告"})

    with tenant_scope(school):
        assert (Membership.objects.count(), Entry.objects.filter(verb="audit.operator_entered").count()) == (1, 2)


def test_an_operator_who_works_there_needs_no_entry(school):
    client = operator()
    with tenant_scope(school):
        Membership.objects.create(user=User.objects.get(username="operator"), role="teacher", name="x")
    answer = client.post("/operator/", {"school": school.pk, "reason": "排查导入失败的报告"})

    assert answer.status_code == 409 and "本来就是这所机构的成员" in answer.content.decode()


# -- language ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("language", "kept"), [("en", "en"), ("zh-hant", "zh-hant"), ("zh-hans", "zh-hans"), ("fr",
        None), ("", None)])
def test_a_language_is_chosen_before_signing_in(db, language, kept):
    client = Client()
    answer = client.post("/language/", {"language": language, "next": "/accounts/login/"})

    assert (answer["Location"], client.session.get("language")) == ("/accounts/login/", kept)


def test_choosing_a_language_needs_a_post(db):
    assert Client().get("/language/").status_code == 405


# -- health -------------------------------------------------------------------------------------------------------------------
def test_everything_is_up_when_each_gave_a_sign(db):
    cache.set_many({"up:worker": 1, "up:beat": 1, "up:relay": 1}, 60)
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"web": True, "database": True, "worker": True, "beat": True,
            "relay": True})


@pytest.mark.parametrize("silent", ["worker", "beat", "relay"])
def test_one_that_is_silent_is_named(db, silent):
    cache.set_many({f"up:{name}": 1 for name in ("worker", "beat", "relay") if name != silent}, 60)
    answer = Client().get("/healthz")

    assert (answer.status_code, [name for name, up in answer.json().items() if not up]) == (503, [silent])


def test_health_tells_no_school_and_no_person(school):
    assert set(Client().get("/healthz").json()) == {"web", "database", "worker", "beat", "relay"}


def test_two_schools_are_two_choices_and_a_third_is_none(school, other_school):
    third = make_school("third")
    member = make_member(school, "teacher")

    assert signed_in(member).get(f"/s/{third.slug}/").status_code == 404
