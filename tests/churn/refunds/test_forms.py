"""What is typed about refunds."""
import pytest

from churn.models import RefundLine
from churn.refunds.forms import LineForm, OfferForm, RulesForm
from churn.refunds.shipped import packs_for
from crm.models import LessonPackage

LESSONS, DAYS, MONTH = ("package",), ("first_on", "last_on"), ("attended", "school_days")


def line_form(asks, line=None, **typed) -> LineForm:
    row = line or RefundLine(pk=7)
    return LineForm({f"l7-{name}": value for name, value in typed.items()}, line=row,
            packages=LessonPackage.objects.none(), asks=asks)


@pytest.mark.parametrize(("asks", "names"), [
    ((), ["is_in", "agreed_fen", "why"]),
    (LESSONS, ["is_in", "package", "agreed_fen", "why"]),
    (DAYS, ["is_in", "first_on", "last_on", "agreed_fen", "why"]),
    (MONTH, ["is_in", "attended", "school_days", "agreed_fen", "why"]),
])
def test_only_the_figures_that_are_asked_for_stand_in_the_form(miao, asks, names):
    assert list(line_form(asks).fields) == names
    assert [field.name for field in line_form(asks).figures] == list(asks)


@pytest.mark.parametrize(("asks", "typed", "field"), [
    (DAYS, {"first_on": "2026-11-02", "last_on": "2026-11-01"}, "last_on"),
    (DAYS, {"first_on": "x", "last_on": "2026-11-01"}, "first_on"),
    (MONTH, {"attended": "12", "school_days": "11"}, "school_days"),
    (MONTH, {"attended": "32", "school_days": "31"}, "attended"),
    (MONTH, {"attended": "-1"}, "attended"),
    (("absent",), {"absent": "401"}, "absent"),
    (("absent",), {"absent": "三"}, "absent"),
    ((), {"agreed_fen": "-1"}, "agreed_fen"),
    ((), {"agreed_fen": "¥x"}, "agreed_fen"),
    ((), {"why": "长" * 121}, "why"),
])
def test_figures_that_cannot_be_are_refused_at_their_field(miao, asks, typed, field):
    assert field in line_form(asks, **typed).errors


@pytest.mark.parametrize(("typed", "fen"), [
    ("1500", 150000),
    ("1,500.50", 150050),
    ("０", 0),
    ("", None),
])
def test_an_agreed_amount_is_read_in_any_spelling_and_empty_leaves_it_to_the_rule(miao, typed, fen):
    form = line_form((), RefundLine(pk=7, agreed_fen=99), is_in="on", agreed_fen=typed)

    assert form.is_valid() and (form.written().agreed_fen, form.written().is_in) == (fen, True)


def test_what_is_known_stands_in_the_form(miao):
    form = LineForm(line=RefundLine(pk=7, absent=31, agreed_fen=150050, why="x"),
            packages=LessonPackage.objects.none(), asks=("absent",))

    assert (form["absent"].value(), form["agreed_fen"].value(), form["why"].value()) == (31, "1500.50", "x")


@pytest.mark.parametrize(("fen", "cost"), [("", None), ("0", 0), ("12.5", 1250)])
def test_a_cost_that_is_left_empty_is_not_nothing(miao, fen, cost):
    form = OfferForm({"kind": "pause", "text": "x", "fen": fen})

    assert form.is_valid()
    assert form.typed() == {"kind": "pause", "text": "x", "lessons": None, "fen": cost}


def test_rules_name_every_group_of_fees(miao):
    form = RulesForm({"pack": "own", "basis": "x", "method_meals": "days", "clause_meals": "按天"},
            packs=packs_for("kindergarten"))

    assert form.is_valid() and len(form.clauses()) == 4
    assert form.own()["meals"] == {"method": "days", "clause": "按天"}
    assert form.own()["tuition"] == {"method": "", "clause": ""}


@pytest.mark.parametrize(("kind", "codes"), [
    ("kindergarten", ["hefei", "taian", "own"]),
    ("training", ["training", "own"]),
    ("nursery", ["own"]),
])
def test_a_trade_is_offered_its_own_packs(miao, kind, codes):
    assert [code for code, _label in RulesForm(packs=packs_for(kind)).fields["pack"].choices] == codes
