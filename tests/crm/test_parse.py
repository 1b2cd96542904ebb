"""What people type is read as what they mean, or refused with what to put instead."""
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.parse import Unreadable, clean_name, mask_phone, parse_born, parse_date, parse_fen, parse_phone


@pytest.mark.parametrize("typed", ["13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000", "8613800138000", 13800138000.0,
                                   13800138000, "13800138000.0", "１３８００１３８０００", "13800138000（妈妈）", "138 0013 8000 (奶奶)"])
def test_a_mobile_in_any_spelling(typed):
    assert parse_phone(typed) == "13800138000"


@pytest.mark.parametrize("typed,digits", [("0571-88888888", "057188888888"), ("400-800-1234", "4008001234"), ("95588", "95588")])
def test_landlines_and_service_numbers(typed, digits):
    assert parse_phone(typed) == digits


@pytest.mark.parametrize("typed,said", [("1381234567", "少了 1 位，手机号是 11 位"), ("138123456789", "多了 1 位，手机号是 11 位"), ("", "没有电话号码"),
                                        ("无", "没有电话号码")])
def test_a_wrong_phone_says_what_is_wrong(typed, said):
    with pytest.raises(Unreadable, match=said):
        parse_phone(typed)


@pytest.mark.parametrize("typed", ["2020-03-24", "2020.03.24", "2020/3/24", "2020年3月24日", "20200324", 43914, "43914", date(2020, 3, 24),
                                   datetime(2020, 3, 24, 8), "2020-03-24 00:00:00", "２０２０－０３－２４"])
def test_a_day_in_any_form(typed):
    assert parse_date(typed) == date(2020, 3, 24)


def test_a_month_alone_is_its_first_day_and_a_pattern_is_obeyed():
    assert parse_date("2020年5月") == date(2020, 5, 1)
    assert parse_date("19970101", "%Y%m%d") == date(1997, 1, 1)


@pytest.mark.parametrize("typed", ["2021-13-05", "2021-02-30", "明天", "", "99999999"])
def test_a_day_that_is_none_is_refused(typed):
    with pytest.raises(Unreadable):
        parse_date(typed)


def test_a_birthday_in_the_future_is_refused_with_a_guess():
    with pytest.raises(Unreadable, match="在将来"):
        parse_born("2031/1/1", date(2026, 11, 21))


@pytest.mark.parametrize("typed,fen", [("￥800", 80000), ("1,280.00", 128000), (330.0, 33000), ("330.5元", 33050), ("-60", -6000), ("(120)", -12000),
                                       ("¥ 1，680", 168000), (0, 0), ("0.01", 1)])
def test_money_in_any_spelling(typed, fen):
    assert parse_fen(typed) == fen


@pytest.mark.parametrize("typed", ["", "免", "1e99", "NaN", "Infinity"])
def test_what_is_no_money_is_refused(typed):
    with pytest.raises(Unreadable):
        parse_fen(typed)


def test_names_lose_stray_spaces_and_keep_what_belongs():
    assert [clean_name(n) for n in (" 诸 葛辰桐 ", "阿依·古丽", "Anna  Maria")] == ["诸葛辰桐", "阿依·古丽", "Anna Maria"]


def test_a_masked_phone_shows_three_and_four():
    assert mask_phone("13800138000") == "138****8000"


@given(st.text(max_size=40))
def test_no_text_whatever_breaks_a_reader(text):
    for read in (parse_phone, parse_date, parse_fen, clean_name):
        try:
            read(text)
        except Unreadable as doubt:
            assert str(doubt)


@given(st.integers(-10**11 + 1, 10**11 - 1))
def test_every_amount_reads_back(fen):
    sign = "-" if fen < 0 else ""

    assert parse_fen(f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}") == fen
