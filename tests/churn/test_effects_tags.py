"""Marks of effects in templates."""
from datetime import date

import pytest

from churn.measures.verdict import Count
from churn.templatetags.effects import counted, days_until, signed, verdict


@pytest.mark.parametrize(("share", "shown"), [
    (0.14, "+14.0"),
    (-0.008, "−0.8"),
    (0, "0.0"),
    (0.00004, "0.0"),
    (-0.00004, "0.0"),
    (1.0, "+100.0"),
    (None, "–"),
])
def test_percentage_points_carry_their_sign(share, shown):
    assert signed(share) == shown


@pytest.mark.parametrize(("count", "shown"), [
    (Count(0, 0), "–"),
    (Count(3, 10), "30.0%（3/10）"),
    (Count(29, 29), "100.0%（29/29）"),
    (Count(30, 40), "75.0%"),
    (Count(1, 30), "3.3%"),
])
def test_fewer_than_thirty_are_never_a_per_cent_without_their_counts(count, shown):
    assert counted(count) == shown


@pytest.mark.parametrize(("code", "mark", "word"), [
    ("effective", "✓", "有效"),
    ("ineffective", "✗", "无效"),
    ("too_few", "···", "样本不足"),
    ("", "", ""),
    ("x", "", ""),
])
def test_a_verdict_is_a_shape_and_a_word(code, mark, word):
    shown = verdict(code)

    assert mark in shown and word in shown


def test_days_between_two_days():
    assert days_until(date(2026, 11, 16), date(2026, 11, 20)) == 4
