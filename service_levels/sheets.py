"""Lists as files: what the page lists, in the same order, for whoever may export (QUALITY F)."""
from collections.abc import Callable, Sequence
from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _

from audit.actions import record
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need

MOST = 5000
Columns = Sequence[tuple[str, str | Callable[[Any], Any]]]


def sheet(request: HttpRequest, name: str, title: str, columns: Columns, rows: Any) -> FileResponse | None:
    """The rows as a download where the address asks for one (``?export=xlsx`` or ``csv``), else None.

    ``columns``: the heading and where it stands in a row, as ``customer.campus.name`` or ``get_state_display``, or what makes it of the
    row; the cell is empty where nobody stands on the way, as a family without an owner. ``rows`` are cut at MOST. Raises Forbidden for
    whoever may not export.
    """
    form = request.GET.get("export", "")
    if form not in FORMATS:
        return None
    member = need(request, "crm.export")
    cells = [[read(row, path) for _heading, path in columns] for row in rows[:MOST]]
    record(member, "service.list_exported", list=name, rows=len(cells))
    return as_file(form, title, [heading for heading, _path in columns], cells, reader=member.name)


def whose(path: str = "customer.") -> list[tuple[str, str | Callable[[Any], Any]]]:
    """The columns that say which family a row is of."""
    return [(_("编号"), f"{path}external_ref"), (_("客户"), f"{path}name"), (_("园所"), f"{path}campus.name"),
            (_("维护人"), f"{path}owner.name")]


def read(row: Any, path: str | Callable[[Any], Any]) -> Any:
    """What stands at the end of a path from a row."""
    if callable(path):
        return path(row)
    for step in path.split("."):
        row = getattr(row, step) if row is not None else None
        row = row() if callable(row) else row
    if isinstance(row, list):
        return "；".join(map(str, row))
    return "" if row is None else row
