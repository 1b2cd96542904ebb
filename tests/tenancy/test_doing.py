"""One thing done with one row: done, refused with what was typed, forbidden, absent."""
import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.test import RequestFactory

from crm.forms import SchoolForm
from tenancy import doing
from tenancy.refusals import Absent, Forbidden, Refused


class Row:
    pk = 5


class Typed(SchoolForm):
    text = forms.CharField(max_length=3)


def asked(**typed):
    request = RequestFactory().post("/", typed)
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def raising(error):
    def act(request, row, form):
        raise error
    return act


def shown(request, row, form="", filled=None, refused=""):
    return HttpResponse(f"{form}|{refused}|{filled.errors.get('text', '') if filled else ''}", status=422)


PAGE = doing.Page("churn:case", shown, {
    "go": lambda request, row, form: "好了", "write": lambda request, row, form: form.cleaned_data["text"],
    "no": raising(Refused("不行")), "no_write": raising(Refused("不行", "text")), "never": raising(Forbidden("不许",
            code="forbidden")),
    "gone": raising(Absent("没有"))}, {"write": lambda request, row: Typed(request.POST), "no_write": lambda request,
            row: Typed(request.POST)})


@pytest.mark.parametrize(("verb", "typed", "said"), [("go", {}, "好了"), ("write", {"text": "字"}, "字")])
def test_what_is_done_is_said_on_the_way_back(settings, verb, typed, said):
    settings.ROOT_URLCONF = settings.SCHOOL_URLCONF
    request = asked(**typed)
    answer = doing.do(request, PAGE, Row(), verb)

    assert (answer.status_code, answer.url.endswith("churn/cases/5/")) == (302, True)
    assert [message.message for message in get_messages(request)] == [said]


@pytest.mark.parametrize(("verb", "typed", "told"), [
    ("no", {}, "|不行|"),
    ("write", {"text": "四个字了"}, "write||"),
    ("no_write", {"text": "字"}, "no_write||"),
])
def test_what_is_refused_comes_back_as_it_was_typed(verb, typed, told):
    answer = doing.do(asked(**typed), PAGE, Row(), verb)

    assert answer.status_code == 422 and answer.content.decode().startswith(told)


@pytest.mark.parametrize(("verb", "error"), [("never", Forbidden), ("gone", Absent), ("fly", Refused)])
def test_who_may_not_and_what_is_not_there_is_no_page_again(verb, error):
    with pytest.raises(error):
        doing.do(asked(), PAGE, Row(), verb)


# -- a small form ------------------------------------------------------------------------------------------------------
def test_what_was_typed_in_a_small_form_is_taken():
    assert doing.typed(Typed({"text": "abc"})).cleaned_data == {"text": "abc"}


@pytest.mark.parametrize("text", ["", "abcd"])
def test_the_first_thing_that_is_wrong_with_it_is_said(text):
    filled = Typed({"text": text})

    with pytest.raises(Refused) as told:
        doing.typed(filled)

    assert told.value.message == filled.errors["text"][0]
