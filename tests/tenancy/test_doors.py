"""The public doors: which addresses open a school, in which language, and where a knock comes from."""
import pytest
from django.test import RequestFactory

from tenancy.doors import address_of, counted_as, language_of, public_door
from tenancy.scope import tenant_scope


@pytest.mark.parametrize("path", ["/t/miao/book/", "/t/miao/", "/t/miao", "/api/v1/public/t/miao/slots/",
        "/api/v1/public/t/miao/"])
def test_a_schools_name_opens_it(school, path):
    door = public_door(path)

    assert door.tenant == school and door.is_api == path.startswith("/api/")


@pytest.mark.parametrize("path", ["/b/{}/", "/b/{}/do/cancel/", "/api/v1/public/b/{}/", "/api/v1/public/b/{}/calendar.ics"])
def test_a_token_opens_the_school_it_begins_with(school, path):
    assert public_door(path.format(f"{school.public_id}_secret_with_lines")).tenant == school


@pytest.mark.parametrize("path", ["/", "/s/miao/", "/accounts/login/", "/api/v1/families/", "/api/v1/public/",
        "/api/v1/public/x/miao/", "/tt/miao/", "/static/t/"])
def test_other_addresses_are_no_public_doors(school, path):
    assert public_door(path) is None


@pytest.mark.parametrize("path", ["/t/nowhere/book/", "/b/x/", "/b/_secret/", "/b/nobody_secret/",
        "/api/v1/public/t//slots/", "/t/²/"])
def test_a_door_to_no_school_opens_nothing(school, path):
    assert public_door(path).tenant is None


def test_a_closed_school_opens_to_nobody(school):
    type(school).objects.filter(pk=school.pk).update(is_active=False)

    assert public_door("/t/miao/book/").tenant is None
    assert public_door(f"/b/{school.public_id}_x/").tenant is None


@pytest.mark.parametrize(
    ("asked", "cookie", "browser", "language"),
    [
        ("", "", "", "zh-hans"),
        ("", "", "en-US,en", "en"),
        ("", "", "zh-TW", "zh-hant"),
        ("", "", "zh-CN", "zh-hans"),
        ("", "zh-hant", "en", "zh-hant"),
        ("en", "zh-hant", "zh-CN", "en"),
        ("xx", "", "", "zh-hans"),
        ("xx", "yy", "fr", "zh-hans"),
    ],
)
def test_a_visitor_is_spoken_to_as_they_asked_else_as_their_browser_speaks(asked, cookie, browser, language):
    request = RequestFactory().get("/t/miao/book/", {"lang": asked} if asked else {},
            headers={"Accept-Language": browser} if browser else {})
    request.COOKIES["mp_language"] = cookie

    assert language_of(request, "zh-hans") == language


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "", "10.0.0.9"),
        (0, "6.6.6.6", "10.0.0.9"),  # nobody of ours wrote that
        (1, "", "10.0.0.9"),
        (1, "6.6.6.6", "6.6.6.6"),
        (1, "1.1.1.1, 6.6.6.6", "6.6.6.6"),
        (2, "1.1.1.1, 6.6.6.6, 7.7.7.7", "6.6.6.6"),
        (2, "6.6.6.6", "10.0.0.9"),  # fewer than our proxies add: not to be believed
        (1, " , 6.6.6.6 ,", "6.6.6.6"),
    ],
)
def test_the_address_is_the_last_one_that_a_trusted_proxy_added(settings, proxies, told, address):
    settings.MIAOPU_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": told} if told else {}

    assert address_of(RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", **headers)) == address


def test_counting_keys_hold_school_and_kind_and_nothing_of_a_person(school, other_school):
    with tenant_scope(school):
        mine, other_kind = counted_as("phone", "13800138000"), counted_as("address", "13800138000")
    with tenant_scope(other_school):
        theirs = counted_as("phone", "13800138000")

    assert "13800138000" not in mine
    assert len({mine, other_kind, theirs}) == 3
    assert mine.startswith(f"knocks:{school.pk}:phone:")
