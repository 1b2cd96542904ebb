"""人手和预算够不够, on generated plans too: the sum of the promises, and what lacks to the minute and the 分."""
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_levels.plans.book import Line, People, Plan, Section, Solution, Unit
from service_levels.plans.capacity import Allotted, Load, Means, Shortage, allot, load, shortages

WEEKLY = Plan("w", "每周", People.TEAM, Solution.TAILORED, 1, 60, 540, (Line(Section.CADENCE, "问候", unit=Unit.WEEK, minutes=12),))
GIFT = Plan("g", "礼物", People.NAMED, Solution.ADAPTED, 2, 60, 540,
            (Line(Section.BENEFIT, "礼物", unit=Unit.YEAR, times=2, minutes=26, fen=5_000),))


# -- what is promised --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("served", "minutes", "fen"), [
    ([], 0, 0),
    ([(WEEKLY, 0)], 0, 0),
    ([(WEEKLY, 10)], 120, 0),
    ([(GIFT, 3)], 3, 30_000),
    ([(WEEKLY, 10), (GIFT, 3)], 123, 30_000),
])
def test_the_promises_are_the_sum_over_the_customers(served, minutes, fen):
    assert load(served) == Load(Fraction(minutes), fen)


def test_hours_are_minutes_by_sixty():
    assert load([(WEEKLY, 10)]).hours_week == 2.0
    assert Means(150, 0).hours_week == 2.5
    assert Shortage("hours", Fraction(90)).hours == 1.5


# -- what lacks --------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("means", "lacking"), [
    (Means(123, 30_000), ()),
    (Means(500, 90_000), ()),
    (Means(122, 30_000), (Shortage("hours", Fraction(1)),)),
    (Means(123, 29_999), (Shortage("fen", 1),)),
    (Means(0, 0), (Shortage("hours", Fraction(123)), Shortage("fen", 30_000))),
])
def test_what_lacks_is_told_exactly(means, lacking):
    assert shortages(load([(WEEKLY, 10), (GIFT, 3)]), means) == lacking


LINES = st.builds(
    Line, st.just(Section.EVENT), st.just("x"), unit=st.sampled_from(Unit), times=st.integers(1, 12), minutes=st.integers(0, 600),
    fen=st.integers(0, 50_000))
PLANS = st.builds(lambda lines, priority: replace(GIFT, lines=tuple(lines), priority=priority), st.lists(LINES, max_size=4), st.integers(1, 4))
SERVED = st.lists(st.tuples(PLANS, st.integers(0, 500)), max_size=5)


def slowly(served) -> tuple[Fraction, int]:
    """Line by line, each time it falls due."""
    minutes = fen = 0
    for plan, count in served:
        for line in plan.lines:
            for _time in range(line.a_year):
                minutes += line.minutes * count
                fen += line.fen * count
    return Fraction(minutes, 52), fen


@given(SERVED)
def test_it_is_what_counting_each_time_comes_to(served):
    found = load(served)

    assert (found.minutes_week, found.fen_year) == slowly(served)


@given(SERVED, st.integers(0, 10_000), st.integers(0, 10_000_000))
def test_nothing_lacks_once_the_shortage_is_made_up(served, minutes, fen):
    needed, means = load(served), Means(minutes, fen)
    more = {one.what: one.by for one in shortages(needed, means)}
    hours = minutes + -(-more.get("hours", 0) // 1)  # minutes are whole

    assert shortages(needed, Means(int(hours), fen + more.get("fen", 0))) == ()


@given(SERVED, st.integers(0, 10_000), st.integers(0, 10_000_000))
def test_more_means_never_lack_more(served, minutes, fen):
    needed = load(served)
    fewer = {one.what for one in shortages(needed, Means(minutes + 60, fen + 1000))}

    assert fewer <= {one.what for one in shortages(needed, Means(minutes, fen))}


# -- equipment ---------------------------------------------------------------------------------------------------------------------
EYES = Plan("e", "查视力", People.NAMED, Solution.TAILORED, 1, 60, 540, (
    Line(Section.CONTENT, "查视力", unit=Unit.QUARTER, tool="检测仪"), Line(Section.CONTENT, "复查", unit=Unit.YEAR, times=9, tool="检测仪"),
    Line(Section.PROCESS, "一直备着", tool="轮椅")))


def test_each_piece_of_equipment_is_taken_as_often_as_lines_fall_due():
    assert EYES.tools_a_year == {"检测仪": 13}  # what simply holds takes none
    assert load([(EYES, 8), (WEEKLY, 3)]).tools_week == {"检测仪": Fraction(2)}


@pytest.mark.parametrize(("there", "lacking"), [
    ({"检测仪": 2}, ()),
    ({"检测仪": 1, "轮椅": 5}, (Shortage("tool", Fraction(1), "检测仪"),)),
    ({}, (Shortage("tool", Fraction(2), "检测仪"),)),
])
def test_equipment_that_lacks_is_named(there, lacking):
    found = shortages(load([(EYES, 8)]), Means(0, 0, there))

    assert found == lacking
    assert [one.times for one in found] == [float(one.by) for one in lacking]


def test_loads_add_up_tool_by_tool():
    one, two = Load(1, 2, {"a": Fraction(1)}), Load(3, 4, {"a": Fraction(1), "b": Fraction(2)})

    assert one + two == Load(4, 6, {"a": Fraction(2), "b": Fraction(2)}) == two + one


# -- who comes first ---------------------------------------------------------------------------------------------------------------
ONE = Fraction(1)


def test_what_there_is_goes_to_the_plans_put_first():
    found = allot([(GIFT, 3), (WEEKLY, 10)], Means(120, 15_000))

    assert found == [Allotted(1, ("每周",), 10, ONE, ONE, ONE), Allotted(2, ("礼物",), 3, Fraction(0), Fraction(1, 2), ONE)]
    assert [one.is_kept for one in found] == [True, False]


def test_plans_of_one_priority_share_what_is_left():
    other = replace(WEEKLY, code="o", name="另一个")

    assert allot([(WEEKLY, 5), (other, 5)], Means(60, 0)) == [Allotted(1, ("每周", "另一个"), 10, Fraction(1, 2), ONE, ONE)]


def test_equipment_goes_to_them_first_too():
    later = replace(EYES, code="l", name="后来的", priority=3)

    found = allot([(later, 8), (EYES, 8)], Means(0, 0, {"检测仪": 3}))

    assert [(one.priority, one.tools) for one in found] == [(1, ONE), (3, Fraction(1, 2))]


def test_where_nobody_is_served_there_is_nothing_to_share():
    assert allot([], Means(1, 1)) == [] and allot([(WEEKLY, 0)], Means(1, 1)) == []


@given(SERVED, st.integers(0, 10_000), st.integers(0, 10_000_000))
def test_nobody_is_served_while_somebody_before_them_lacks(served, minutes, fen):
    found = allot(served, Means(minutes, fen))

    for before, after in zip(found, found[1:], strict=False):
        for name in ("hours", "fen"):
            needs = any(plan.priority == after.priority and count and (plan.minutes_a_week if name == "hours" else plan.fen_a_year) for plan, count in served)
            assert getattr(before, name) == 1 or getattr(after, name) == 0 or not needs


@given(SERVED, st.integers(0, 10_000), st.integers(0, 10_000_000))
def test_no_more_is_given_than_there_is(served, minutes, fen):
    given_out = Fraction(0)
    for one in allot(served, Means(minutes, fen)):
        given_out += one.hours * load([(plan, count) for plan, count in served if plan.priority == one.priority]).minutes_week

    assert given_out <= minutes


@given(SERVED, st.integers(0, 10_000), st.integers(0, 10_000_000))
def test_all_is_kept_where_nothing_lacks_and_only_there(served, minutes, fen):
    means = Means(minutes, fen)

    assert all(one.is_kept for one in allot(served, means)) is (shortages(load(served), means) == ())
