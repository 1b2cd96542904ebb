"""The judge: exact, explained, monotone; edges belong upwards; gates and caps hold."""
from dataclasses import FrozenInstanceError, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiering.presets import KINDERGARTEN, PRESETS, SERVICE
from tiering.rules import (
    ALGORITHM,
    CONVERTED,
    FACTS,
    JUDGES,
    POSITION,
    REFERRED,
    VISITED,
    Cap,
    Decision,
    Gate,
    Indicator,
    Scheme,
    Step,
    as_data,
    decide,
    deciding_indicator,
    from_data,
    judge,
    next_steps,
    points_of,
    problems,
)

PLAIN = Scheme(("A", "B"), (5000, 0), (Indicator("spend", 60, (0, 100, 200), (0, 50, 100)),
                                       Indicator("tenure", 40, (0, 100), (0, 100), smooth=True)))


def facts(**known):
    return [known.get(name, 0 if name not in ("intent", "credit", "complexity",
            "satisfaction") else None) for name in FACTS]


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
    scheme = replace(PLAIN, labels=("A", "B", "C"), cuts=(8000, 5000, 0), gates=(Gate(0, "converted", 1),),
            caps=(Cap(2, "transfer", 1),))
    rich = {"spend": 200, "tenure": 100}

    plain, gated, capped = (decide(scheme, facts(**rich, **more)) for more in ({"converted": 1}, {},
            {"converted": 1, "transfer": 1}))

    assert [d.tier for d in (plain, gated, capped)] == [0, 1, 2]
    assert [d.uncapped for d in (plain, gated, capped)] == [0, 0, 0]
    assert [d.held_back_by for d in (plain, gated, capped)] == [(), (0,), (1,)]


def test_who_is_new_is_not_rated():
    decision = decide(KINDERGARTEN, facts(spend=10**9, known=59))

    assert (decision.tier, decision.uncapped) == (None, None)


def test_the_nearest_way_up_is_a_change_that_really_lifts_the_tier():
    now = facts(spend=20_000_00, tenure=800, intent=400, referred=2, influence=20, activities=9, contacts=6,
            satisfaction=400, known=800)

    step = next_steps(KINDERGARTEN, now)[0]
    changed = list(now)
    changed[POSITION[step.fact]] = step.needed

    assert decide(KINDERGARTEN, changed).tier == step.tier < decide(KINDERGARTEN, now).tier


def test_the_deciding_indicator_is_the_part_that_changed_most():
    before, after = facts(spend=100, tenure=50), facts(spend=200, tenure=60)

    assert deciding_indicator(PLAIN, before, after) == "spend"
    assert deciding_indicator(PLAIN, before, before) is None


@pytest.mark.parametrize("indicator", KINDERGARTEN.indicators, ids=lambda indicator: indicator.code)
def test_each_indicator_can_be_the_deciding_one(indicator):
    nothing = (0,) * len(FACTS)
    after = facts(**{indicator.code: indicator.edges[-1]})

    assert deciding_indicator(KINDERGARTEN, nothing, tuple(a or 0 for a in after)) == indicator.code


@pytest.mark.parametrize("weights", [(101,), (100, 0), (60, 60), (60, 30)])
def test_what_is_wrong_with_weights_is_said_at_the_weights(weights):
    indicators = tuple(Indicator(code, weight, (0,), (0,)) for code,
            weight in zip(("spend", "tenure"), weights, strict=False))

    assert [where for where, _said in problems(replace(PLAIN, indicators=indicators))][:1] == ["weights"]


def test_an_indicator_used_twice_is_said_at_the_weights():
    twice = (Indicator("spend", 50, (0,), (0,)), Indicator("spend", 50, (0,), (0,)))

    assert problems(replace(PLAIN, indicators=twice))[0][0] == "weights"


@pytest.mark.parametrize("preset", [p for kind in PRESETS.values() for p in kind], ids=lambda p: p.code)
def test_every_preset_is_sound_and_survives_storing(preset):
    assert problems(preset.scheme) == []
    assert from_data(as_data(preset.scheme)) == preset.scheme


@pytest.mark.parametrize("change,where", [
    ({"cuts": (5000, 10)}, "cuts"), ({"cuts": (0, 0)}, "cuts"), ({"labels": ("A", "A")},
            "cuts"), ({"cuts": (12000, 0)}, "cuts"),
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


# -- exactly: each rule at its edge, so that a sign, a bound or an index that moves is noticed --------------------


def test_the_order_of_the_facts_is_what_frozen_batches_hold():
    assert FACTS == ("spend", "intent", "influence", "tenure", "frequency", "credit", "complexity", "activities",
            "contacts",
                     "satisfaction", "referred", "converted", "complaints", "transfer", "known")
    assert [POSITION[name] for name in FACTS] == list(range(15))


def test_a_scheme_begins_with_these_settings():
    assert (PLAIN.gates, PLAIN.caps, PLAIN.min_days, PLAIN.list_price, PLAIN.transfer_days, PLAIN.halve_after,
            PLAIN.stage, PLAIN.last) == (
        (), (), 0, True, 90, 0, "any", 1)
    indicator = Indicator("spend", 100, (0,), (0,))
    assert (indicator.smooth, indicator.window, indicator.when_missing) == (False, 0, 0)


CURVE = Indicator("spend", 100, (100, 400, 1000), (20, 80, 100), smooth=True, when_missing=35)


@pytest.mark.parametrize(("value", "points"), [
    (None, 3500), (-5, 0), (0, 0), (99, 0), (100, 2000), (101, 2020), (250, 5000), (399, 7980), (400, 8000), (401,
            8003), (700, 9000),
    (999, 9996), (1000, 10000), (10**9, 10000),
])
def test_a_curve_rises_straight_between_its_edges_and_stays_on_top(value, points):
    assert points_of(CURVE, value) == points


@pytest.mark.parametrize(("value", "points"), [(None, 3500), (99, 0), (100, 2000), (399, 2000), (400, 8000), (999,
        8000), (1000, 10000)])
def test_steps_hold_until_the_next_edge(value, points):
    assert points_of(replace(CURVE, smooth=False), value) == points


@pytest.mark.parametrize(("value", "part"), [(4949, 49), (4950, 50), (4951, 50), (5049, 50), (5050, 51), (49, 0), (50, 1)])
def test_a_part_is_rounded_half_up_to_a_hundredth(value, part):
    fine = Scheme(("A", "B"), (5000, 0), (Indicator("spend", 1, (0, 10_000), (0, 100), smooth=True),))

    assert decide(fine, facts(spend=value)).parts == (part,)


@pytest.mark.parametrize(("known", "tier"), [(None, None), (0, None), (59, None), (60, 0), (61, 0)])
def test_one_is_rated_from_the_day_the_scheme_says(known, tier):
    decision = decide(replace(PLAIN, min_days=60), facts(spend=200, tenure=100, known=known))

    assert (decision.score, decision.tier, decision.uncapped, decision.held_back_by) == (10000, tier, tier, ())


def test_a_scheme_that_waits_one_day_does_not_rate_who_is_not_known_at_all():
    assert decide(replace(PLAIN, min_days=1), facts(spend=200, known=None)).tier is None
    assert decide(replace(PLAIN, min_days=0), facts(spend=200, tenure=100, known=None)).tier == 0


def test_who_is_not_rated_still_has_parts_and_a_list_of_what_is_missing():
    scheme = Scheme(("A", "B"), (5000, 0), (Indicator("intent", 100, (100, 500), (0, 100), when_missing=50),), min_days=60)
    decision = decide(scheme, facts(known=1))

    assert (decision.parts, decision.missing, decision.tier) == ((5000,), ("intent",), None)


LADDER = replace(PLAIN, labels=("A", "B", "C", "D"), cuts=(8000, 5000, 2000, 0))
TOP = {"spend": 200, "tenure": 100}


@pytest.mark.parametrize(("score", "tier"), [(dict(TOP), 0), ({"spend": 200, "tenure": 50}, 0), ({"spend": 200,
        "tenure": 49}, 1),
                                             ({"spend": 100, "tenure": 50}, 1), ({"spend": 100, "tenure": 49}, 2),
                                             ({"tenure": 50}, 2), ({"tenure": 49}, 3), ({}, 3)])
def test_each_cut_off_divides_two_tiers(score, tier):
    assert decide(LADDER, facts(**score)).tier == tier


@pytest.mark.parametrize(("gate", "value", "tier", "held"), [
    (Gate(0, "converted", 2), 2, 0, ()), (Gate(0, "converted", 2), 3, 0, ()), (Gate(0, "converted", 2), 1, 1, (0,)),
    (Gate(0, "converted", 2), None, 1, (0,)), (Gate(0, "converted", 0), None, 0, ()), (Gate(0, "converted", 1), None,
            1, (0,)),
    (Gate(1, "converted", 1), 0, 2, (0,)), (Gate(2, "converted", 1), 0, 3, (0,)),
])
def test_a_gate_lets_through_who_has_the_least_it_asks(gate, value, tier, held):
    decision = decide(replace(LADDER, gates=(gate,)), facts(**TOP, converted=value))

    assert (decision.tier, decision.held_back_by, decision.uncapped) == (tier, held, 0)


def test_a_gate_of_a_better_tier_is_nothing_to_who_stands_below_it():
    decision = decide(replace(LADDER, gates=(Gate(0, "converted", 1),)), facts(spend=100, tenure=50))

    assert (decision.tier, decision.held_back_by) == (1, ())


def test_gates_are_passed_from_the_top_whatever_their_order():
    gates = (Gate(2, "contacts", 1), Gate(0, "converted", 1), Gate(1, "activities", 1))

    def held(**more):
        decision = decide(replace(LADDER, gates=gates), facts(**TOP, **more))
        return decision.tier, decision.held_back_by

    assert held() == (3, (0, 1, 2))
    assert held(converted=1) == (3, (0, 2))
    assert held(activities=1) == (3, (0, 1))  # the gate of C asks for contacts of everybody who would be C or better
    assert held(activities=1, contacts=1) == (1, (1,))
    assert held(converted=1, activities=1, contacts=1) == (0, ())


@pytest.mark.parametrize(("cap", "value", "tier", "held"), [
    (Cap(2, "complaints", 2), 1, 0, ()), (Cap(2, "complaints", 2), 2, 2, (0,)), (Cap(2, "complaints", 2), 3, 2, (0,)),
    (Cap(2, "complaints", 2), None, 0, ()), (Cap(2, "complaints", 1), None, 0, ()), (Cap(0, "complaints", 1), 1, 0, ()),
    (Cap(3, "complaints", 1), 1, 3, (0,)),
])
def test_a_cap_holds_who_has_the_least_it_names(cap, value, tier, held):
    decision = decide(replace(LADDER, caps=(cap,)), facts(**TOP, complaints=value))

    assert (decision.tier, decision.held_back_by, decision.uncapped) == (tier, held, 0)


def test_the_lowest_cap_counts_and_caps_are_numbered_after_the_gates():
    scheme = replace(LADDER, gates=(Gate(0, "converted", 1),), caps=(Cap(1, "complaints", 1), Cap(3, "transfer", 1)))

    assert decide(scheme, facts(**TOP, converted=1, complaints=1, transfer=1)).tier == 3
    assert decide(scheme, facts(**TOP, converted=1, complaints=1, transfer=1)).held_back_by == (1, 2)
    assert decide(scheme, facts(**TOP, converted=1, transfer=1)).held_back_by == (2,)
    assert decide(scheme, facts(**TOP, complaints=1)).held_back_by == (1,)  # the cap put them below the gate


@pytest.mark.parametrize(("before", "after", "code"), [
    ({"spend": 100}, {"spend": 200}, "spend"), ({"tenure": 10}, {"tenure": 30}, "tenure"), ({"spend": 200},
            {"spend": 0}, "spend"),
    ({"tenure": 100, "spend": 100}, {"tenure": 0, "spend": 200}, "tenure"), ({"spend": 0, "tenure": 75},
            {"spend": 100, "tenure": 0}, "spend"),
    ({"spend": 10}, {"spend": 90}, None), ({}, {}, None),
])
def test_the_deciding_indicator_is_the_largest_change_either_way_and_of_equals_the_first(before, after, code):
    assert deciding_indicator(PLAIN, facts(**before), facts(**after)) == code


def test_the_way_up_tries_edges_gates_and_tenths_and_names_the_smallest_gain_first():
    steps = next_steps(LADDER, facts(spend=100, tenure=0))

    assert [(s.fact, s.needed, s.score, s.tier) for s in steps] == [("tenure", 50, 5000, 1), ("spend", 200, 6000, 1)]


def test_the_way_up_through_a_gate_that_carries_no_weight():
    scheme = replace(LADDER, gates=(Gate(0, "converted", 2),))
    steps = next_steps(scheme, facts(**TOP, converted=1))

    assert [(s.fact, s.needed, s.score, s.tier) for s in steps] == [("converted", 2, 10000, 0)]
    assert next_steps(scheme, facts(**TOP, converted=2)) == []


def test_a_gate_on_a_weighted_fact_is_a_value_to_try():
    scheme = replace(LADDER, gates=(Gate(0, "spend", 350),))

    assert [(s.fact, s.needed, s.tier) for s in next_steps(scheme, facts(spend=200, tenure=100))] == [("spend", 350, 0)]


RISE = Scheme(("A", "B", "C"), (8000, 2500, 0), (Indicator("spend", 100, (100, 400), (20, 80), smooth=True),))


@pytest.mark.parametrize(("value", "needed", "tier"), [(110, 130, 1), (124, 130, 1), (130, 400, 0), (370, 400, 0),
        (99, 130, 1)])
def test_on_a_curve_every_tenth_between_two_edges_is_tried_and_the_edges_too(value, needed, tier):
    step = next_steps(RISE, facts(spend=value))[0]

    assert (step.needed, step.tier) == (needed, tier) and type(step.needed) is int


def test_a_fact_nobody_knows_can_be_raised_from_nothing():
    unknown = Scheme(("A", "B"), (5000, 0), (Indicator("intent", 100, (100, 300, 500), (0, 50, 100)),))

    assert [(s.needed, s.tier) for s in next_steps(unknown, facts(known=1))] == [(300, 0)]


def test_where_two_gates_stand_in_the_way_neither_alone_is_a_way_up():
    scheme = replace(LADDER, gates=(Gate(0, "converted", 1), Gate(0, "activities", 1)))

    assert next_steps(scheme, facts(**TOP)) == []
    assert [s.fact for s in next_steps(scheme, facts(**TOP, activities=1))] == ["converted"]


def test_an_unknown_count_counts_as_none_before_a_gate():
    scheme = replace(LADDER, gates=(Gate(0, "converted", 1),))

    assert [(s.fact, s.needed) for s in next_steps(scheme, facts(**TOP, converted=None))] == [("converted", 1)]


def test_equal_gains_stand_by_name_and_smaller_gains_first():
    even = Scheme(("A", "B"), (5000, 0), (Indicator("tenure", 30, (0, 10), (0, 100)), Indicator("contacts", 30, (0,
            10), (0, 100)),
                                          Indicator("spend", 40, (0, 10), (75, 100)),))
    steps = next_steps(even, facts())

    assert [(s.fact, s.score) for s in steps] == [("contacts", 6000), ("tenure", 6000)]


def test_a_decision_without_limits_and_gaps_says_so():
    assert Decision(1, 0, 0, ())[4:] == ((), ())


def test_the_judge_of_today_is_kept_under_its_number_and_referrals_have_their_worth():
    assert JUDGES[ALGORITHM] is judge and list(JUDGES) == [1]
    assert (REFERRED, VISITED, CONVERTED) == (10, 20, 50)


def test_nobody_unrated_or_on_top_has_a_way_up():
    assert next_steps(LADDER, facts(**TOP)) == []
    assert next_steps(replace(LADDER, min_days=60), facts(spend=100, known=1)) == []


@pytest.mark.parametrize(("change", "said"), [
    ({"indicators": ()}, "至少要有一个指标。"),
    ({"indicators": (replace(PLAIN.indicators[0], weight=0), replace(PLAIN.indicators[1], weight=100))},
     "每个指标的权重要在 1 到 100 之间；不用的指标请移除。"),
    ({"indicators": (replace(PLAIN.indicators[0], weight=101),)}, "每个指标的权重要在 1 到 100 之间；不用的指标请移除。"),
    ({"indicators": (replace(PLAIN.indicators[0], weight=61), PLAIN.indicators[1])}, "权重合计 101，多了 1，要正好 100。"),
    ({"indicators": (replace(PLAIN.indicators[0], weight=58), PLAIN.indicators[1])}, "权重合计 98，少了 2，要正好 100。"),
    ({"indicators": (replace(PLAIN.indicators[0], weight=60), replace(PLAIN.indicators[0], weight=40))},
            "同一个指标用了两次。"),
    ({"labels": ("A",), "cuts": (0,)}, "等级要有 2 到 8 个，名称不能空、不能重复。"),
    ({"labels": tuple("ABCDEFGHI"), "cuts": tuple(range(8000, -1, -1000))}, "等级要有 2 到 8 个，名称不能空、不能重复。"),
    ({"labels": ("A", "")}, "等级要有 2 到 8 个，名称不能空、不能重复。"), ({"labels": ("A", "A")},
            "等级要有 2 到 8 个，名称不能空、不能重复。"),
    ({"cuts": (5000, 1)}, "缺最后一级：最低一级要从 0 分开始，不能有人落在各级之外。"),
    ({"cuts": (0,)}, "缺最后一级：最低一级要从 0 分开始，不能有人落在各级之外。"),
    ({"cuts": ()}, "缺最后一级：最低一级要从 0 分开始，不能有人落在各级之外。"),
    ({"labels": ("A", "B", "C"), "cuts": (5000, 5000, 0)}, "分数线要从高到低，一级比一级低。"),
    ({"cuts": (10001, 0)}, "最高一级的分数线超过 100 分，没有人能达到。"),
    ({"indicators": (replace(PLAIN.indicators[0], weight=100, edges=(), points=()),)}, "每一档都要有起点和得分。"),
    ({"indicators": (replace(PLAIN.indicators[0], weight=100, points=(0, 50)),)}, "每一档都要有起点和得分。"),
    ({"indicators": (replace(PLAIN.indicators[0], weight=100, edges=(0, 100, 100)),)},
            "各档的起点要从小到大，不能相同，否则会重叠。"),
    ({"indicators": (replace(PLAIN.indicators[0], weight=100, points=(0, 50, 101)),)}, "得分要在 0 到 100 之间。"),
    ({"indicators": (replace(PLAIN.indicators[0], weight=100, points=(-1, 50, 100)),)}, "得分要在 0 到 100 之间。"),
    ({"indicators": (replace(PLAIN.indicators[0], weight=100, when_missing=101),)}, "得分要在 0 到 100 之间。"),
    ({"indicators": (replace(PLAIN.indicators[0], weight=100, points=(0, 60, 50)),)}, "数值越高得分不能越低。"),
    ({"gates": (Gate(0, "horoscope", 1),)}, "门槛或封顶指向了不存在的指标或等级。"), ({"gates": (Gate(-1, "spend",
            1),)}, "门槛或封顶指向了不存在的指标或等级。"),
    ({"caps": (Cap(2, "spend", 1),)}, "门槛或封顶指向了不存在的指标或等级。"), ({"gates": (Gate(1, "spend", 1),)},
            "最低一级不能设门槛，否则有人无级可落。"),
])
def test_an_unsound_draft_is_told_exactly_what_to_put_right(change, said):
    assert [text for _, text in problems(replace(PLAIN, **change))] == [said]


@pytest.mark.parametrize("change", [
    {"cuts": (10000, 0)}, {"caps": (Cap(0, "spend", 1), Cap(1, "spend", 1))}, {"gates": (Gate(0, "known", 0),)},
    {"labels": tuple("ABCDEFGH"), "cuts": (*range(8000, 1000, -1000), 0)},
    {"indicators": (replace(PLAIN.indicators[0], weight=99), replace(PLAIN.indicators[1], weight=1))},
    {"indicators": (replace(PLAIN.indicators[0], weight=100, points=(0, 100, 100), when_missing=100),)},
])
def test_what_lies_just_inside_the_bounds_is_sound(change):
    assert problems(replace(PLAIN, **change)) == []


# -- rules stand still -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("part", [SERVICE, SERVICE.indicators[0], Gate(1, "intent", 300), Cap(1, "complaints", 1),
        Step("intent", 300, 7000, 1)],
                         ids=lambda part: type(part).__name__)
def test_a_part_of_a_scheme_cannot_be_changed_in_place(part):
    """A batch is judged by rules that are read once; whoever wants others makes others."""
    with pytest.raises(FrozenInstanceError):
        setattr(part, fields(part)[0].name, None)
