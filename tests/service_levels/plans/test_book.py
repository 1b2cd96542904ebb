"""方案册: the plan of every tier at every risk, what a plan takes, what differs, and what keeps a version from being used."""
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.risk.rules import Band
from service_levels.plans.book import (
    BANDS,
    Book,
    Line,
    Occasion,
    People,
    Plan,
    Section,
    Solution,
    Unit,
    aligned,
    as_data,
    change,
    from_data,
    problems,
)
from service_levels.plans.presets import KINDERGARTEN

CALL = Line(Section.CADENCE, "问候", "K29(a)", Unit.WEEK, minutes=12, by=("phone",))
GIFT = Line(Section.BENEFIT, "小礼物", "K19(b)", Unit.YEAR, 2, minutes=10, fen=5_000, told=True)
WORDS = Line(Section.CONTENT, "听意见", "K29(d)")
CARE = Plan("care", "关怀", People.NAMED, Solution.ADAPTED, 2, 120, 540, (CALL, GIFT, WORDS))
SELF = Plan("self", "自助", People.SELF, Solution.BASIC, 4, 1080, 2700)
BOOK = Book(("A", "B"), (CARE, SELF), (("care", "care", "care"), ("self", "self", "care"), ("self", "self", "care")))


# -- what is owed to whom ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("label", "band", "code"), [
    ("A", "low", "care"),
    ("A", "high", "care"),
    ("B", "low", "self"),
    ("B", "watch", "self"),
    ("B", "high", "care"),
    ("B", "", "self"),
    ("", "low", "self"),
    ("", "high", "care"),
    ("Z", "low", "self"),
])
def test_a_tier_at_a_risk_has_its_plan_and_who_is_not_rated_has_the_other(label, band, code):
    assert BOOK.owed(label, band).code == code


def test_every_cell_is_told_once_and_those_not_rated_last():
    assert list(BOOK.pairs()) == [
        ("A", "low", "care"), ("A", "watch", "care"), ("A", "high", "care"),
        ("B", "low", "self"), ("B", "watch", "self"), ("B", "high", "care"),
        ("", "low", "self"), ("", "watch", "self"), ("", "high", "care")]


def test_the_columns_are_the_bands_of_the_risk():
    assert list(BANDS) == [Band.LOW, Band.WATCH, Band.HIGH]


def test_a_plan_that_is_not_in_the_book_is_an_error_of_ours():
    with pytest.raises(KeyError):
        BOOK.plan("gold")


# -- what a plan takes -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("line", "times"), [
    (CALL, 52),
    (GIFT, 2),
    (WORDS, 0),
    (replace(CALL, unit=Unit.MONTH), 12),
    (replace(CALL, unit=Unit.QUARTER, times=3), 12),
])
def test_how_often_a_line_falls_due_in_a_year(line, times):
    assert line.a_year == times


def test_a_plan_takes_the_sum_of_its_lines():
    assert CARE.minutes_a_year == 52 * 12 + 2 * 10
    assert CARE.minutes_a_week == Fraction(644, 52)
    assert CARE.fen_a_year == 10_000


def test_a_plan_without_lines_takes_nothing():
    assert (SELF.minutes_a_year, SELF.minutes_a_week, SELF.fen_a_year) == (0, 0, 0)


def test_the_lines_of_a_part_keep_their_order():
    twice = replace(CARE, lines=(GIFT, CALL, replace(GIFT, text="感谢信")))

    assert [line.text for line in twice.of(Section.BENEFIT)] == ["小礼物", "感谢信"]
    assert twice.of(Section.EVENT) == ()


# -- what is different -------------------------------------------------------------------------------------------------------------
def test_from_one_plan_to_another_lines_come_and_go():
    found = change(SELF, CARE)

    assert (found.came, found.gone, found.targets) == ((CALL, GIFT, WORDS), (), True)
    assert found.told == (GIFT,)


def test_going_back_takes_them_away_and_tells_nothing():
    found = change(CARE, SELF)

    assert (found.came, found.gone) == ((), (CALL, GIFT, WORDS))
    assert found.told == ()


def test_the_same_plan_changes_nothing():
    found = change(CARE, CARE)

    assert (found.came, found.gone, found.targets) == ((), (), False)


def test_who_had_nothing_gets_everything():
    assert change(None, CARE).came == CARE.lines


@pytest.mark.parametrize(("field", "value"), [("respond", 60), ("resolve", 900)])
def test_other_targets_are_a_change_too(field, value):
    found = change(CARE, replace(CARE, **{field: value}))

    assert (found.came, found.gone, found.targets) == ((), (), True)


# -- what keeps it from being used ---------------------------------------------------------------------------------------------------
def test_a_sound_book_has_no_problems():
    assert problems(BOOK) == []


def with_care(**changes) -> Book:
    return replace(BOOK, plans=(replace(CARE, **changes), SELF))


@pytest.mark.parametrize(("book", "where", "said"), [
    (replace(BOOK, plans=()), "plans", "1 到 12 个"),
    (replace(BOOK, plans=(CARE, SELF, replace(CARE, name="又一个"))), "plans", "不能同名"),
    (replace(BOOK, plans=(CARE, SELF, replace(CARE, code="x"))), "plans", "不能同名"),
    (replace(BOOK, cells=(("care", "care", "care"),)), "cells", "都要选"),
    (replace(BOOK, cells=BOOK.cells[:2]), "cells", "都要选"),
    (replace(BOOK, cells=(("care", "care"), ("self", "self"), ("self", "self"))), "cells", "都要选"),
    (replace(BOOK, cells=(("care", "care", "gold"), *BOOK.cells[1:])), "cells", "都要选"),
    (replace(BOOK, cells=(*BOOK.cells[:2], ("self", "self", "gold"))), "cells", "都要选"),
    (with_care(name=" "), "plan-care", "名称"),
    (with_care(priority=0), "plan-care", "优先级"),
    (with_care(priority=5), "plan-care", "优先级"),
    (with_care(respond=0), "plan-care", "先有答复"),
    (with_care(respond=600), "plan-care", "先有答复"),
    (with_care(resolve=60 * 24 * 30 + 1), "plan-care", "先有答复"),
    (with_care(lines=(WORDS,) * 61), "plan-care", "最多 60 条"),
    (with_care(lines=(WORDS, replace(WORDS, text=" "))), "plan-care-1", "写做什么"),
    (with_care(lines=(replace(GIFT, times=0),)), "plan-care-0", "次数"),
    (with_care(lines=(replace(GIFT, times=61),)), "plan-care-0", "次数"),
    (with_care(lines=(replace(GIFT, minutes=-1),)), "plan-care-0", "用时"),
    (with_care(lines=(replace(GIFT, minutes=601),)), "plan-care-0", "用时"),
    (with_care(lines=(replace(GIFT, fen=-1),)), "plan-care-0", "花费"),
    (with_care(lines=(replace(GIFT, fen=10_000_001),)), "plan-care-0", "花费"),
    (with_care(lines=(replace(CALL, unit=Unit.ALWAYS),)), "plan-care-0", "多久一次"),
    (with_care(lines=(replace(GIFT, text="A 级家庭的小礼物"),)), "plan-care-0", "不能提等级"),
    (with_care(letter="您升到一级了，"), "plan-care", "不能提等级"),
])
def test_what_is_wrong_is_said_where_it_is(book, where, said):
    found = dict(problems(book))

    assert next(iter(found)) == where
    assert said in found[where]


# -- as data -------------------------------------------------------------------------------------------------------------------------
LINES = st.builds(
    Line, st.sampled_from(Section), st.text(max_size=20), st.sampled_from(["", "K16(a)", "S9"]), st.sampled_from(Unit), st.integers(1, 60),
    st.integers(0, 600), st.integers(0, 10_000), st.lists(st.sampled_from(["phone", "wechat", "face"]), max_size=3).map(tuple),
    st.booleans(), st.booleans())
PLANS = st.builds(
    Plan, st.sampled_from(["a", "b", "c"]), st.text(min_size=1, max_size=8), st.sampled_from(People), st.sampled_from(Solution),
    st.integers(1, 4), st.integers(1, 500), st.integers(500, 5000), st.lists(LINES, max_size=5).map(tuple))


@given(st.lists(PLANS, min_size=1, max_size=4).map(tuple), st.lists(st.sampled_from("ABCD"), unique=True, max_size=4).map(tuple))
def test_a_book_comes_back_from_its_data_as_it_was(plans, labels):
    book = Book(labels, plans, tuple((plans[0].code,) * 3 for _label in (*labels, "")))

    assert from_data(as_data(book)) == book


@given(PLANS, PLANS)
def test_what_came_and_went_makes_one_plan_of_the_other(before, after):
    found = change(before, after)
    kept = [line for line in before.lines if line not in found.gone]

    assert set(kept) | set(found.came) == set(after.lines)
    assert not set(found.came) & set(before.lines) and not set(found.gone) & set(after.lines)


@given(PLANS)
def test_a_plan_costs_no_less_for_one_more_line(plan):
    more = replace(plan, lines=(*plan.lines, GIFT))

    assert more.minutes_a_year - plan.minutes_a_year == 20
    assert more.fen_a_year - plan.fen_a_year == 10_000


# -- keeping in touch ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("line", "keeps"), [
    (Line(Section.CADENCE, "x", unit=Unit.WEEK), True),
    (Line(Section.CADENCE, "x", unit=Unit.ALWAYS), False),
    (Line(Section.BENEFIT, "x", unit=Unit.YEAR), False),
    (Line(Section.BENEFIT, "x", unit=Unit.YEAR, occasion=Occasion.THANKS), True),
    (Line(Section.CONTENT, "x", unit=Unit.MONTH), False),
    (Line(Section.EVENT, "x", unit=Unit.YEAR, occasion=Occasion.FESTIVAL), True),
])
def test_which_lines_make_somebody_owe_a_contact(line, keeps):
    assert line.keeps_in_touch is keeps


@pytest.mark.parametrize(("line", "key"), [
    (Line(Section.CADENCE, "每周问候", "K29(a)"), "K29(a)"),
    (Line(Section.CADENCE, "自己加的"), "自己加的"),
])
def test_a_line_is_known_by_its_row_of_the_rule_else_by_its_words(line, key):
    assert line.key == key


@pytest.mark.parametrize(("source", "occasion"), [
    ("K19(a)", Occasion.THANKS),
    ("K19(b)", Occasion.THANKS),
    ("K19(c)", Occasion.FESTIVAL),
    ("K19(d)", Occasion.ANNIVERSARY),
    ("K19(e)", Occasion.GIFT),
    ("K26(a)", Occasion.BIRTHDAY),
    ("K26(b)", Occasion.PROGRESS),
    ("K29(a)", Occasion.RHYTHM),
    ("", Occasion.RHYTHM),
])
def test_a_book_from_before_occasions_is_read_with_those_of_its_rows(source, occasion):
    """Versions are never edited: what they do not say is read from the row of the written rule."""
    data = as_data(Book((), (Plan("x", "x", People.POOL, Solution.BASIC, 1, 1, 1, (Line(Section.CADENCE, "x", source, Unit.YEAR),)),), (("x",) * 3,)))
    del data["plans"][0]["lines"][0]["occasion"]

    assert from_data(data).plans[0].lines[0].occasion is occasion


def test_a_book_from_before_openings_is_read_without_any():
    data = as_data(BOOK)
    del data["plans"][0]["letter"]

    assert from_data(data) == BOOK


def test_what_colleagues_say_among_themselves_may_name_a_tier():
    assert problems(with_care(lines=(replace(GIFT, text="A 级家庭先安排", told=False),))) == []


def test_what_a_family_may_know_of_is_what_is_told():
    assert replace(CARE, lines=(GIFT, WORDS)).told == (GIFT,)


# -- when the scheme's tiers change -----------------------------------------------------------------------------------------------
def test_a_new_tier_begins_as_who_is_not_rated_and_the_others_keep_their_rows():
    found = aligned(KINDERGARTEN, ("A", "B", "C", "D", "E"))

    assert found.labels == ("A", "B", "C", "D", "E")
    assert found.cells == (*KINDERGARTEN.cells[:4], KINDERGARTEN.cells[4], KINDERGARTEN.cells[4])
    assert problems(found) == []


def test_a_tier_that_is_gone_goes_with_its_row_whatever_the_order():
    found = aligned(KINDERGARTEN, ("D", "A"))

    assert found.cells == (KINDERGARTEN.cells[3], KINDERGARTEN.cells[0], KINDERGARTEN.cells[4])


def test_the_same_tiers_are_the_same_book():
    assert aligned(KINDERGARTEN, KINDERGARTEN.labels) == KINDERGARTEN


def test_a_book_from_before_there_was_equipment_is_read():
    data = as_data(KINDERGARTEN)
    for plan in data["plans"]:
        for line in plan["lines"]:
            del line["tool"]

    assert from_data(data) == KINDERGARTEN
