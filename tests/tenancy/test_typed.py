"""What an address or a form says is read with care."""
import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tenancy.typed import as_id, came_from, holds_nul, numbered, way_back


@given(st.integers(0, 10**18 - 1))
def test_an_id_is_read_back(number):
    assert as_id(str(number)) == number


@pytest.mark.parametrize("text", ["", "²", "٣", "-1", "1.0", " 1", "1e3", "9" * 19, "一"])
def test_what_is_no_id_is_none(text):
    assert as_id(text) is None


@pytest.mark.parametrize(("asked", "led"), [
    ("/s/miao/families/?q=a", "/s/miao/families/?q=a"), ("", "/"), ("https://elsewhere.example/",
            "/"), ("//elsewhere.example/", "/"),
    ("families", "/"), ("javascript:alert(1)", "/"), ("/\\elsewhere.example", "/"),
])
def test_the_way_back_stays_on_this_site(asked, led):
    assert way_back(RequestFactory().post("/", {"next": asked})) == led


def test_numbered_fields_are_read_by_their_number():
    request = RequestFactory().post("/", {"child-12": "present", "child-²": "x", "child-": "x", "class-3": "x",
            "child-7": "leave"})

    assert numbered(request, "child") == {12: "present", 7: "leave"}


@pytest.mark.parametrize(("method", "words", "found"), [
    ("get", {"q": "张\x00三"}, True), ("post", {"note": "\x00"}, True), ("post", {"\x00": "a"}, True), ("get",
            {"q": "张三"}, False),
])
def test_a_nul_is_found_wherever_it_stands(method, words, found):
    assert holds_nul(getattr(RequestFactory(), method)("/", words)) == found


def test_a_nul_is_answered_in_words_and_nothing_is_looked_up(school, head_client):
    answer = head_client.get(f"/s/{school.slug}/families/", {"q": "\x00"})

    assert answer.status_code == 400 and "存不下的字符" in answer.content.decode()


def test_a_program_gets_it_in_the_one_shape_of_errors(school, head_client):
    answer = head_client.get(f"/s/{school.slug}/api/v1/families/", {"q": "\x00"})

    assert (answer.status_code, answer.json()["code"]) == (400, "unstorable")


@pytest.mark.parametrize(("referer", "led"), [
    ("http://testserver/s/miao/families/7/?kind=visit", "/s/miao/families/7/?kind=visit"), ("", ""),
    ("https://elsewhere.example/s/miao/families/7/", ""), ("http://testserver/s/miao/families/7/pay/",
            ""), ("javascript:alert(1)", ""),
    ("http://testserver//elsewhere.example/", ""), ("http://testserver////elsewhere.example/",
            ""), ("http://testserver", ""),
    ("http://testserver/s/miao/", "/s/miao/"),
])
def test_a_refused_person_goes_on_where_they_came_from_if_that_was_here(referer, led):
    assert came_from(RequestFactory().post("/s/miao/families/7/pay/", headers={"referer": referer})) == led
