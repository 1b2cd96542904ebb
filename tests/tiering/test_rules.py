"""The judge: exact, explained, monotone; edges belong upwards; gates and caps hold."""
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiering.presets import KINDERGARTEN, PRESETS, SERVICE
from tiering.rules import (
    FACTS,
    POSITION,
    Cap,
    Gate,
    Indicator,
    Scheme,
    as_data,
    decide,
    deciding_indicator,
    from_data,
    next_steps,
    points_of,
    problems,
)

PLAIN = Scheme(("A", "B"), (5000, 0), (Indicator("spend", 60, (0, 100, 200), (0, 50, 100)),
                                       Indicator("tenure", 40, (0, 100), (0, 100), smooth=True)))


def facts(**known):
    return [known.get(name, 0 if name not in ("intent", "credit", "complexity", "satisfaction") else None) for name in FACTS]


def test_a_score_is_the_weighted_sum_of_points_and_says_its_parts():
    decision = decide(PLAIN, facts(spend=100, tenure=50, known=1))

    assert decision.parts == (3000, 2000)
    assert (decision.score, decision.tier) == (5000, 0)


def test_a_value_on_an_edge_belongs_to_the_upper_band_and_a_score_on_a_cut_to_the_upper_tier():
    assert [points_of(PLAIN.indicators[0], value) for value in (-1, 0, 99, 100, 199, 200)] == [0, 0, 0, 5000, 5000, 10000]
    assert decide(PLAIN, facts(spend=100, tenure=49)).tier == 1


def test_an_unknown_fact_earns_what_the_scheme_says_and_is_named():
    scheme = Scheme(("A", "B"), (5000, 0), (Indicator("intent", 100, (100, 500), (0, 100), when_missing=50),))

    decision = decide(scheme, facts(known=1))

    assert (decision.score, decision.missing) == (5000, ("intent",))


def test_a_gate_not_met_steps_down_and_a_cap_holds_down_and_both_are_named():
    scheme = replace(PLAIN, labels=("A", "B", "C"), cuts=(8000, 5000, 0), gates=(Gate(0, "converted", 1),), caps=(Cap(2, "transfer", 1),))
    rich = {"spend": 200, "tenure": 100}

    plain, gated, capped = (decide(scheme, facts(**rich, **more)) for more in ({"converted": 1}, {}, {"converted": 1, "transfer": 1}))

    assert [d.tier for d in (plain, gated, capped)] == [0, 1, 2]
    assert [d.uncapped for d in (plain, gated, capped)] == [0, 0, 0]
    assert [d.held_back_by for d in (plain, gated, capped)] == [(), (0,), (1,)]


def test_who_is_new_is_not_rated():
    decision = decide(KINDERGARTEN, facts(spend=10**9, known=59))

    assert (decision.tier, decision.uncapped) == (None, None)


def test_the_nearest_way_up_is_a_change_that_really_lifts_the_tier():
    now = facts(spend=20_000_00, tenure=800, intent=400, referred=2, influence=20, activities=9, contacts=6, satisfaction=400, known=800)

    step = next_steps(KINDERGARTEN, now)[0]
    changed = list(now)
    changed[POSITION[step.fact]] = step.needed

    assert decide(KINDERGARTEN, changed).tier == step.tier < decide(KINDERGARTEN, now).tier


def test_the_deciding_indicator_is_the_part_that_changed_most():
    before, after = facts(spend=100, tenure=50), facts(spend=200, tenure=60)

    assert deciding_indicator(PLAIN, before, after) == "spend"
    assert deciding_indicator(PLAIN, before, before) is None


@pytest.mark.parametrize("preset", [p for kind in PRESETS.values() for p in kind], ids=lambda p: p.code)
def test_every_preset_is_sound_and_survives_storing(preset):
    assert problems(preset.scheme) == []
    assert from_data(as_data(preset.scheme)) == preset.scheme


@pytest.mark.parametrize("change,where", [
    ({"cuts": (5000, 10)}, "cuts"), ({"cuts": (0, 0)}, "cuts"), ({"labels": ("A", "A")}, "cuts"), ({"cuts": (12000, 0)}, "cuts"),
    ({"indicators": (Indicator("spend", 90, (0,), (0,)),)}, "weights"), ({"indicators": ()}, "weights"),
    ({"indicators": (Indicator("spend", 100, (5, 5), (0, 10)),)}, "bands-spend"),
    ({"indicators": (Indicator("spend", 100, (0, 5), (50, 10)),)}, "bands-spend"),
    ({"indicators": (Indicator("spend", 100, (0, 5), (0, 110)),)}, "bands-spend"),
    ({"gates": (Gate(1, "spend", 1),)}, "limits"), ({"caps": (Cap(9, "spend", 1),)}, "limits"),
])
def test_an_unsound_draft_is_told_where(change, where):
    assert where in [place for place, _ in problems(replace(PLAIN, **change))]


known_facts = st.lists(st.one_of(st.none(), st.integers(0, 10**7)), min_size=len(FACTS), max_size=len(FACTS))


@given(known_facts, st.sampled_from([KINDERGARTEN, SERVICE]))
def test_scores_stay_within_a_hundred_points_and_parts_add_up(values, scheme):
    decision = decide(scheme, values)

    assert 0 <= decision.score <= 10000
    assert decision.score == sum(decision.parts)
    assert all(0 <= part <= i.weight * 100 for part, i in zip(decision.parts, scheme.indicators, strict=True))


@given(known_facts, st.integers(0, 6), st.integers(1, 10**6))
def test_more_of_a_good_thing_never_lowers_the_score(values, which, more):
    name = SERVICE.indicators[which % len(SERVICE.indicators)].code
    values[POSITION[name]] = values[POSITION[name]] or 500
    richer = list(values)
    richer[POSITION[name]] += more

    assert decide(SERVICE, richer).score >= decide(SERVICE, values).score


@given(known_facts)
def test_limits_only_ever_hold_down(values):
    decision = decide(KINDERGARTEN, values)

    assert decision.tier is None or decision.tier >= decision.uncapped
    assert bool(decision.held_back_by) == (decision.tier != decision.uncapped) or decision.held_back_by != ()
