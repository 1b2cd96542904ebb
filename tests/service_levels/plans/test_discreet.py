"""不提等级: words that would tell a family what the school thinks of it are found, and others are left in peace."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_levels.plans.discreet import Difference, difference, given_away, names_a_label
from service_levels.plans.presets import BY_SCHEME

WORDS = st.lists(st.sampled_from(["由专人对接", "家长讲座", "一小时内答复", "小礼物"]), unique=True)


@pytest.mark.parametrize("text", [
    "您是 A 级家庭", "升到B级了", "ｄ级专属", "一级客户享有", "您属于 3 类客户", "您的等级变了", "分级服务", "挽回方案", "为了挽留您", "流失预警",
    "风险降下来了", "重点客户", "评级结果", "定级为优", "客户价值评分",
])
def test_a_label_is_found(text):
    assert names_a_label(text)


@pytest.mark.parametrize("text", [
    "由专人对接，有事只找这一位", "客户经理", "一小时内答复，当天解决", "二楼的兴趣班", "升班到大一班", "A 班的亲子活动", "家长讲座", "", "级别不限",
    "一年级衔接课",
])
def test_other_words_are_left_in_peace(text):
    assert not names_a_label(text)


@pytest.mark.parametrize(("text", "word"), [
    ("您家是 D 级", "D 级"), ("您是d类客户", "d类"), ("一级客户优先", "一级"), ("您有流失风险", "流失"), ("我们想挽留您", "挽留"), ("重点客户优先", "重点客户"),
    ("客户等级变了", "客户等级")])
def test_an_answer_that_gives_a_family_away_is_found_by_its_word(text, word):
    assert given_away(text) == word


@pytest.mark.parametrize("text", ["滑梯的风险排查过了", "一级教师带班", "分级阅读的书到了", "二类疫苗自愿接种", "大班级的孩子", "上了三级台阶", "A 班"])
def test_in_an_answer_more_may_be_said_than_on_a_plan(text):
    assert given_away(text) == ""


@pytest.mark.parametrize("line", [line.text for book in BY_SCHEME.values() for plan in book.plans for line in plan.told])
def test_nothing_that_is_shipped_for_families_names_a_label(line):
    assert not names_a_label(line)


# -- what is news ------------------------------------------------------------------------------------------------------------------
def test_what_came_and_what_went_is_told_apart_in_order():
    assert difference(["甲", "乙", "丙"], ["丁", "乙", "戊"]) == Difference(("丁", "戊"), ("甲", "丙"))


@given(had=WORDS, has=WORDS)
def test_no_news_is_on_both_sides_and_all_of_it_is_on_one(had, has):
    found = difference(had, has)

    assert set(found.came) == set(has) - set(had) and set(found.gone) == set(had) - set(has)


@given(had=WORDS, has=WORDS)
def test_there_and_back_again_is_the_other_way_round(had, has):
    there, back = difference(had, has), difference(has, had)

    assert (set(there.came), set(there.gone)) == (set(back.gone), set(back.came))


@given(had=WORDS)
def test_what_stays_is_no_news(had):
    assert difference(had, had) == Difference((), ())
