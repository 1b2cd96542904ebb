"""What is typed about 优惠: an application, a rule, what one family may have; clear words for what cannot be kept."""
import pytest

from service_levels.concessions import known
from service_levels.concessions.forms import AskForm, GiveForm, RefuseForm, RuleForm, cap_form
from service_levels.concessions.policy import Policy, Rule
from service_levels.concessions.working import Wish
from tenancy.scope import tenant_scope
from tests.service_levels.concessions.makers import CLASS, RULES, TUITION, hold, troubled

TYPED = {"name": "学费优惠", "line": "K30(a)", "says": "减一次。", "most_fen": "500", "budget_fen": "1,200", "apart": "365", "valid": "90"}


@pytest.fixture
def inside(school, on_the_day):
    with tenant_scope(school):
        hold()
        yield school


@pytest.fixture
def home(inside):
    return troubled()


def ask(home, **typed) -> AskForm:
    return AskForm({"rule": "tuition", "fen": "500", "why": "手头紧"} | typed, customer=home, rules=list(RULES.rules))


def rule(**typed) -> RuleForm:
    return RuleForm(TYPED | typed, rule=None, lines=known.promised())


# -- an application ----------------------------------------------------------------------------------------------------------------
def test_an_application_is_a_wish_in_fen(home):
    form = ask(home, fen="￥1,234.50")

    assert form.is_valid() and form.wish() == Wish("tuition", 123_450, "手头紧", None)


def test_it_may_be_for_one_child(home):
    child = home.family.children.get()
    form = ask(home, child=child.pk)

    assert form.is_valid() and form.wish().child == child


@pytest.mark.parametrize(("typed", "field"), [
    ({"rule": "none"}, "rule"), ({"rule": ""}, "rule"), ({"fen": "很多"}, "fen"), ({"fen": ""}, "fen"), ({"fen": "1e400"}, "fen"),
    ({"why": ""}, "why"), ({"why": "长" * 301}, "why"), ({"child": "999999"}, "child"), ({"child": "x"}, "child"),
])
def test_what_cannot_be_meant_is_said_at_its_field(home, typed, field):
    form = ask(home, **typed)

    assert not form.is_valid() and set(form.errors) == {field}


def test_another_familys_child_cannot_be_chosen(home):
    other = troubled(2).family.children.get()

    assert not ask(home, child=other.pk).is_valid()


def test_why_not_is_asked_for(inside):
    assert not RefuseForm({"words": ""}).is_valid() and RefuseForm({"words": "x"}).is_valid()


@pytest.mark.parametrize(("day", "sound"), [("2026-11-20", True), ("2026-11-21", False), ("x", False), ("", False), ("1026-11-20", False)])
def test_it_was_given_on_a_day_that_has_been(inside, day, sound):
    assert GiveForm({"on": day}).is_valid() is sound


# -- a rule ------------------------------------------------------------------------------------------------------------------------
def test_a_rule_is_kept_as_it_was_typed(inside):
    form = rule(caused="on")

    assert form.is_valid()
    assert form.rule("own-1") == Rule("own-1", "学费优惠", "K30(a)", "减一次。", 50_000, 120_000, 365, 90, True)


def test_what_is_shown_and_sent_again_is_the_same_rule(inside):
    shown = RuleForm(rule=CLASS, lines=known.promised())
    typed = {name: shown.initial.get(name) for name in shown.fields}
    again = RuleForm({name: value for name, value in typed.items() if value is not False}, rule=CLASS, lines=known.promised())

    assert again.is_valid() and again.rule(CLASS.code) == CLASS


@pytest.mark.parametrize(("typed", "field"), [
    ({"name": ""}, "name"), ({"line": "K99"}, "line"), ({"most_fen": "-1"}, "most_fen"), ({"budget_fen": "-0.01"}, "budget_fen"),
    ({"budget_fen": "x"}, "budget_fen"), ({"apart": "0"}, "apart"), ({"apart": "9999"}, "apart"), ({"valid": "0"}, "valid"),
    ({"says": "长" * 201}, "says"),
])
def test_what_cannot_be_a_rule_is_said_at_its_field(inside, typed, field):
    form = rule(**typed)

    assert not form.is_valid() and set(form.errors) == {field}


def test_what_is_only_unfinished_can_be_kept_in_a_draft(inside):
    assert rule(says="", budget_fen="0").is_valid()


def test_the_lines_are_those_that_plans_promise(inside):
    assert [key for key, _word in rule().fields["line"].choices] == ["K30(a)", "K30(b)"]


def test_a_line_that_is_gone_stays_in_the_list_and_says_so(inside):
    gone = Rule("own-1", "旧的", "老条目", "x", 1, 1)

    assert RuleForm(rule=gone, lines=known.promised()).fields["line"].choices[0] == ("老条目", "方案里没有了：老条目")


# -- what one family may have ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("typed", "fen"), [("0", 0), ("800", 80_000), ("0.5", 50)])
def test_what_one_family_may_have_is_money(typed, fen):
    form = cap_form(Policy(), {"most_fen": typed})

    assert form.is_valid() and form.cleaned_data["most_fen"] == fen


@pytest.mark.parametrize("typed", ["-1", "", "很多"])
def test_or_it_is_said_what_is_wrong(typed):
    assert list(cap_form(Policy(), {"most_fen": typed}).errors) == ["most_fen"]


def test_what_it_is_now_is_shown():
    assert cap_form(Policy((TUITION,), 80_000))["most_fen"].initial == "800.00"
