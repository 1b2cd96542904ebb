"""What people type is read as what they mean, or refused with what to put instead."""
from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm.parse import (
    AHEAD,
    Unreadable,
    cell_text,
    clean_name,
    mask_phone,
    parse_born,
    parse_date,
    parse_fen,
    parse_past,
    parse_phone,
    parse_planned,
)

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize("typed", ["13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000",
        "8613800138000", 13800138000.0,
                                   13800138000, "13800138000.0", "１３８００１３８０００", "13800138000（妈妈）", "138 0013 8000 (奶奶)"])
def test_a_mobile_in_any_spelling(typed):
    assert parse_phone(typed) == "13800138000"


@pytest.mark.parametrize("typed,digits", [("0571-88888888", "057188888888"), ("400-800-1234", "4008001234"), ("95588",
        "95588")])
def test_landlines_and_service_numbers(typed, digits):
    assert parse_phone(typed) == digits


@pytest.mark.parametrize("typed,said", [("1381234567", "少了 1 位，手机号是 11 位"),
        ("138123456789", "多了 1 位，手机号是 11 位"), ("", "没有电话号码"),
                                        ("无", "没有电话号码"), ("1.38E+10", "科学计数"), ("1e+10", "设为文本")])
def test_a_wrong_phone_says_what_is_wrong(typed, said):
    with pytest.raises(Unreadable, match=said):
        parse_phone(typed)


@pytest.mark.parametrize("typed", ["2020-03-24", "2020.03.24", "2020/3/24", "2020年3月24日", "20200324", 43914,
        "43914", date(2020, 3, 24),
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


@pytest.mark.parametrize("typed,fen", [("￥800", 80000), ("1,280.00", 128000), (330.0, 33000), ("330.5元", 33050),
        ("-60", -6000), ("(120)", -12000),
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


# -- phones ----------------------------------------------------------------------------------------------------------------
@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["{}", "+86{}", "86 {}", "0086{}", " {} ",
        "{}.0", "（手机）{}", "{}(爸爸)", "{}【备用】"]))
def test_every_mobile_number_is_read_in_every_spelling(number, spelling):
    assert parse_phone(spelling.format(number)) == number


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.lists(st.sampled_from(" -—·"), min_size=10, max_size=10))
def test_whatever_separates_the_digits_is_dropped(number, separators):
    assert parse_phone("".join(digit + separator for digit, separator in zip(number, [*separators, ""],
            strict=True))) == number


@pytest.mark.parametrize("typed", ["12345678901", "10000000000", "23800138000", "123", "999", "0571", "abc", "——", "1e10"])
def test_what_no_telephone_answers_is_refused(typed):
    with pytest.raises(Unreadable):
        parse_phone(typed)


@given(st.text(max_size=40))
def test_a_read_number_is_digits_only(text):
    try:
        assert parse_phone(text).isdigit()
    except Unreadable:
        pass


@given(st.from_regex(r"[0-9]{0,20}", fullmatch=True))
def test_a_mask_shows_three_and_four_and_of_a_short_number_nothing(digits):
    assert mask_phone(digits) == (f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****")


# -- days ------------------------------------------------------------------------------------------------------------------
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d",
        "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d %H:%M:%S"]))
def test_every_day_is_read_in_every_spelling(day, spelling):
    assert parse_date(datetime(day.year, day.month, day.day).strftime(spelling)) == day


@given(st.dates(date(1930, 1, 1), date(2070, 1, 1)))
def test_every_day_is_read_as_a_spreadsheet_stores_it(day):
    assert parse_date((day - date(1899, 12, 30)).days) == day


@pytest.mark.parametrize("typed", ["1899-12-31", "0001-01-01", "1800/1/1"])
def test_a_day_before_1900_is_refused(typed):
    with pytest.raises(Unreadable, match="太早了"):
        parse_date(typed)


@pytest.mark.parametrize(("typed", "said"), [("2021-13-05", "没有 13 月"), ("2021-02-30", "没有 2 月 30 日"),
        ("2021-04-31", "没有 4 月 31 日"), ("20210230", "没有 2 月 30 日")])
def test_a_day_the_calendar_does_not_have_is_named(typed, said):
    with pytest.raises(Unreadable, match=said):
        parse_date(typed)


@pytest.mark.parametrize(("typed", "pattern", "day"), [("19970101", "%Y%m%d", date(1997, 1, 1)), ("01/02/2020",
        "%d/%m/%Y", date(2020, 2, 1)),
                                                       ("20-3-24", "%y-%m-%d", date(2020, 3, 24))])
def test_a_pattern_is_obeyed(typed, pattern, day):
    assert parse_date(typed, pattern) == day


@pytest.mark.parametrize("pattern", ["%Y%m%d", "%d/%m/%Y"])
def test_what_is_against_the_pattern_says_the_pattern(pattern):
    with pytest.raises(Unreadable, match="写法的日期") as doubt:
        parse_date("1997-09-30", pattern)

    assert pattern in str(doubt.value)


@pytest.mark.parametrize(("parse", "day", "taken"), [
    (parse_past, TODAY, True), (parse_past, TODAY + timedelta(days=1), False), (parse_past, date(1990, 1, 1),
            True), (parse_past, date(1989, 12, 31), False),
    (parse_planned, TODAY + AHEAD, True), (parse_planned, TODAY + AHEAD + timedelta(days=1), False), (parse_planned,
            date(1989, 12, 31), False),
    (parse_born, TODAY, True), (parse_born, TODAY + timedelta(days=1), False), (parse_born, date(1926, 1, 1),
            True), (parse_born, date(1925, 12, 31), False),
])
def test_each_kind_of_day_has_its_bounds(parse, day, taken):
    try:
        assert parse(day, TODAY) == day and taken
    except Unreadable:
        assert not taken


# -- money and names ---------------------------------------------------------------------------------------------------------
@given(st.integers(0, 10**10), st.sampled_from(["{}", "¥{}", "{}元", "￥ {}", "{} RMB", "{}CNY"]))
def test_every_amount_is_read_in_every_spelling(fen, spelling):
    assert parse_fen(spelling.format(f"{fen // 100}.{fen % 100:02d}")) == fen


@given(st.integers(0, 10**8))
def test_commas_change_nothing(yuan):
    assert parse_fen(f"{yuan:,}") == yuan * 100


@pytest.mark.parametrize("typed", ["1000000000", "1e12", "-1000000000", "99999999999999999999"])
def test_an_amount_no_school_takes_is_refused(typed):
    with pytest.raises(Unreadable, match="太大了"):
        parse_fen(typed)


@given(st.text(max_size=60))
@example("A \u0301一")
def test_a_cleaned_name_cleans_to_itself(text):
    try:
        name = clean_name(text)
    except Unreadable:
        return

    assert clean_name(name) == name and 0 < len(name) <= 40 and name == name.strip()


@pytest.mark.parametrize(("value", "text"), [(None, ""), (12.0, "12"), (12.5, "12.5"), (date(2026, 9, 1),
        "2026-09-01"), ("  a ", "a"), ("Ａ１", "A1"), (True, "True"),
                                             ("a\x00b", "ab"), (0, "0")])
def test_a_cell_is_read_as_text(value, text):
    assert cell_text(value) == text
