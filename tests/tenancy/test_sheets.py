"""Lists as files: a cell stays what it is, in Excel and in CSV, and never becomes a formula."""
import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenancy.sheets import FORMULA_STARTS, as_file, csv_text, guard, sheet_name, shown, workbook

ROW = ["=SUM(A1)", date(2026, 9, 30), 1480, Decimal("12.50"), None, True, datetime(2026, 9, 30, 2, 0, tzinfo=UTC),
        "+86 138"]


def read_xlsx(rows, title="名单"):
    return openpyxl.load_workbook(workbook(title, ["a"] * len(rows[0]), rows, reader="许园长"))


def read_csv(rows):
    return list(csv.reader(io.StringIO(csv_text(["表头"], rows).getvalue().decode("utf-8-sig"))))[1:]


def test_a_workbook_keeps_text_numbers_and_dates_apart():
    sheet = read_xlsx([ROW]).active
    cells = [cell.value for cell in sheet[2]]

    assert cells == ["=SUM(A1)", datetime(2026, 9, 30), 1480, 12.5, None, "是", "2026-09-30 10:00", "+86 138"]
    assert sheet["A2"].data_type == "s" and sheet["H2"].data_type == "s"


def test_a_csv_guards_what_looks_like_a_formula_and_leaves_numbers_alone():
    assert read_csv([ROW]) == [["'=SUM(A1)", "2026-09-30", "1480", "12.50", "", "是", "2026-09-30 10:00", "'+86 138"]]


@pytest.mark.parametrize("cell,kept", [
    ("-12.5", "-12.5"), ("-0", "-0"), ("-12.5.1", "'-12.5.1"), ("@cmd", "'@cmd"), ("\tx", "'\tx"), ("",
            ""), ("周小满", "周小满"), ("+1", "'+1"),
    ("--1", "'--1"), ("-²", "'-²"), ("-1.", "'-1."), ("-１", "'-１"), ("＝1+1", "'＝1+1"), ("＠SUM",
            "'＠SUM"), ("－1", "'－1"),
])
def test_only_a_number_may_begin_with_a_sign(cell, kept):
    assert guard(cell) == kept


@given(st.text(max_size=40))
def test_no_cell_of_a_csv_begins_a_formula(text):
    """QUALITY S-3, on anything that can be typed; what a spreadsheet reads is either a number or text behind a quote."""
    safe = guard(text)

    assert not safe.startswith(FORMULA_STARTS) or (safe.isascii() and float(safe) <= 0)


@given(st.text(max_size=60))
def test_any_title_can_name_a_sheet(title):
    name = sheet_name(title)

    assert 1 <= len(name) <= 31 and not set(name) & set("[]:*?/\\")


def test_nothing_is_shown_as_nothing():
    assert (shown(None), shown(False), shown("x")) == ("", "否", "x")


# -- as downloads ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("form", "kind", "start"), [("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
                                                     ("xlsx",
                                                             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK")])
def test_a_list_is_downloaded_under_its_name_and_day(form, kind, start):
    answer = as_file(form, "家庭", ["称呼"], [["周小满一家"]], reader="许园长")
    content = b"".join(answer.streaming_content)

    assert answer["Content-Type"] == kind
    assert content.startswith(start)
    assert "attachment" in answer["Content-Disposition"]


def test_the_sheet_says_who_took_it_and_when():
    book = openpyxl.load_workbook(workbook("名单", ["a"], [["b"]], reader="许园长 2026-11-20 10:00"))

    assert "许园长 2026-11-20 10:00" in book.active.oddFooter.left.text
    assert book.active.freeze_panes == "B2"


@pytest.mark.parametrize("rows", [[], [[]], [[None, None]], [["a"], ["b", "c"]]])
def test_rows_may_be_few_empty_or_uneven(rows):
    assert openpyxl.load_workbook(workbook("x", ["a"], rows, reader="x")).active["A1"].value == "a"


@pytest.mark.parametrize("title", ["", "a/b:c*d?[e]\\f", "长" * 60, "   "])
def test_a_sheet_is_named_whatever_its_title(title):
    assert openpyxl.load_workbook(workbook(title, ["a"], [], reader="x")).sheetnames[0]


@given(st.lists(st.lists(st.one_of(st.none(), st.booleans(), st.integers(-10**9, 10**9), st.dates(),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)),
                         min_size=2, max_size=2), max_size=5))
def test_any_rows_make_a_csv_of_as_many_lines(rows):
    assert len(read_csv(rows)) == len(rows)


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False),
        st.dates(), st.text(max_size=20)))
def test_any_cell_can_be_shown(cell):
    assert isinstance(shown(cell), str)
