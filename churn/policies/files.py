"""制度 as DOCX and PDF: A4, the same text in both."""
import io
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from churn.models import Policy
from tenancy import papers

TEMPLATE = Path(__file__).parent / "policy.typ"
TITLE = "客户流失原因分析与改进办法"
NUMERALS = "一二三四五六七八九十"
FONT = "Noto Sans CJK SC"


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二; for the twenty sections that a document can have."""
    return NUMERALS[number - 1] if number <= len(NUMERALS) else f"十{NUMERALS[number - 11]}"


def _heads(row: Policy, school: str) -> tuple[str, str]:
    return f"{school}{TITLE}", f"第 {row.number} 版　{row.effective_on} 起执行　发布：{row.published_by.name} {row.published_at:%Y-%m-%d}"


def pdf(row: Policy, school: str) -> io.BytesIO:
    title, below = _heads(row, school)
    data = {"title": title, "below": below, "note": row.note, "digest": row.digest[:16],
            "sections": [[f"{numeral(place)}、{name}", clauses] for place, (name, clauses) in enumerate(row.sections, start=1)]}
    return io.BytesIO(papers.pdf(TEMPLATE, data))


def docx(row: Policy, school: str) -> io.BytesIO:
    """To be edited and printed in the office; the published version stays what it is."""
    book = Document()
    page = book.sections[0]
    page.page_width, page.page_height, page.left_margin, page.right_margin = Cm(21), Cm(29.7), Cm(2.4), Cm(2.4)
    for name in ("Normal", "Title", "Heading 1"):
        _chinese(book.styles[name])
    title, below = _heads(row, school)
    book.core_properties.title, book.core_properties.author = title, school
    book.add_heading(title, 0)
    book.add_paragraph(below)
    for place, (name, clauses) in enumerate(row.sections, start=1):
        book.add_heading(f"{numeral(place)}、{name}", 1)
        for number, (text, _setting) in enumerate(clauses, start=1):
            book.add_paragraph(f"{number}．{text}")
    book.add_paragraph(f"修订说明：{row.note}")
    book.add_paragraph(f"校验码 {row.digest[:16]}")
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def _chinese(style: Any) -> None:
    """A font that has Chinese, for both of the scripts that Word tells apart."""
    style.font.name = FONT
    style.font.size = style.font.size or Pt(10.5)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
