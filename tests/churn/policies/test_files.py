"""制度 as DOCX and PDF: the same text in both."""
import pytest
from docx import Document
from pypdf import PdfReader

from churn.policies.files import docx, numeral, pdf
from churn.policies.working import publish
from tests.churn.conftest import AT, DAY


@pytest.fixture
def row(head, miao, on_the_day):
    return publish(DAY, "头一版", by=head, at=AT)


@pytest.mark.parametrize(("number", "word"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (12, "十二"), (19, "十九")])
def test_chapters_are_numbered_in_chinese(number, word):
    assert numeral(number) == word


def test_the_word_file_has_every_chapter_and_every_clause(row):
    book = Document(docx(row, "苗苗幼儿园"))
    heads = [one.text for one in book.paragraphs if one.style.name == "Heading 1"]
    whole = "\n".join(one.text for one in book.paragraphs)

    assert heads[0] == "一、总则" and heads[-1] == "十二、附则" and len(heads) == len(row.sections)
    assert all(text in whole for _title, clauses in row.sections for text, _setting in clauses)
    assert book.paragraphs[0].text == "苗苗幼儿园客户流失原因分析与改进办法"
    assert "修订说明：头一版" in whole


def test_the_pdf_says_the_same(row):
    told = "".join(page.extract_text() for page in PdfReader(pdf(row, "苗苗幼儿园")).pages).replace("\n",
            "").replace(" ", "")

    assert all(text.replace(" ", "") in told for _title, clauses in row.sections[:3] for text, _setting in clauses)
    assert row.digest[:16] in told and "第1版" in told


@pytest.mark.parametrize("name", ["#let x = 1", "<w:p>", "*粗*", "_x_"])
def test_odd_words_stay_words(row, name):
    row.sections = [["总则", [[name, ""]]]]

    assert name in "\n".join(one.text for one in Document(docx(row, "x")).paragraphs)
    assert name.replace(" ", "") in PdfReader(pdf(row, "x")).pages[0].extract_text().replace("\n", "").replace(" ", "")
