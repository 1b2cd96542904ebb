"""Codes of the refund rules as words."""
import pytest

from churn.refunds.rules import METHODS
from churn.templatetags.refund_words import fee_group, pack_name, refund_lacks, refund_method


@pytest.mark.parametrize("code", [*METHODS, "cooling_off"])
def test_every_method_has_its_word(code):
    assert refund_method(code) != ""


@pytest.mark.parametrize("code", ["lessons", "period", "absent", "attendance"])
def test_every_figure_that_can_lack_has_its_sentence(code):
    assert refund_lacks(code) != ""


@pytest.mark.parametrize(("code", "word"), [("tuition", "学费 / 保教费"), ("other", "其他")])
def test_groups_of_fees_by_name(code, word):
    assert fee_group(code) == word


@pytest.mark.parametrize(("code", "word"), [("hefei", "合肥幼儿园"), ("", "自己写的条款"), ("gone", "自己写的条款")])
def test_packs_by_name(code, word):
    assert pack_name(code) == word


def test_what_nobody_knows_is_empty():
    assert refund_method("x") == refund_lacks("x") == ""
