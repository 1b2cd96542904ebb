"""The sandbox by itself: what decides between two schemes, whom a draft moves, and whom it would have warned of."""
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.models import Enrolment
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.tiering.steps import SEPTEMBER, TODAY, current, scheme
from tiering.actions import draft_of, save_draft
from tiering.models import Batch, Outlook, Result, Standing
from tiering.presets import KINDERGARTEN, SERVICE
from tiering.rules import FACTS, Decision, as_data, decide
from tiering.simulate import SHOWN, backtest, deciding, simulate


def decision(*parts, held=()):
    return Decision(sum(parts), 0, 0, tuple(parts), held)


def only(rules, *codes):
    return replace(rules, indicators=tuple(i for i in rules.indicators if i.code in codes))


TWO = only(SERVICE, "spend", "tenure")


# -- what decides ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("old", "new", "decided"), [
    (decision(10, 20), decision(10, 20), ""), (decision(10, 20), decision(15, 20), "spend"), (decision(10, 20),
            decision(12, 14), "tenure"),
    (decision(10, 20), decision(20, 10), "spend"), (decision(10, 20), decision(15, 20, held=(0,)),
            ""), (decision(10, 20, held=(0,)), decision(15, 20, held=(0,)), "spend"),
])
def test_the_part_that_differs_most_decides_unless_a_limit_does(old, new, decided):
    assert deciding(TWO, old, TWO, new) == decided


def test_an_indicator_that_only_one_of_them_has_counts_whole():
    three = only(SERVICE, "spend", "frequency", "tenure")

    assert deciding(TWO, decision(10, 20), three, decision(10, 15, 20)) == "frequency"
    assert deciding(three, decision(10, 15, 20), TWO, decision(10, 20)) == "frequency"


@given(st.lists(st.integers(0, 10**6), min_size=15, max_size=15))
def test_the_same_scheme_never_decides_between_itself(values):
    facts = dict(zip(FACTS, values, strict=True)) | {"intent": 300, "satisfaction": 300, "credit": 300,
            "complexity": 300, "known": 400}
    told = decide(KINDERGARTEN, tuple(facts[name] for name in FACTS))

    assert deciding(KINDERGARTEN, told, KINDERGARTEN, told) == ""


# -- on everybody ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def miao(school, head, now):
    """Two families, and a draft whose cut-offs are far higher."""
    with tenant_scope(school):
        school.west = Campus.objects.create(code="west", name="西园")
        school.rich = makers.family("周小满", "13800138001", date(2023, 9, 1))
        school.poor = makers.family("李小树", "13800138002", date(2025, 9, 1), at=school.west)
        makers.payment(school.rich, 30_000, date(2026, 3, 1))
        school.draft = draft_of(scheme(), by=head, at=now)
        save_draft(school.draft, as_data(replace(KINDERGARTEN, cuts=(9500, 9000, 8500, 0))), by=head, at=now)
        yield school


def test_movers_are_named_with_both_tiers_scores_and_the_reason(miao):
    found = simulate(current(), miao.draft, SEPTEMBER)

    assert [(m.customer, m.before, m.after, m.decided_by,
            m.score_before == m.score_after) for m in found.movers] == [(miao.rich, "B", "D", "", True)]


def test_everybody_is_counted_in_the_matrix_and_by_campus(miao):
    found = simulate(current(), miao.draft, SEPTEMBER)

    assert (found.size, found.moved, dict(found.movement.counts)) == (2, 1, {("B", "D"): 1, ("D", "D"): 1})
    assert sorted(found.by_campus) == [("本部", 1, 1), ("西园", 0, 1)]


def test_a_campus_is_simulated_by_itself(miao):
    found = simulate(current(), miao.draft, SEPTEMBER, [miao.west.pk])

    assert (found.size, found.moved, found.by_campus) == (1, 0, [("西园", 0, 1)])


def test_nothing_is_written(miao):
    simulate(current(), miao.draft, SEPTEMBER)
    backtest(current(), miao.draft, date(2026, 6, 30), SEPTEMBER)

    assert [model.objects.count() for model in (Batch, Result, Standing, Outlook)] == [0, 0, 0, 0]


def test_who_is_not_rated_by_either_is_counted_and_does_not_move(miao):
    makers.family("新来的", "13900139000", since=date(2026, 9, 20))
    found = simulate(current(), miao.draft, SEPTEMBER)

    assert (found.size, found.moved, sum(found.movement.counts.values())) == (3, 1, 2)


def test_a_label_that_the_draft_does_not_know_comes_from_outside(miao, head, now):
    save_draft(miao.draft, as_data(replace(KINDERGARTEN, labels=("甲", "乙", "丙", "丁"))), by=head, at=now)
    found = simulate(current(), miao.draft, SEPTEMBER)

    assert dict(found.movement.counts) == {("new", "乙"): 1, ("new", "丁"): 1} and found.moved == 2


def test_a_long_list_of_movers_is_cut_and_its_length_told(miao):
    for n in range(SHOWN + 5):
        customer = makers.family(f"孩{n}", f"137{n:08d}", date(2023, 9, 1))
        makers.payment(customer, 30_000, date(2026, 3, 1))
    found = simulate(current(), miao.draft, SEPTEMBER)

    assert (len(found.movers), found.moved) == (SHOWN, SHOWN + 6)


# -- looking back ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("until_on", "outcome", "left"), [
    (date(2026, 8, 1), "transferred", 1), (date(2026, 8, 1), "withdrew", 1), (date(2026, 8, 1), "completed",
            1), (date(2026, 8, 1), "graduated", 0),
    (date(2026, 8, 1), "moved", 0), (date(2026, 6, 30), "withdrew", 0), (date(2026, 7, 1), "withdrew", 1), (SEPTEMBER,
            "withdrew", 1),
    (date(2026, 10, 1), "withdrew", 0),
])
def test_leavers_of_the_period_count_unless_they_left_naturally(miao, until_on, outcome, left):
    Enrolment.objects.filter(child__family__customer=miao.poor).update(until_on=until_on, outcome=outcome)

    assert backtest(current(), miao.draft, date(2026, 6, 30), SEPTEMBER).left == left


def test_it_is_told_how_many_each_version_had_in_its_lowest_tier(miao):
    Enrolment.objects.update(until_on=date(2026, 8, 1), outcome="withdrew")
    found = backtest(current(), miao.draft, date(2026, 6, 30), SEPTEMBER)

    assert (found.as_of, found.left, found.by_current, found.by_draft) == (date(2026, 6, 30), 2, 1, 2)


def test_where_nobody_left_there_is_nothing_to_have_known(miao):
    found = backtest(current(), miao.draft, date(2026, 6, 30), TODAY)

    assert (found.left, found.by_current, found.by_draft) == (0, 0, 0)
