"""The edge of a school: which one, in which language, for whom, and nothing half-written when it goes wrong."""
import pytest
from django.test import Client
from django.urls import path
from django.utils import translation

from crm.models import FeeKind
from tenancy.middleware import _split
from tenancy.models import Tenant, User
from tenancy.refusals import Absent, Forbidden, Refused
from tenancy.scope import in_scope, tenant_scope
from tests.conftest import make_member, signed_in


# -- the address -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("address", "parts"), [
    ("/s/miao/families/7/", ("s", "miao", "/families/7/")), ("/s/miao/", ("s", "miao", "/")), ("/s/miao",
            ("s", "miao", "/")),
    ("/", ("", "", "/")), ("/accounts/login/", ("accounts", "login", "/")), ("/api/v1/families/",
            ("api", "v1", "/families/")),
])
def test_an_address_is_taken_apart(address, parts):
    assert _split(address) == parts


def test_every_link_on_a_page_stays_in_its_school(school, head_client):
    page = head_client.get(f"/s/{school.slug}/families/").content.decode()
    links = {word.split('"')[0] for word in page.split('href="')[1:]} - {""}

    assert {link for link in links if link.startswith("/") and not link.startswith(("/s/miao/", "/static/",
            "/accounts/"))} == set()


def test_after_a_request_the_address_of_the_next_is_whole_again(school, head_client):
    head_client.get(f"/s/{school.slug}/families/")

    assert head_client.get("/accounts/login/").status_code in (200, 302) and not in_scope()


@pytest.mark.parametrize("address", ["/s/", "/s/nowhere/", "/s/nowhere/families/", "/s/miao/nothing/here/", "/nothing/"])
def test_what_is_not_there_is_a_page_that_says_so(school, head_client, address):
    answer = head_client.get(address)

    assert answer.status_code == 404 and "没有找到" in answer.content.decode()


# -- for whom --------------------------------------------------------------------------------------------------
def test_a_stranger_signs_in_first_and_is_brought_back(school):
    answer = Client().get(f"/s/{school.slug}/imports/?kind=roster")

    assert answer["Location"] == "/accounts/login/?next=/s/miao/imports/%3Fkind%3Droster"


def test_who_works_elsewhere_finds_no_school_here(school, other_school):
    client = signed_in(make_member(other_school, "head"))

    assert client.get(f"/s/{school.slug}/").status_code == 404


def test_who_left_is_out_on_the_next_request(school, head, head_client):
    before = head_client.get(f"/s/{school.slug}/").status_code
    with tenant_scope(school):
        type(head).objects.filter(pk=head.pk).update(is_active=False)

    assert (before, head_client.get(f"/s/{school.slug}/").status_code) == (200, 404)


def test_another_role_counts_from_the_next_request(school, head, head_client):
    with tenant_scope(school):
        type(head).objects.filter(pk=head.pk).update(role="teacher")

    assert head_client.get(f"/s/{school.slug}/imports/").status_code == 403


def test_a_closed_account_is_asked_to_sign_in(school, head, head_client):
    User.objects.filter(pk=head.user_id).update(is_active=False)

    assert head_client.get(f"/s/{school.slug}/").status_code == 302


def test_a_school_that_asks_for_a_second_factor_leads_there(school, head_client):
    Tenant.objects.filter(pk=school.pk).update(second_factor=True)

    assert head_client.get(f"/s/{school.slug}/families/")["Location"] == "/accounts/2fa/totp/activate/"


# -- language ----------------------------------------------------------------------------------------------------
def spoken_to(client, slug="miao"):
    return client.get(f"/s/{slug}/").content.decode().split('lang="')[1].split('"')[0]


def test_a_school_has_its_language(school, head_client):
    Tenant.objects.filter(pk=school.pk).update(language="zh-hant")

    assert spoken_to(head_client) == "zh-hant"


def test_a_persons_language_wins_over_the_schools(school, head, head_client):
    User.objects.filter(pk=head.user_id).update(language="en")

    assert spoken_to(head_client) == "en"


def test_what_was_chosen_for_this_session_wins_over_both(school, head, head_client):
    User.objects.filter(pk=head.user_id).update(language="en")
    head_client.post(f"/s/{school.slug}/language/", {"language": "zh-hant", "next": "/"})

    assert spoken_to(head_client) == "zh-hant"


@pytest.mark.parametrize("language", ["xx", "", "en-GB", "<script>", "../en"])
def test_a_language_that_is_none_changes_nothing(school, head_client, language):
    head_client.post(f"/s/{school.slug}/language/", {"language": language, "next": "/"})

    assert spoken_to(head_client) == "zh-hans"


def test_the_browsers_wish_is_not_asked(school, head_client):
    page = head_client.get(f"/s/{school.slug}/", headers={"accept-language": "en"}).content.decode()

    assert 'lang="zh-hans"' in page


def test_after_a_request_the_thread_speaks_as_before(school, head_client):
    head_client.post(f"/s/{school.slug}/language/", {"language": "en", "next": "/"})
    with translation.override("zh-hant"):
        head_client.get(f"/s/{school.slug}/")

        assert translation.get_language() == "zh-hant"


# -- when it goes wrong -------------------------------------------------------------------------------------------------
def _write_then(error):
    def view(request):
        FeeKind.objects.create(name="半截")
        raise error
    return view


ERRORS = {"refused": (Refused("先做另一件事。"), 409, "先做另一件事。"),
        "absent": (Absent("不在这里。"), 404, "不在这里。"),
          "forbidden": (Forbidden("不可以。"), 403, "不可以。")}
urlpatterns = [path(f"{name}/", _write_then(error)) for name, (error, _status, _said) in ERRORS.items()]
urlpatterns += [path("twice/", lambda request: [FeeKind.objects.create(name="重名") for _ in range(2)]),
                path("crash/", _write_then(ZeroDivisionError()))]


@pytest.fixture
def broken(settings):
    settings.SCHOOL_URLCONF = __name__


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("name", sorted(ERRORS))
def test_what_a_rule_forbids_is_told_and_nothing_half_written_stays(school, head_client, name):
    _error, status, said = ERRORS[name]
    answer = head_client.post(f"/s/{school.slug}/{name}/")

    with tenant_scope(school):
        assert (answer.status_code, FeeKind.objects.filter(name="半截").exists()) == (status, False)
    assert said in answer.content.decode()


@pytest.mark.usefixtures("broken")
def test_a_broken_promise_of_the_database_is_a_conflict(school, head_client):
    answer = head_client.post(f"/s/{school.slug}/twice/")

    with tenant_scope(school):
        assert (answer.status_code, FeeKind.objects.filter(name="重名").exists()) == (409, False)
    assert "已经有同名的收费项目" in answer.content.decode()


@pytest.mark.usefixtures("broken")
def test_a_crash_leaves_nothing_behind(school, head):
    client = Client(raise_request_exception=False)
    client.force_login(head.user, backend="tenancy.backends.StaffBackend")
    answer = client.get(f"/s/{school.slug}/crash/")

    with tenant_scope(school):
        assert (answer.status_code, FeeKind.objects.filter(name="半截").exists()) == (500, False)


def test_a_request_knows_its_school_and_member_only_inside_one(school, head_client):
    answer = head_client.get(f"/s/{school.slug}/")

    assert (answer.wsgi_request.tenant, answer.wsgi_request.member.role) == (school, "head")
