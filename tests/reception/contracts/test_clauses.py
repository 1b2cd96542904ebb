"""合同条款: titles open clauses, blanks are filled, what nobody knows is named before anybody signs it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.contracts.clauses import BLANKS, Clause, faults, fill, filled, split

BODY = "前言不算条款\n## 第一条 服务内容\n{机构}为{孩子姓名}提供保育教育。\n每天 {班级}。\n\n##第二条 费用\n每月 {每月费用}。\n"
TITLES = st.text("服务费用安全责任期限", min_size=1, max_size=8)
LINES = st.text("家长孩子按时接送，。 ", min_size=1, max_size=30).map(str.strip).filter(bool)


def test_a_text_is_split_at_its_titles():
    assert split(BODY) == (
        Clause("第一条 服务内容", "{机构}为{孩子姓名}提供保育教育。\n每天 {班级}。"),
        Clause("第二条 费用", "每月 {每月费用}。"),
    )


@given(st.lists(st.tuples(TITLES, LINES), min_size=1, max_size=12))
def test_whatever_is_joined_is_split_again(clauses):
    body = "\n".join(f"## {title}\n{text}\n" for title, text in clauses)

    assert [(clause.title, clause.text) for clause in split(body)] == clauses


def test_lines_of_windows_are_lines():
    assert split("## 一\r\n甲\r\n## 二\r\n乙") == (Clause("一", "甲"), Clause("二", "乙"))


def test_a_hash_inside_a_line_opens_nothing():
    assert split("## 一\n编号 ## 3 的柜子") == (Clause("一", "编号 ## 3 的柜子"),)


@pytest.mark.parametrize(
    "texts,said",
    [
        (("没有标题的文字",), ["没有条款：每一条的标题写成“## 第一条 服务内容”。"]),
        (("## 一\n\n## 二\n乙",), ["“一”下面没有内容。"]),
        (("## 一\n{家长}签字",), ["不认识的空格“家长”。"]),
        (("## 一\n{孩子姓名}", "收费 {班级}", "承诺 {天数}"), ["不认识的空格“天数”。"]),
        (("## 一\n少了一半 {孩子姓名",), ["不认识的空格“{”。"]),
        (("## 一\n甲",), []),
    ],
)
def test_what_must_be_mended_is_named(texts, said):
    assert [str(fault) for fault in faults(*texts)] == said


def test_every_blank_that_may_be_named_is_known():
    assert faults("## 一\n" + "".join(f"{{{name}}}" for name in BLANKS)) == []


def test_blanks_are_filled_and_what_is_not_known_is_a_line_to_write_on():
    facts = {"机构": "苗苗幼儿园", "孩子姓名": "周小满", "班级": ""}

    assert fill("{机构}收{孩子姓名}入{班级}", facts) == "苗苗幼儿园收周小满入______"
    assert filled((Clause("{机构}", "{孩子姓名}"),), facts) == (Clause("苗苗幼儿园", "周小满"),)


@given(
    st.dictionaries(st.sampled_from(BLANKS), st.text("苗圃{}机构", max_size=6)),
    st.text("甲乙{}机构", max_size=30),
)
def test_what_fills_a_blank_is_never_read_as_a_blank(facts, text):
    known = {name: "".join(facts.get(name, "")) for name in BLANKS}

    once = fill("{机构}", known)

    assert once == (known["机构"] or "______") and isinstance(fill(text, known), str)
