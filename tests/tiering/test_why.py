"""为什么: bars, limits, what is missing and the nearest way up, each by hand for a small scheme."""
from dataclasses import replace

import pytest
from django.urls import set_script_prefix
from hypothesis import given
from hypothesis import strategies as st

from tiering.presets import PRESETS
from tiering.rules import FACTS, POSITION, Cap, Gate, Indicator, Scheme, decide
from tiering.why import EVIDENCE, NARROWED, evidence_link, explain
from tiering.words import NAMES

SCHEME = Scheme(
    labels=("A", "B", "C"), cuts=(7000, 4000, 0), min_days=60,
    indicators=(Indicator("spend", 60, (0, 1_000_000, 2_000_000), (0, 50, 100), window=12),
                Indicator("influence", 40, (0, 50, 100), (0, 50, 100), window=24)),
    gates=(Gate(0, "converted", 1),), caps=(Cap(2, "transfer", 1),))


def facts(**known):
    values = dict.fromkeys(FACTS, 0) | {"known": 400} | known
    return tuple(values[name] for name in FACTS)


def why(scheme=SCHEME, **known):
    return explain(scheme, facts(**known), decide(scheme, facts(**known)))


# -- bars -------------------------------------------------------------------------------------------------------
def test_a_bar_is_as_long_as_its_weight_and_filled_by_its_part():
    spend, influence = why(spend=1_000_000, influence=100).bars

    assert (spend.track, spend.filled, spend.part, spend.weight) == (100.0, 50.0, 30.0, 60)
    assert (influence.track, influence.filled, influence.part, influence.weight) == (66.67, 66.67, 40.0, 40)


def test_a_bar_says_its_fact_in_peoples_units():
    spend, influence = why(spend=1_864_000, influence=35).bars

    assert (spend.name, spend.basis, influence.name, influence.basis) == ("消费金额", "18,640 元", "推荐影响力", "3.5 分")


def test_a_bar_without_a_fact_says_so():
    bar = why(spend=None).bars[0]

    assert (bar.missing, bar.basis, bar.part) == (True, "没有资料", 0.0)


def test_what_is_missing_is_listed_by_its_name():
    assert why(spend=None).missing == ["消费金额"] and why().missing == []


@given(st.integers(0, 3_000_000), st.integers(0, 200))
def test_no_bar_is_fuller_than_it_is_long(spend, influence):
    assert all(0 <= bar.filled <= bar.track <= 100 for bar in why(spend=spend, influence=influence).bars)


@given(st.integers(0, 3_000_000), st.integers(0, 200))
def test_the_bars_add_up_to_the_score(spend, influence):
    told = why(spend=spend, influence=influence)

    assert round(sum(bar.part for bar in told.bars), 2) == told.score


# -- the scale ---------------------------------------------------------------------------------------------------
def test_the_scale_runs_from_worst_to_best_without_a_gap():
    cuts = why().cuts

    assert [(cut["label"], cut["at"], cut["width"], cut["middle"]) for cut in cuts] == [
        ("C", 0.0, 40.0, 20.0), ("B", 40.0, 30.0, 55.0), ("A", 70.0, 30.0, 85.0)]


@pytest.mark.parametrize("preset", [p for presets in PRESETS.values() for p in presets], ids=lambda p: f"{p.code}-{p.name}")
def test_the_scale_of_every_shipped_scheme_covers_a_hundred_points(preset):
    cuts = explain(preset.scheme, facts(), decide(preset.scheme, facts())).cuts

    assert round(sum(cut["width"] for cut in cuts), 6) == 100
    assert [cut["label"] for cut in cuts] == list(preset.scheme.labels[::-1])


# -- the headline ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("known", "headline"), [
    ({"known": 59}, "新家庭，还没到定级的时候"),
    ({"spend": 2_000_000, "influence": 100}, "A 级要求推荐成功户数不少于 1 户"),
    ({"transfer": 1, "spend": 2_000_000}, "90 天内有转园倾向记录时，最高 C 级"),
    ({"spend": 2_000_000}, "消费金额已满分，差在推荐影响力"),
    ({"spend": 0, "influence": 50}, "差得最多的是消费金额"),
    ({}, "差得最多的是消费金额"),
])
def test_the_headline_says_what_decided_it(known, headline):
    assert why(**known).headline == headline


def test_limits_say_which_of_them_held():
    assert why(spend=2_000_000, influence=100).limits == [("A 级要求推荐成功户数不少于 1 户", True),
            ("90 天内有转园倾向记录时，最高 C 级", False)]


def test_who_is_not_rated_has_no_label():
    assert (why(known=10).label, why(spend=2_000_000, influence=100, converted=1).label) == ("", "A")


# -- the way up ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("known", "way"), [
    ({"known": 59}, "满 60 天后参加定级。"),
    ({"spend": 2_000_000, "influence": 100, "converted": 1}, "已经是最高一级。"),
    ({"spend": 2_000_000, "influence": 100}, "推荐成功户数从 0 户 到 1 户，就到 100.0 分、A 级。"),
    ({"spend": 1_000_000}, "再推荐 3 户来参观，或推荐 1 户报名，就到 50.0 分、B 级。"),
    ({"influence": 50}, "再推荐 3 户来参观，或推荐 1 户报名，就到 40.0 分、B 级。"),
    ({"influence": 100, "converted": 1}, "消费金额从 0 元 到 10,000 元，就到 70.0 分、A 级。"),
    ({"transfer": 2}, "单靠一项到不了上一级，要几项一起提高。"),
])
def test_the_nearest_way_up_is_told_with_its_score(known, way):
    assert why(**known).next_step == way


def test_without_a_gate_the_way_to_the_top_is_a_fact():
    open_scheme = replace(SCHEME, gates=())

    assert why(open_scheme, spend=2_000_000).next_step == "再推荐 3 户来参观，或推荐 1 户报名，就到 80.0 分、A 级。"


# -- evidence ---------------------------------------------------------------------------------------------------
@pytest.fixture
def in_school():
    set_script_prefix("/s/miao/")
    yield
    set_script_prefix("/")


@pytest.mark.usefixtures("in_school")
@pytest.mark.parametrize(("code", "link"), [
    ("spend", "/admin/crm/payment/?customer__id__exact=7"), ("influence", "/admin/crm/referral/?referrer__id__exact=7"),
    ("contacts", "/admin/crm/timelineentry/?customer__id__exact=7&kind__exact=contact"),
    ("credit", "/admin/crm/assessment/?customer__id__exact=7&about__exact=credit"), ("tenure", ""), ("known", ""),
])
def test_an_indicator_links_to_the_records_it_counts(settings, code, link):
    settings.ROOT_URLCONF = settings.SCHOOL_URLCONF

    assert evidence_link(code, 7).removeprefix("/s/miao") == link


def test_evidence_is_of_facts_that_are_there():
    assert set(EVIDENCE) <= set(POSITION)
    assert set(NARROWED) <= set(EVIDENCE)
    assert set(NAMES) == set(FACTS)
