"""What is typed about requests: each form asks for what its act needs, and no more."""
import pytest

from service_levels.requests.forms import (
    ConfirmForm,
    HandForm,
    HeardForm,
    NoteForm,
    PauseForm,
    ReopenForm,
    ReplyForm,
    ResolveForm,
    WishForm,
)
from service_levels.requests.working import Wish
from tenancy.models import Campus, Membership, User


def wish(known: bool = False, **typed) -> WishForm:
    return WishForm({"kind": "service", "channel": "phone", "text": "换被子"} | typed, campuses=Campus.objects.all(), known=known)


def test_a_wish_is_what_was_typed(miao):
    form = wish(caller="王女士", phone="139 0013 9000", about="service")

    assert form.is_valid()
    assert form.wish() == Wish("service", "换被子", "phone", "service", None, "王女士", "13900139000")


def test_of_a_family_that_is_known_nobody_asks_who_it_is(miao):
    form = wish(known=True, caller="王女士")

    assert form.is_valid()
    assert (form.wish().caller, form.wish().phone, form.wish().campus) == ("", "", None)
    assert set(form.fields) == {"kind", "channel", "about", "text"}


@pytest.mark.parametrize(("typed", "wrong"), [
    ({"kind": ""}, {"kind"}),
    ({"kind": "song"}, {"kind"}),
    ({"channel": "sign_in"}, {"channel"}),
    ({"text": " "}, {"text"}),
    ({"text": "长" * 2001}, {"text"}),
    ({"about": "moon"}, {"about"}),
    ({"phone": "12"}, {"phone"}),
    ({"campus": "0"}, {"campus"}),
    ({"caller": "长" * 41}, {"caller"}),
])
def test_a_wish_that_cannot_be_is_said_where(miao, typed, wrong):
    assert set(wish(**typed).errors) == wrong


@pytest.mark.parametrize(("form", "typed", "wrong"), [
    (ReplyForm, {"text": "好", "channel": "phone"}, set()),
    (ReplyForm, {"text": "", "channel": "sign_in"}, {"text", "channel"}),
    (ReplyForm, {"text": "好", "channel": "online"}, set()),
    (HeardForm, {"text": "好", "channel": "wechat"}, set()),
    (HeardForm, {}, {"text", "channel"}),
    (NoteForm, {"text": " "}, {"text"}),
    (PauseForm, {"why": "长" * 81}, {"why"}),
    (ResolveForm, {}, {"result"}),
    (ReopenForm, {"why": ""}, {"why"}),
    (ConfirmForm, {"score": "5"}, set()),
    (ConfirmForm, {"score": "6"}, {"score"}),
    (ConfirmForm, {"text": "长" * 501}, {"text"}),
])
def test_a_form_asks_for_what_its_act_needs(miao, form, typed, wrong):
    assert set(form(typed).errors) == wrong


@pytest.mark.parametrize(("typed", "score"), [
    ({"score": "4"}, 4),
    ({"score": ""}, None),
    ({}, None),
])
def test_a_score_may_be_left_out(typed, score):
    form = ConfirmForm(typed)

    assert form.is_valid() and form.cleaned_data["score"] == score


def test_it_is_handed_to_colleagues_in_work_only(miao, head):
    gone = Membership.objects.create(user=User.objects.create(username="x@miao"), role="agent", name="离岗的", is_active=False)

    assert set(HandForm({"to": gone.pk}).errors) == {"to"}
    assert HandForm({"to": head.pk, "department": "admin"}).is_valid()
