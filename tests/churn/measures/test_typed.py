"""One line of words: a step with its day, a decision with its owner and day."""
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.measures.typed import Decided, day_at_end, decision, steps

SINCE = date(2026, 11, 20)
PEOPLE = [(1, "高主任"), (2, "唐老师"), (3, "唐老师傅"), (4, "")]


@pytest.mark.parametrize(("line", "found"), [
    ("谈商场 12-01", ("谈商场", date(2026, 12, 1))),
    ("谈商场，12月1日", ("谈商场", date(2026, 12, 1))),
    ("谈商场12月1日前", ("谈商场", date(2026, 12, 1))),
    ("谈商场 2027-03-05", ("谈商场", date(2027, 3, 5))),
    ("谈商场 2027年3月5号。", ("谈商场", date(2027, 3, 5))),
    ("谈商场 11-20", ("谈商场", date(2026, 11, 20))),
    ("谈商场 11-19", ("谈商场", date(2027, 11, 19))),
    ("谈商场 1/8", ("谈商场", date(2027, 1, 8))),
    ("谈商场 12.01", ("谈商场", date(2026, 12, 1))),
    ("谈商场", ("谈商场", None)),
    ("谈 2-30", ("谈 2-30", None)),
    ("谈 13-01", ("谈 13-01", None)),
    ("谈 2-29", ("谈", date(2028, 2, 29))),
    ("12-01", ("12-01", None)),
    ("", ("", None)),
    ("  两边空白  ", ("两边空白", None)),
    ("第 3-5 组先做", ("第 3-5 组先做", None)),
])
def test_the_day_at_the_end_is_read_and_the_words_are_kept(line, found):
    assert day_at_end(line, SINCE) == found


@given(words=st.text(alphabet="谈停车位一二三老师换家长会", min_size=1, max_size=40),
        day=st.dates(date(2026, 11, 20), date(2027, 11, 19)))
def test_words_and_a_day_come_back_as_they_were_written(words, day):
    assert day_at_end(f"{words} {day:%m-%d}", SINCE) == (words, day)


@given(line=st.text(max_size=60))
def test_no_line_is_refused_and_nothing_but_breaks_and_the_day_is_lost(line):
    words, day = day_at_end(line, SINCE)

    assert words in line and (day is not None or words == line.strip())


@given(line=st.text(max_size=60))
def test_a_decision_is_read_from_any_line(line):
    found = decision(line, PEOPLE, SINCE)

    assert found.who is None or dict(PEOPLE)[found.who] in line


def test_steps_are_lines_and_empty_ones_are_none():
    assert steps("谈商场 12-01\n\n  \n贴告示\r\n", SINCE) == [("谈商场", date(2026, 12, 1)), ("贴告示", None)]


@pytest.mark.parametrize(("line", "found"), [
    ("停车：谈一小时免费，高主任，10-16", Decided("停车：谈一小时免费", 1, date(2027, 10, 16))),
    ("停车位,高主任,12-16", Decided("停车位", 1, date(2026, 12, 16))),
    ("换老师前两周告诉家长，唐老师", Decided("换老师前两周告诉家长", 2, None)),
    ("换老师前两周告诉家长，唐老师傅，12-01", Decided("换老师前两周告诉家长", 3, date(2026, 12, 1))),
    ("高主任去谈停车，12-01", Decided("高主任去谈停车", None, date(2026, 12, 1))),
    ("高主任，停车", Decided("高主任，停车", None, None)),
    ("停车", Decided("停车", None, None)),
    ("先量尺寸，再划线，高主任，12-01", Decided("先量尺寸，再划线", 1, date(2026, 12, 1))),
    ("", Decided("", None, None)),
])
def test_a_decision_says_what_who_and_until_when(line, found):
    assert decision(line, PEOPLE, SINCE) == found
