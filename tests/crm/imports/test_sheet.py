"""A file as rows: by its content, in any encoding and delimiter, cut where a sheet ends, and never in the worker's memory."""
import io
from datetime import date

import openpyxl
import pytest

from crm.imports.sheet import MAX_COLUMNS, Rows, _csv, _decode, _plain, parse, read_rows
from tenancy.refusals import Refused

TABLE = [["幼儿姓名", "联系电话"], ["周小满", "13800138000"]]
TEXT = "\n".join(",".join(row) for row in TABLE)


def workbook(rows):
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.fixture
def saved(tmp_path):
    def saved(content, name="sheet"):
        path = tmp_path / name
        path.write_bytes(content)
        return path
    return saved


# -- text ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_text_is_read_in_every_encoding_a_chinese_office_writes(encoding):
    assert _decode(TEXT.encode(encoding)) == TEXT


def test_bytes_that_are_no_text_are_read_as_well_as_can_be():
    assert "�" in _decode(b"\xff\xfe\x81 abc")


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_the_one_that_is_there(delimiter):
    assert _csv(TEXT.replace(",", delimiter)) == TABLE


def test_quoted_cells_hold_commas_and_line_ends():
    assert _csv('地址,备注\n"河畔里, 12 号","两行\n备注"\n') == [["地址", "备注"], ["河畔里, 12 号", "两行\n备注"]]


def test_nul_characters_are_dropped():
    assert _csv("周\x00小满,1\n") == [["周小满", "1"]]


def test_a_wide_row_is_cut():
    assert len(_csv(",".join("x" * 1000))[0]) == MAX_COLUMNS


def test_blank_separated_text_is_split_at_blanks(saved):
    assert parse(saved(b" 00001  1 19970101 2 29.33\n 00002  2 19970118 1 29.73\n"), "blank-separated") == [
        ["00001", "1", "19970101", "2", "29.33"], ["00002", "2", "19970118", "1", "29.73"]]


# -- workbooks -------------------------------------------------------------------------------------------------------------
def test_a_workbook_is_known_by_its_content_not_by_its_name(saved):
    assert parse(saved(workbook(TABLE), "花名册.csv"), "") == TABLE


def test_cells_keep_their_kind(saved):
    rows = parse(saved(workbook([["a", 1, 2.5, True, None, date(2026, 9, 1)]])), "")

    assert rows == [["a", 1, 2.5, True, "", "2026-09-01"]]


@pytest.mark.parametrize(("cell", "plain"), [(None, None), ("x", "x"), (1, 1), (1.5, 1.5), (date(2026, 9, 1),
        "2026-09-01"), (b"x", "b'x'")])
def test_a_cell_that_is_no_plain_value_is_told_as_text(cell, plain):
    assert _plain(cell) == plain


# -- the whole way ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("content", [TEXT.encode(), TEXT.encode("gbk"), workbook(TABLE)], ids=["utf-8", "gbk", "xlsx"])
def test_a_file_is_read_by_a_child_process(saved, content):
    rows = read_rows(saved(content))

    assert (list(rows), rows.head) == (TABLE, TABLE)


def test_rows_can_be_gone_through_again_and_asked_for_one_by_one(saved):
    rows = read_rows(saved("\n".join(str(n) for n in range(40)).encode()))

    assert [len(list(rows)), len(list(rows)), rows.at(3), rows.at(30), rows.at(99)] == [40, 40, ["3"], ["30"], []]


@pytest.mark.parametrize(("content", "said"), [(b"", "文件是空的"), (b"PK\x03\x04" + b"x" * 50, "读不了这个文件"),
                                               (b"\xd0\xcf\x11\xe0" + b"x" * 600, "读不了这个文件")])
def test_a_file_that_is_none_says_what_to_do(saved, content, said):
    with pytest.raises(Refused, match=said) as refusal:
        read_rows(saved(content))

    assert refusal.value.field == "file"


def test_rows_of_nothing_are_nothing():
    rows = Rows(io.BytesIO(b""), [])

    assert (list(rows), rows.at(0)) == ([], [])
