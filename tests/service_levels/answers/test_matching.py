"""What somebody's words come near to: pairs of characters, weighed by how rare they are."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_levels.answers.matching import MOST, Known, near, pairs

FAQ = [Known(1, "请假几天，餐费怎么退", "伙食费，退餐费"), Known(2, "早上几点开门，晚上几点关门", "接送时间"), Known(3, "孩子过敏，午餐怎么安排", "忌口，过敏"),
       Known(4, "被子多久换洗一次", "床品"), Known(5, "兴趣班怎么报名", "特色课")]


@pytest.mark.parametrize(("text", "first"), [
    ("孩子请假三天，餐费退不退？", 1),
    ("伙食费能退吗", 1),
    ("晚上几点关门啊", 2),
    ("我家娃对花生过敏", 3),
    ("接送时间是什么时候", 2),
    ("想给孩子报兴趣班", 5),
    ("床品自己带吗", 4),
    ("請假三天，餐費退不退", 1),
    ("對花生過敏怎麼辦", 3),
])
def test_the_question_that_is_meant_comes_first(text, first):
    assert near(text, FAQ)[:1] == [first]


@pytest.mark.parametrize("text", ["老师打了我的孩子", "你好", "", "。！？", "👧🏻", "怎么"])
def test_what_comes_near_to_nothing_finds_nothing(text):
    assert near(text, FAQ) == []


@pytest.mark.parametrize(("text", "found"), [
    ("请假，退费", {"请假", "退费"}),
    ("ＡＢ c", {"ab", "c"}),
    ("", set()),
    ("好", {"好"}),
    ("12:30", {"12", "30"}),
    ("餐費", {"餐费"}),
])
def test_pairs_are_of_letters_and_digits_that_stand_side_by_side(text, found):
    assert pairs(text) == found


@given(st.text(max_size=200))
def test_any_words_find_at_most_three_of_what_there_is(text):
    found = near(text, FAQ)

    assert len(found) <= MOST and set(found) <= {1, 2, 3, 4, 5} and len(set(found)) == len(found)


@given(st.sampled_from(FAQ))
def test_a_question_finds_itself(one):
    assert near(one.question, FAQ)[0] == one.pk


@given(st.permutations(FAQ))
def test_the_order_of_what_is_known_changes_nothing(known):
    assert near("请假退餐费", known) == near("请假退餐费", FAQ)


def test_what_is_asked_in_simplified_is_found_in_traditional():
    assert near("请假餐费怎么退", [Known(1, "請假幾天，餐費怎麼退"), Known(2, "被子多久換洗一次")]) == [1]


def test_a_school_without_questions_finds_nothing():
    assert near("请假退餐费", []) == []
