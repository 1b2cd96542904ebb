"""The judge beside a slow and simple judge of our own: whatever the scheme and the facts, they agree."""
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiering.presets import PRESETS
from tiering.rules import FACTS, POSITION, Cap, Gate, Indicator, Scheme, as_data, decide, from_data, judge, next_steps, problems

COUNTS = st.one_of(st.none(), st.integers(0, 2_000))


@st.composite
def indicators(draw):
    codes = draw(st.lists(st.sampled_from(FACTS[:10]), min_size=1, max_size=5, unique=True))
    cuts = sorted(draw(st.lists(st.integers(1, 99), min_size=len(codes) - 1, max_size=len(codes) - 1, unique=True)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    found = []
    for code, weight in zip(codes, weights, strict=True):
        edges = sorted(draw(st.lists(st.integers(0, 1_000), min_size=1, max_size=5, unique=True)))
        points = sorted(draw(st.lists(st.integers(0, 100), min_size=len(edges), max_size=len(edges))))
        found.append(Indicator(code, weight, tuple(edges), tuple(points), draw(st.booleans()),
                draw(st.integers(0, 24)), draw(st.integers(0, 100))))
    return tuple(found)


@st.composite
def schemes(draw):
    count = draw(st.integers(2, 6))
    cuts = (*sorted(draw(st.lists(st.integers(1, 10_000), min_size=count - 1, max_size=count - 1, unique=True)),
            reverse=True), 0)
    gates = tuple(Gate(draw(st.integers(0, count - 2)), draw(st.sampled_from(FACTS)),
            draw(st.integers(0, 50))) for _ in range(draw(st.integers(0, 3))))
    caps = tuple(Cap(draw(st.integers(0, count - 1)), draw(st.sampled_from(FACTS)),
            draw(st.integers(0, 50))) for _ in range(draw(st.integers(0, 2))))
    return Scheme(tuple("ABCDEF"[:count]), cuts, draw(indicators()), gates, caps, draw(st.sampled_from([0, 60])))


FACTS_OF_ONE = st.lists(COUNTS, min_size=len(FACTS), max_size=len(FACTS)).map(tuple)


# -- the slow judge --------------------------------------------------------------------------------------------------------
def slow_points(i, value):
    """Points as an exact fraction of one."""
    if value is None:
        return Fraction(i.when_missing)
    reached = [n for n, edge in enumerate(i.edges) if value >= edge]
    if not reached:
        return Fraction(0)
    at = reached[-1]
    if not i.smooth or at == len(i.edges) - 1:
        return Fraction(i.points[at])
    low, high = i.edges[at], i.edges[at + 1]
    exact = i.points[at] * 100 + Fraction((i.points[at + 1] - i.points[at]) * 100 * (value - low), high - low)
    return Fraction(exact.__floor__(), 100)


def slow_part(i, value):
    """Hundredths of a point, half up."""
    return int((i.weight * slow_points(i, value) + Fraction(1, 2)).__floor__())


def slow_tier(scheme, score):
    return next(n for n, cut in enumerate(scheme.cuts) if score >= cut)


def slow_decide(scheme, facts):
    parts = [slow_part(i, facts[POSITION[i.code]]) for i in scheme.indicators]
    tier = slow_tier(scheme, sum(parts))
    known = {name: facts[at] or 0 for name, at in POSITION.items()}
    if known["known"] < scheme.min_days:
        return sum(parts), None
    for cap in scheme.caps:
        if known[cap.fact] >= cap.least:
            tier = max(tier, cap.tier)
    for gate in sorted(scheme.gates, key=lambda g: g.tier):
        if tier <= gate.tier and known[gate.fact] < gate.least:
            tier = gate.tier + 1
    return sum(parts), tier


# -- together ----------------------------------------------------------------------------------------------------------------
@settings(max_examples=300, deadline=None)
@given(schemes(), FACTS_OF_ONE)
def test_both_judges_agree(scheme, facts):
    found = decide(scheme, facts)

    assert (found.score, found.tier) == slow_decide(scheme, facts)


@settings(max_examples=150, deadline=None)
@given(schemes())
def test_what_is_made_here_is_sound_and_survives_storing(scheme):
    assert problems(scheme) == [] and from_data(as_data(scheme)) == scheme


@settings(max_examples=150, deadline=None)
@given(schemes(), FACTS_OF_ONE)
def test_a_decision_explains_itself(scheme, facts):
    found = decide(scheme, facts)

    assert sum(found.parts) == found.score
    assert 0 <= found.score <= 10_000
    assert len(found.parts) == len(scheme.indicators)
    assert set(found.missing) == {i.code for i in scheme.indicators if facts[POSITION[i.code]] is None}
    assert found.tier is None or found.tier >= found.uncapped
    assert (found.held_back_by == ()) is (found.tier in (None, found.uncapped))


@settings(max_examples=150, deadline=None)
@given(schemes(), FACTS_OF_ONE)
def test_judging_many_is_judging_each(scheme, facts):
    decide_one = judge(scheme)

    assert [decide_one(facts) for _ in range(2)] == [decide(scheme, facts)] * 2


@settings(max_examples=100, deadline=None)
@given(schemes(), FACTS_OF_ONE)
def test_every_way_up_leads_up(scheme, facts):
    now = decide(scheme, facts)
    for step in next_steps(scheme, facts):
        changed = list(facts)
        changed[POSITION[step.fact]] = step.needed
        then = decide(scheme, tuple(changed))

        assert (then.score, then.tier) == (step.score, step.tier)
        assert then.tier < now.tier
        assert step.needed > (facts[POSITION[step.fact]] or -1)


@settings(max_examples=100, deadline=None)
@given(schemes(), FACTS_OF_ONE)
def test_without_limits_nobody_stands_lower(scheme, facts):
    open_scheme = Scheme(scheme.labels, scheme.cuts, scheme.indicators, (), (), scheme.min_days)
    held, free = decide(scheme, facts), decide(open_scheme, facts)

    assert held.score == free.score
    assert (held.tier is None) is (free.tier is None)
    assert held.tier is None or held.tier >= free.tier


@pytest.mark.parametrize("preset", [p for presets in PRESETS.values() for p in presets], ids=lambda p: f"{p.code}-{p.name}")
@given(facts=FACTS_OF_ONE)
def test_both_judges_agree_on_the_shipped_schemes(preset, facts):
    found = decide(preset.scheme, facts)

    assert (found.score, found.tier) == slow_decide(preset.scheme, facts)
