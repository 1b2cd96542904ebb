"""The briefing: what a parent asked for becomes points, things to take along, areas to stress; health first."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.briefing import age_at, brief


@dataclass(frozen=True)
class Rule:
    need: str
    say: str = ""
    bring: str = ""
    area: str = ""


ALLERGY = Rule("过敏", "讲分餐台", "过敏餐流程", "餐厅")
MEALS = Rule("吃饭", "一周食谱", "一周食谱", "餐厅")
NAP = Rule("午睡", "一人一床", "作息表", "休息区")
RULES = [MEALS, ALLERGY, NAP]


def test_health_comes_before_what_was_ticked():
    made = brief({"needs": ["午睡", "吃饭和过敏"], "special": "花生过敏"}, RULES)

    assert made.points == (ALLERGY, NAP, MEALS)
    assert (made.bring, made.areas, made.unanswered) == (
        ("过敏餐流程", "作息表", "一周食谱"),
        ("餐厅", "休息区"),
        (),
    )


def test_what_no_rule_answers_is_shown_as_it_was_told():
    made = brief({"needs": ["接送时间"], "special": "要坐轮椅", "course": "托小班"}, RULES)

    assert (made.points, made.unanswered) == ((), ("要坐轮椅", "接送时间", "托小班"))


def test_nothing_asked_is_nothing_to_say():
    assert brief({}, RULES) == brief({"needs": [], "special": ""}, RULES)
    assert brief({}, RULES).points == ()


@given(
    st.lists(st.sampled_from(["午睡", "吃饭", "过敏", "费用", "x"]), max_size=8),
    st.sampled_from(["", "花生过敏", "夜里哭"]),
)
def test_everything_asked_is_either_answered_or_shown(needs, special):
    made = brief({"needs": needs, "special": special}, RULES)

    asked = [text for text in [special, *needs] if text]
    assert all(text in made.unanswered or any(point.need in text for point in made.points) for text in asked)
    assert len(set(made.points)) == len(made.points) and "" not in made.bring + made.areas


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("2024-05", (2, 6)),
        ("2026-11", (0, 0)),
        ("2025-12", (0, 11)),
        ("2026-12", None),
        ("1990-01", None),
        ("", None),
        ("x-y", None),
        ("2024", None),
    ],
)
def test_the_age_in_years_and_months(born, age):
    assert age_at(born, date(2026, 11, 27)) == age
