"""The rules as they are typed: every mistake is named at its sign, and what is shown reads back as what it was."""
import pytest
from hypothesis import given

from churn.risk.forms import WeightsForm, typed
from churn.risk.rules import SHIPPED, Weights
from tests.churn.risk.test_rules import weights as any_weights


def form(weights=SHIPPED, **changes) -> WeightsForm:
    words = {name: str(value) for name, value in typed(weights, 0).items()} | changes
    return WeightsForm({name: value for name, value in words.items() if value is not None})


def errors(**changes) -> list[str]:
    filled = form(**changes)
    return [str(error) for errors in filled.errors.values() for error in errors]


def test_what_is_shown_reads_back_as_what_it_was():
    shown = form()

    assert shown.is_valid() and shown.weights() == SHIPPED


@given(weights=any_weights())
def test_any_rules_of_three_steps_and_counted_from_zero_read_back(weights):
    three = Weights({code: rows[:3] for code, rows in weights.steps.items() if min(bound for bound, _p in rows) >= 0},
            weights.watch, weights.high)
    tenths = Weights({code: tuple((bound // 10 * 10, p) for bound, p in rows) if code in ("lapsed",
            "satisfaction") else rows
                      for code, rows in three.steps.items()}, three.watch, three.high)
    shown = form(tenths)

    assert not shown.is_valid() or shown.weights() == tenths


def test_a_sign_whose_row_is_emptied_is_not_looked_at():
    emptied = form(run_0_at="", run_0_points="", run_1_at="", run_1_points="", run_2_at="", run_2_points="")

    assert emptied.is_valid() and "run" not in emptied.weights().steps


@pytest.mark.parametrize(("changes", "said"), [
    ({"run_0_points": ""}, "“连续缺勤”有一格只填了一半：到多少、加几分，要么都填，要么都空着。"),
    ({"run_0_at": "9"}, "“连续缺勤”要从轻到重：从左到右数字和分数都要一格比一格大。"),
    ({"lessons_0_at": "2"}, "“课时快用完”越少越重：从左到右数字要一格比一格小，分数一格比一格大。"),
    ({"watch": "60"}, "高风险的分数要比留意的高。"),
    ({"run_0_at": "三"}, "输入一个数字。"),
    ({"run_0_points": "1.5"}, "输入整数。"),
    ({"run_0_points": "101"}, "确保该值小于或等于100。"),
])
def test_a_mistake_is_named(changes, said):
    assert errors(**changes) == [said]


def test_the_page_has_a_row_for_each_sign_with_its_faults():
    rows = form(run_0_at="9", run_1_points="").rows()

    faulty = {str(row["name"]): row["faults"] for row in rows if row["faults"]}

    assert list(faulty) == ["连续缺勤"]
    assert len(rows) == 11
    assert all(len(row["pairs"]) == 3 for row in rows)


def test_a_form_that_nobody_filled_has_no_faults():
    assert [row["faults"] for row in WeightsForm(initial=typed(SHIPPED, 3)).rows()] == [[]] * 11


@pytest.mark.parametrize(("sign", "shown"), [
    ("satisfaction", "3"),
    ("lapsed", "1.5"),
    ("missed", "15"),
])
def test_hundredths_are_shown_with_a_point(sign, shown):
    assert typed(SHIPPED, 0)[f"{sign}_0_at"] == shown
