"""Facts and rules as people say them."""
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tiering.presets import KINDERGARTEN, PRESETS
from tiering.rules import FACTS, Cap, Gate, Indicator
from tiering.words import (
    CHOICES,
    NAMES,
    VERBS,
    amount,
    cap_sentence,
    gate_sentence,
    indicator_sentence,
    limit_sentences,
    signed,
    tier_name,
    unit,
)


@pytest.mark.parametrize(("code", "value", "said"), [
    ("spend", 1_864_000, "18,640 元"), ("spend", 50, "0.5 元"), ("spend", 0, "0 元"), ("spend", -12_000, "-120 元"),
    ("intent", 360, "3.6 分"), ("intent", 500, "5 分"), ("influence", 25, "2.5 分"), ("satisfaction", 400, "4 分"),
    ("tenure", 364, "364 天"), ("tenure", 365, "1 年"), ("tenure", 395, "1 年 1 个月"), ("tenure", 1_095, "3 年"),
    ("tenure", 729, "1 年 11 个月"), ("frequency", 12, "12 天"), ("contacts", 6, "6 次"), ("activities", 1_234, "1,234 次"),
    ("converted", 2, "2 户"), ("referred", 1, "1 户"), ("complaints", 1, "1 次"), ("spend", None,
            "没有资料"), ("tenure", None, "没有资料"),
])
def test_a_fact_has_its_unit_and_no_more_decimals_than_it_needs(code, value, said):
    assert amount(code, value) == said


@pytest.mark.parametrize(("points", "said"), [(3, "+3.0"), (Decimal("-0.8"), "−0.8"), (0, "+0.0"), (-14.04, "−14.0"),
        (0.25, "+0.2")])
def test_a_change_carries_its_sign(points, said):
    assert signed(points) == said


def test_units_follow_the_language():
    with translation.override("en"):
        assert (unit("spend"), unit("contacts"), amount("tenure", 12)) == (("yuan", 100), ("times", 1), "12 days")


def test_every_fact_has_a_name_and_a_unit():
    assert set(FACTS) <= set(NAMES) and all(unit(code)[1] in (1, 10, 100) for code in FACTS)


@pytest.mark.parametrize(("indicator", "said"), [
    (Indicator("spend", 30, (800_000, 2_400_000), (10, 100), False, 12, 0),
            "近 12 个月满 24,000 元 得 100 分；缺资料得 0 分"),
    (Indicator("intent", 20, (100, 500), (0, 100), True, 12, 50),
            "近 12 个月满 5 分 得 100 分，中间按比例；缺资料得 50 分"),
    (Indicator("tenure", 15, (0, 1_095), (0, 100), False, 0, 0), "至今满 3 年 得 100 分；缺资料得 0 分"),
])
def test_an_indicator_is_one_sentence(indicator, said):
    assert indicator_sentence(indicator) == said


def test_a_gate_and_a_cap_name_their_tier():
    rules = KINDERGARTEN

    assert gate_sentence(rules, Gate(0, "converted", 1)) == "A 级要求推荐成功户数不少于 1 户"
    assert cap_sentence(rules, Cap(2, "complaints", 2)) == "投诉次数达到 2 次 时，最高 C 级"
    assert cap_sentence(rules, Cap(3, "transfer", 1)) == f"{rules.transfer_days} 天内有转园倾向记录时，最高 D 级"


@given(st.integers(-10, 10))
def test_a_tier_that_is_not_there_has_no_name(tier):
    assert tier_name(KINDERGARTEN, tier) == (KINDERGARTEN.labels[tier] if 0 <= tier < 4 else "—")


def test_an_indicator_without_a_band_has_no_sentence_yet():
    assert indicator_sentence(Indicator("spend", 30, (), ())) == ""


def test_limits_stand_in_the_order_a_decision_counts_them():
    rules = replace(KINDERGARTEN, gates=(Gate(0, "converted", 1), Gate(1, "contacts", 2)), caps=(Cap(3, "transfer", 1),))

    assert [sentence[:3] for sentence in limit_sentences(rules)] == ["A 级", "B 级", "90 "]


@given(st.integers(365, 20_000))
def test_years_and_months_never_run_over(days):
    told = amount("tenure", days)
    months = int(told.split(" 年 ")[1].removesuffix(" 个月")) if "个月" in told else 0

    assert int(told.split(" ")[0]) == days // 365 and 0 <= months <= 11


@given(st.sampled_from(sorted(FACTS)), st.integers(0, 10**12))
def test_every_fact_can_be_said(code, value):
    told = amount(code, value)

    assert told and "." not in told.split(" ")[0] or told.split(" ")[0].count(".") == 1


@pytest.mark.parametrize("preset", [p for presets in PRESETS.values() for p in presets], ids=lambda p: f"{p.code}-{p.name}")
def test_every_rule_of_a_shipped_scheme_is_a_sentence(preset):
    sentences = [*(indicator_sentence(i) for i in preset.scheme.indicators), *limit_sentences(preset.scheme)]

    assert all(len(sentence) > 8 and "%" not in sentence and "None" not in sentence for sentence in sentences)


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_rules_are_told_in_other_languages_too(language):
    with translation.override(language):
        told = [*(indicator_sentence(i) for i in KINDERGARTEN.indicators), *limit_sentences(KINDERGARTEN)]

    assert told != [*(indicator_sentence(i) for i in KINDERGARTEN.indicators), *limit_sentences(KINDERGARTEN)]
    assert language != "en" or all(sentence.isascii() for sentence in told)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_act_has_a_short_word(verb):
    assert 0 < len(str(VERBS[verb])) <= 12


def test_the_choices_of_the_editor_leave_out_what_is_no_indicator():
    assert {code for code, _name in CHOICES} == set(FACTS) - {"known", "transfer"}
