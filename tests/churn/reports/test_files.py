"""The report as PDF and XLSX: what was written, draft or signed."""
import io

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from churn.reports import files
from churn.reports.writing import sign
from tests.churn.conftest import AT
from tests.churn.reports.conftest import written


@pytest.fixture
def row(pair, marketing):
    return written(marketing)


def words(made: io.BytesIO) -> str:
    return "".join(page.extract_text() for page in PdfReader(made).pages).replace("\n", "")


def test_the_pdf_answers_on_its_first_page(row):
    first = PdfReader(files.pdf(row, "苗苗幼儿园", "读者")).pages[0].extract_text().replace("\n", "")

    assert "1 个原因占了 90.0%：换老师太多" in first and "主班要稳定" in first and "10,000" in first


def test_a_draft_says_that_nobody_has_signed_it(row, head):
    assert "草稿，未签发" in words(files.pdf(row, "苗苗幼儿园", "读者"))
    sign(row, by=head, at=AT)

    told = words(files.pdf(row, "苗苗幼儿园", "读者"))
    assert "草稿，未签发" not in told and "签发 head" in told


def test_the_workbook_holds_a_sheet_for_each_way_to_spread(row):
    book = CalamineWorkbook.from_filelike(files.xlsx(row, "苗苗幼儿园", "读者"))

    assert book.sheet_names == ["主因", "按园所", "按班级", "按班主任", "按来源"]
    assert book.get_sheet_by_name("主因").to_python()[3] == ["教学", "换老师太多", 1.0, 1.0, 9000.0, 0.9]


def test_no_family_stands_in_it(row, pair):
    told = words(files.pdf(row, "苗苗幼儿园", "读者"))

    assert all(case.customer.name not in told for case in pair)


@pytest.mark.parametrize("name", ["=1+1", "<b>", "#", "*_$"])
def test_odd_words_stay_words(row, name):
    row.summary = f"{name} 主班"
    row.figures["bars"][0]["name"] = name

    assert name in words(files.pdf(row, "苗苗", "读者"))
    assert CalamineWorkbook.from_filelike(files.xlsx(row, "苗苗",
            "读者")).get_sheet_by_name("主因").to_python()[3][1] == name
