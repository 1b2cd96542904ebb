"""Template words: tiers, money, shares and days as they are written on a page."""
from datetime import date
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tenancy.templatetags import mp
from tiering.stays import Rate


def drawn(source, **values):
    return Template(source).render(Context(values)).strip()


@pytest.mark.parametrize(("fen", "text"), [
    (0, "0 元"), (100, "1 元"), (1_864_000, "18,640 元"), (1_864_050, "18,640.50 元"), (5, "0.05 元"), (-120_000,
            "-1,200 元"), (None, "–"),
])
def test_money_is_shown_in_yuan_with_fen_only_where_there_are_any(fen, text):
    assert mp.yuan(fen) == text


@given(st.integers(-(10**12), 10**12))
def test_no_fen_is_lost_on_the_way_to_the_page(fen):
    shown = mp.yuan(fen).removesuffix(" 元").replace(",", "")

    assert Decimal(shown) * 100 == fen


@pytest.mark.parametrize(("share", "text"), [(0, "0.0%"), (0.5, "50.0%"), (1, "100.0%"), (0.3333, "33.3%"),
        (Decimal("0.125"), "12.5%"), (None, "–")])
def test_a_share_has_one_decimal(share, text):
    assert mp.percent(share) == text


@pytest.mark.parametrize(("value", "text"), [(74.5, "74.5"), (0, "0.0"), ("3.25", "3.2"), (Decimal("99.95"), "100.0"),
        (None, "–")])
def test_points_have_one_decimal(value, text):
    assert mp.points(value) == text


@pytest.mark.parametrize(("day", "text"), [
    (date(2026, 10, 13), "10-13 周二"), (date(2026, 1, 4), "01-04 周日"), (date(2026, 11, 23), "11-23 周一"), (None, ""),
])
def test_a_day_is_shown_with_its_weekday(day, text):
    assert mp.day(day) == text


@pytest.mark.parametrize(("language", "text"), [("zh-hans", "10-13 周二"), ("zh-hant", "10-13 週二"), ("en", "10-13 Tue")])
def test_the_weekday_is_in_the_readers_language(language, text):
    with translation.override(language):
        assert mp.day(date(2026, 10, 13)) == text


@pytest.mark.parametrize(("label", "step"), [("A", "a"), ("D", "d"), ("1", "a"), ("4", "d"), ("", "none"), ("重点",
        "none")])
def test_each_label_has_its_step_of_lightness(label, step):
    assert mp.step(label) == step


@pytest.mark.parametrize("label", ["A", "B", "C", "D", "1", "4"])
def test_a_badge_can_be_read_without_colour(label):
    badge = drawn("{% tier label %}", label=label)

    assert label in badge and "<" in badge


def test_who_has_no_tier_gets_a_quiet_badge():
    assert "none" in drawn("{% tier label %}", label="")


def test_a_badge_escapes_its_label():
    assert "<script>" not in drawn("{% tier label %}", label="<script>")


@pytest.mark.parametrize(("share", "width"), [(0, "0.00"), (0.5, "50.00"), (1, "100.00"), (7, "100.00"), (-1, "0.00")])
def test_a_bar_never_leaves_its_track(share, width):
    assert f'width="{width}' in drawn("{% bar share %}", share=share)


def test_a_bar_needs_no_inline_style():
    assert "style=" not in drawn("{% bar 0.5 'a' '一半' %}")


@pytest.mark.parametrize(("mapping", "key", "value"), [({"a": 1}, "a", 1), ({"a": 1}, "b", None), ([7, 8], 1, 8)])
def test_a_value_is_got_by_key_or_position(mapping, key, value):
    assert mp.get(mapping, key) == value


@pytest.mark.parametrize(("rate", "text"), [(Rate(9, 10), "90.0%"), (Rate(0, 0), "–"), (None, "–")])
def test_a_rate_without_counts_is_a_dash(rate, text):
    assert mp.share(rate) == text


@pytest.mark.parametrize(("part", "whole", "ratio"), [(1, 4, 0.25), (0, 4, 0.0), (1, 0, 0.0)])
def test_a_ratio_of_nothing_is_nothing(part, whole, ratio):
    assert mp.ratio(part, whole) == ratio


def test_small_sums_of_drawing_are_text_with_one_decimal():
    assert (mp.add_num(1.25, 2), mp.times(1.5, 3), mp.half(12), mp.total([1, 2, 3])) == ("3.2", "4.5", "10.5", 6)
