"""Opening hours and holiday notices as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.calendar import Kind, Shift, tidy
from crm.hours import Run, parse_shifts, read_notice, say_shifts
from crm.parse import Unreadable

MORNING, AFTERNOON = Shift(480, 720), Shift(840, 1050)
NOTICE_2026 = """国务院办公厅关于2026年部分节假日安排的通知
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
"""


def off(first: str, last: str, name: str, year: int = 2026) -> Run:
    return Run(
        date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}"), Kind.HOLIDAY, name
    )


def on(day: str, year: int = 2026) -> Run:
    return Run(date.fromisoformat(f"{year}-{day}"), date.fromisoformat(f"{year}-{day}"), Kind.MAKE_UP, "")


@pytest.mark.parametrize(
    "text",
    [
        "8:00-12:00 14:00-17:30",
        "08:00–12:00，14:00–17:30",
        "8:00~12:00、14:00~17:30",
        "8点到12点 14点至17:30",
        "8:00 - 12:00; 14:00 - 17:30",
        "８：００－１２：００　１４：００－１７：３０",
        "14:00-17:30 8:00-12:00",
        "8.00-12.00,14.00-17.30",
    ],
)
def test_shifts_are_read_in_any_spelling(text):
    assert parse_shifts(text) == (MORNING, AFTERNOON)


@pytest.mark.parametrize("text", ["", "  ", "休", "休息", "不开", "-", "Closed"])
def test_nothing_or_a_word_for_it_is_a_closed_day(text):
    assert parse_shifts(text) == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("上午", "看不懂班次“上午”"),
        ("8:00", "看不懂班次“8:00”"),
        ("8:00-12:00 下午", "看不懂班次"),
        ("12:00-8:00", "班次的结束要晚于开始"),
        ("8:00-8:00", "班次的结束要晚于开始"),
        ("8:00-12:00 11:00-13:00", "里的班次重叠了"),
        ("8:75-12:00", "分钟到 59 为止"),
        ("8:00-25:00", "一天到 24:00 为止"),
    ],
)
def test_what_cannot_be_read_says_how_to_write_it(text, why):
    with pytest.raises(Unreadable) as doubt:
        parse_shifts(text)

    assert why in doubt.value.said


@given(st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 600)), max_size=4))
def test_shifts_are_written_as_they_are_read(pairs):
    shifts = tidy(Shift(start, min(1440, start + length)) for start, length in pairs)

    assert parse_shifts(say_shifts(shifts)) == shifts


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        shifts = parse_shifts(text)
    except Unreadable:
        return
    assert shifts == tidy(shifts)


def test_the_notice_is_read_in_its_own_words():
    assert read_notice(NOTICE_2026, 2026) == [
        off("01-01", "01-03", "元旦"),
        on("01-04"),
        off("02-15", "02-23", "春节"),
        on("02-14"),
        on("02-28"),
        off("04-04", "04-06", "清明节"),
        off("05-01", "05-05", "劳动节"),
        on("05-09"),
        off("06-19", "06-21", "端午节"),
        off("09-25", "09-27", "中秋节"),
        off("10-01", "10-07", "国庆节"),
        on("09-20"),
        on("10-10"),
    ]


def test_a_period_may_begin_in_the_year_before():
    told = "一、元旦：2022年12月31日至2023年1月2日放假，共3天。"

    assert read_notice(told, 2023) == [Run(date(2022, 12, 31), date(2023, 1, 2), Kind.HOLIDAY, "元旦")]


def test_a_single_day_and_a_day_without_make_up():
    assert read_notice("一、元旦：1月1日（周三）放假1天，不调休。", 2025) == [
        off("01-01", "01-01", "元旦", 2025)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-15 2026-02-23 春节 休\n2026-02-14 班",
        "2026-02-15,2026-02-23,春节,放假\n2026-02-14,上班",
        "2026/2/15 到 2026/2/23 春节\n\n2026/2/14 调休上班",
        "2026-02-15至2026-02-23 春节 休息\n日期 名称\n2026-02-14 补班",
    ],
)
def test_a_list_is_read_row_by_row(text):
    assert read_notice(text, 2026) == [off("02-15", "02-23", "春节"), on("02-14")]


def test_a_public_data_file_is_read_and_days_in_a_row_are_one_run():
    text = """{"year": 2026, "days": [{"name": "元旦", "date": "2026-01-02", "isOffDay": true}, {"name": "元旦", "date": "2026-01-01", "isOffDay": true},
              {"name": "元旦", "date": "2026-01-04", "isOffDay": false}]}"""

    assert read_notice(text, 2026) == [off("01-01", "01-02", "元旦"), on("01-04")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "没有读到日期"),
        ("放假通知还没出", "没有读到日期"),
        ("2027-01-01 元旦 休", "不在 2026 年"),
        ("2026-13-01 元旦", "没有 13 月"),
        ("2026-02-30 春节", "没有 2 月 30 日"),
        ("1 月 1 日 元旦", "第 1 行"),
        ('{"days": [{"date": "2026-01-01"}]}', "JSON 看不懂"),
        ('{"days": 1}', "JSON 看不懂"),
        ("{", "JSON 看不懂"),
        ("2026-02-23 2026-02-15 春节", "早于"),
        ("2026-01-01 2028-01-01 假", "超过一年"),
        ("\n".join(["2026-01-01 班"] * 201), "一次最多 200 行"),
    ],
)
def test_a_notice_that_cannot_be_read_says_where_and_why(text, why):
    with pytest.raises(Unreadable) as doubt:
        read_notice(text, 2026)

    assert why in doubt.value.said


@given(st.text(max_size=200), st.integers(2000, 2099))
def test_any_notice_is_read_or_refused(text, year):
    try:
        runs = read_notice(text, year)
    except Unreadable:
        return
    assert runs and all(run.first <= run.last for run in runs)


@pytest.mark.parametrize(
    ("text", "shifts"),
    [
        ("0:00-24:00", (Shift(0, 1440),)),
        ("20:00-24:00", (Shift(1200, 1440),)),
        ("8:00-12:00 12:00-17:00", (Shift(480, 1020),)),  # without a lunch break it is one shift
        ("8点-12点", (MORNING,)),
    ],
)
def test_a_shift_may_end_at_midnight_and_two_may_meet(text, shifts):
    assert parse_shifts(text) == shifts
