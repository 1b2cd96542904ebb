"""The report as PDF and XLSX. It holds counts and money, no family's name."""
import io
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from churn.models import Analysis
from tenancy import papers

TEMPLATE = Path(__file__).parent / "analysis.typ"
SPREADS = ("campuses", "classes", "teachers", "sources")


def titles() -> dict[str, str]:
    return {"campuses": _("按园所"), "classes": _("按班级"), "teachers": _("按班主任"), "sources": _("按来源")}


def pdf(row: Analysis, school: str, reader: str) -> io.BytesIO:
    """A4; page 1 is a full answer. What nobody has signed says so across every page."""
    return io.BytesIO(papers.pdf(TEMPLATE, _data(row, school, reader)))


def _data(row: Analysis, school: str, reader: str) -> dict[str, Any]:
    found, names = row.figures, titles()
    vital = [one for one in found["bars"] if one["vital"]]
    headline = _("%(n)s 个原因占了 %(share)s：%(names)s") % {
        "n": len(vital), "share": f"{sum(one['share'] for one in vital) * 100:.1f}%", "names": _("、").join(one["name"] for one in vital)}
    return {"school": school, "first": str(row.first), "last": str(row.last), "campus": row.campus.name if row.campus else _("全部园所"),
            "headline": headline if vital else _("没有哪几个原因特别突出"), "summary": row.summary, "reader": reader,
            "lost": found["lost"], "kept": found["kept"], "natural": found["natural"], "yuan": _yuan(found["fen"]),
            "bars": [one | {"yuan": _yuan(one["fen"]), "percent": f"{one['share'] * 100:.1f}%", "total": f"{one['reached'] * 100:.1f}%"}
                     for one in found["bars"]],
            "spreads": [[names[code], [[name, lost, _yuan(fen), kept] for name, lost, fen, kept in found[code]]] for code in SPREADS],
            "written": f"{row.written_by.name} {timezone.localtime(row.written_at):%Y-%m-%d}",
            "signed": f"{row.signed_by.name} {timezone.localtime(row.signed_at):%Y-%m-%d}" if row.signed_by and row.signed_at else ""}


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.0f}"


def xlsx(row: Analysis, school: str, reader: str) -> io.BytesIO:
    """Sheets: causes, and one for each way to spread the losses. Text is text, numbers are numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bottom": 1})
    causes = [[one["area"], one["name"], one["cases"], one["children"], one["fen"] / 100, round(one["share"], 4)]
              for one in row.figures["bars"]]
    header = [_("一级原因"), _("二级原因"), _("个案"), _("折合人数"), _("近一年缴费（元）"), _("占比")]
    _sheet(book, _("主因"), bold, header, causes, f"{school} {row.first} – {row.last}", reader)
    for code, title in titles().items():
        rows = [[name, lost, fen / 100, kept] for name, lost, fen, kept in row.figures[code]]
        _sheet(book, title, bold, [title, _("流失"), _("近一年缴费（元）"), _("留住")], rows, row.summary, reader)
    book.close()
    out.seek(0)
    return out


def _sheet(book: Any, title: str, bold: Any, header: list[str], rows: list[list[Any]], above: str, reader: str) -> None:
    sheet = book.add_worksheet(title)
    sheet.write_string(0, 0, above)
    for column, word in enumerate(header):
        sheet.write_string(2, column, word, bold)
    for number, cells in enumerate(rows, start=3):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            else:
                sheet.write_number(number, column, cell)
    sheet.set_column(0, 1, 24)
    sheet.set_footer(f"&L{reader}&R&P / &N")
