"""What a head types into the scheme editor becomes rules in integers; what is no number is refused, never rounded."""
from dataclasses import replace

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tiering.presets import KINDERGARTEN, PRESETS
from tiering.rules import Cap, Gate, Scheme, from_data
from tiering.scheme_form import Unfit, bands, limits, read, shown
from tiering.scheme_form import typed as as_typed
from tiering.words import unit


def typed(scheme: Scheme, **changes) -> QueryDict:
    """The editor's form as a browser sends it for these rules, with some fields typed over."""
    form = as_typed(scheme)
    for field, value in changes.items():
        form.setlist(field.replace("_of_", "-"), value if isinstance(value, list) else [value])
    return form


@pytest.mark.parametrize("rules", [preset.scheme for presets in PRESETS.values() for preset in presets])
def test_a_form_that_nobody_touched_says_the_same_rules(rules):
    assert from_data(read(typed(rules), rules)) == rules


def test_a_weight_is_changed():
    scheme = from_data(read(typed(KINDERGARTEN, weight_of_spend="35"), KINDERGARTEN))

    assert [i.weight for i in scheme.indicators] == [35, *(i.weight for i in KINDERGARTEN.indicators[1:])]


def test_money_is_typed_in_yuan_with_commas_of_either_width():
    bands = {"edge_of_spend": ["0", "８,０００", "24，000.50"], "points_of_spend": ["0", "40", "100"]}
    scheme = from_data(read(typed(KINDERGARTEN, **bands), KINDERGARTEN))

    assert scheme.indicators[0].edges == (0, 800_000, 2_400_050)


def test_a_dropped_indicator_is_gone_and_an_added_one_begins_small():
    scheme = from_data(read(typed(KINDERGARTEN, drop_of_spend="1", add_of_indicator="credit"), KINDERGARTEN))

    assert "spend" not in [i.code for i in scheme.indicators]
    assert (scheme.indicators[-1].code, scheme.indicators[-1].weight, scheme.indicators[-1].edges) == ("credit", 1,
            (0, 100))


@pytest.mark.parametrize("code", ["spend", "nonsense", ""])
def test_an_indicator_that_is_there_or_unknown_is_not_added(code):
    scheme = from_data(read(typed(KINDERGARTEN, add_of_indicator=code), KINDERGARTEN))

    assert len(scheme.indicators) == len(KINDERGARTEN.indicators)


def test_a_gate_and_a_cap_are_added_and_an_emptied_one_is_removed():
    limits = {"gate_of_tier": ["0", "1"], "gate_of_fact": ["converted", "spend"], "gate_of_least": ["", "6000"],
              "cap_of_tier": ["2"], "cap_of_fact": ["complaints"], "cap_of_least": ["2"]}
    scheme = from_data(read(typed(KINDERGARTEN, **limits), KINDERGARTEN))

    assert (scheme.gates, scheme.caps) == ((Gate(1, "spend", 600_000),), (Cap(2, "complaints", 2),))


def test_a_limit_on_a_fact_that_does_not_exist_is_left_out():
    limits = {"gate_of_tier": ["0"], "gate_of_fact": ["horoscope"], "gate_of_least": ["1"]}

    assert from_data(read(typed(KINDERGARTEN, **limits), KINDERGARTEN)).gates == ()


def test_the_last_tier_always_begins_at_nothing():
    scheme = from_data(read(typed(KINDERGARTEN, cut=["75", "55", "35", "12"]), KINDERGARTEN))

    assert scheme.cuts == (7500, 5500, 3500, 0)


def test_a_label_is_trimmed_and_kept_short():
    scheme = from_data(read(typed(KINDERGARTEN, label=[" 金牌 ", "银牌", "铜牌", "一个非常非常长的名字"]), KINDERGARTEN))

    assert scheme.labels == ("金牌", "银牌", "铜牌", "一个非常非常长的")


def test_an_unticked_box_is_no():
    form = typed(replace(KINDERGARTEN, list_price=False))

    assert from_data(read(form, KINDERGARTEN)).list_price is False


@pytest.mark.parametrize(("field", "value", "at"), [
    ("weight_of_spend", "三十", "weights"), ("weight_of_spend", "30.5", "weights"), ("weight_of_spend", "NaN", "weights"),
    ("weight_of_spend", "Infinity", "weights"), ("weight_of_spend", "1e30", "weights"), ("window_of_spend", "半年",
            "bands-spend"),
    ("missing_of_intent", "x", "bands-intent"), ("min_days", "两个月", "min_days"), ("transfer_days", "9.5",
            "transfer_days"),
    ("halve_after", "-", "halve_after"), ("cut", ["75", "55.555", "35", "0"], "cut"),
])
def test_what_is_no_whole_number_of_its_unit_names_its_field(field, value, at):
    with pytest.raises(Unfit) as refusal:
        read(typed(KINDERGARTEN, **{field: value}), KINDERGARTEN)

    assert refusal.value.field == at and "“" in str(refusal.value)


def test_half_a_fen_is_refused_not_rounded():
    bands = {"edge_of_spend": ["0", "100.005"], "points_of_spend": ["0", "100"]}
    with pytest.raises(Unfit, match="小数位太多"):
        read(typed(KINDERGARTEN, **bands), KINDERGARTEN)


@given(st.sampled_from(["spend", "intent", "influence", "tenure", "contacts"]), st.integers(-10**9, 10**9))
def test_a_number_shown_and_typed_again_is_the_same_number(code, value):
    bands = {f"edge_of_{code}": ["0", shown(code, value)], f"points_of_{code}": ["0", "100"]}
    indicator = next(i for i in from_data(read(typed(KINDERGARTEN, **bands), KINDERGARTEN)).indicators if i.code == code)

    assert indicator.edges == (0, value) and unit(code)[1] in (1, 10, 100)


def test_the_bands_end_with_an_empty_one_to_type_into():
    form = typed(KINDERGARTEN, edge_of_intent=["1", " ", "4"], points_of_intent=["0", "", "100"])

    assert bands(form, "intent") == [("1", "0"), ("4", "100"), ("", "")]


def test_a_limit_is_kept_while_something_of_it_stands():
    form = typed(KINDERGARTEN, gate_of_tier=["0", "1", "2"], gate_of_fact=["spend", "intent", ""],
            gate_of_least=["1", "", " "])

    assert limits(form, "gate") == [("0", "spend", "1"), ("1", "intent", "")]
