"""Lists as files: XLSX and CSV whose cells stay what they are, never a formula (QUALITY S-3)."""
import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
FORMATS = ("xlsx", "csv")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # a Chinese Excel reads the wide ones too
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
Rows = Iterable[Sequence[Any]]


def guard(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula is kept as text; numbers stay numbers."""
    if cell.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def workbook(title: str, header: Sequence[str], rows: Rows, *, reader: str) -> io.BytesIO:
    """A sheet of plain cells: text is written as text, so a name that begins with ``=`` stays a name."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "strings_to_numbers": False, "constant_memory": False})
    sheet = book.add_worksheet(sheet_name(title))
    bold, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, header, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, day)
    sheet.freeze_panes(1, 1)
    sheet.autofit()
    sheet.set_footer(f"&L{reader}&R&P / &N")
    book.close()
    out.seek(0)
    return out


def sheet_name(title: str) -> str:
    """What a workbook accepts as the name of a sheet: 31 characters, none of ``[]:*?/\\``."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip() or "1"


def _write(sheet: Any, row: int, column: int, cell: Any, day: Any) -> None:
    if isinstance(cell, datetime):
        sheet.write_string(row, column, shown(cell))
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, bool):
        sheet.write_string(row, column, shown(cell))
    elif isinstance(cell, int | float | Decimal):
        sheet.write_number(row, column, cell)
    elif cell not in (None, ""):
        sheet.write_string(row, column, str(cell))


def shown(cell: Any) -> str:
    """A cell as a person writes it: times of the campus, 是 and 否, nothing for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("是") if cell else _("否")
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M}"
    return str(cell)


def csv_text(header: Sequence[str], rows: Rows) -> io.BytesIO:
    """UTF-8 with BOM, so that Excel reads the Chinese; every cell guarded."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guard(str(name)) for name in header])
    writer.writerows([guard(shown(cell)) for cell in row] for row in rows)
    return io.BytesIO(out.getvalue().encode("utf-8-sig"))


def as_file(form: str, title: str, header: Sequence[str], rows: Rows, *, reader: str) -> FileResponse:
    """The list as a download; ``form`` is one of FORMATS, the reader's name and the time stand on the sheet."""
    stamp = f"{reader} {timezone.localtime():%Y-%m-%d %H:%M}"
    made = csv_text(header, rows) if form == "csv" else workbook(title, header, rows, reader=stamp)
    return FileResponse(made, as_attachment=True, content_type=CSV if form == "csv" else XLSX,
                        filename=f"{title}-{timezone.localdate()}.{form}")
