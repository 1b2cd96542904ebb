"""Lists as XLSX, with a guard against formulas, a watermark with reader and time, and one audit row a child."""
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import looked, record
from crm.models import Child
from crm.queries import with_children
from tenancy.models import Membership

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, reader: str) -> io.BytesIO:
    """A sheet of plain cells: text is written as text, so a name that begins with ``=`` stays a name."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "strings_to_numbers": False, "constant_memory": False})
    sheet = book.add_worksheet(title[:31])
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


def _write(sheet: Any, row: int, column: int, cell: Any, day: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif cell not in (None, ""):
        sheet.write_string(row, column, str(cell))


def families_sheet(member: Membership, customers: Any) -> FileResponse:
    """The filtered family list; numbers stay masked."""
    rows = list(with_children(customers).order_by("external_ref"))
    looked(member, "crm.child_exported", Child.objects.filter(family__customer__in=[r.pk for r in rows]))
    record(member, "crm.exported", families=len(rows))
    header = [_("编号"), _("称呼"), _("客户类型"), _("园所"), _("孩子"), _("监护人"), _("手机"), _("维护人"), _("建档日期")]
    cells = [[r.external_ref, r.name, r.type.name, r.campus.name, *_people(r), str(r.owner or ""), r.since] for r in rows]
    stamp = f"{member.name} {timezone.localtime():%Y-%m-%d %H:%M}"
    return FileResponse(workbook(_("家庭"), header, cells, reader=stamp), as_attachment=True, content_type=XLSX,
                        filename=f"{_('家庭')}-{timezone.localdate()}.xlsx")


def _people(customer: Any) -> list[str]:
    family = getattr(customer, "family", None)
    if family is None:
        return ["", "", ""]
    guardians = list(family.guardians.all())
    return ["、".join(c.name for c in family.children.all()), "、".join(g.name for g in guardians),
            "、".join(g.phone_mask for g in guardians)]
