"""E-5: a large spreadsheet of payments through the whole import, against bare reading and inserting of the same rows."""
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import xlsxwriter
from django.db import connection
from python_calamine import CalamineWorkbook

from config.bench.figures import figure, peak_mb, stopwatch
from crm.imports.runs import new_run, start, understand
from tenancy.actions import create_tenant
from tenancy.scope import tenant_scope

AT = datetime(2026, 10, 1, tzinfo=UTC)


def sheet(folder: Path, kind: str, rows: int) -> Path:
    """A file as a school would have it: a family a row, dates and amounts typed in several ways."""
    path = folder / f"{kind}.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    page = book.add_worksheet()
    heads = {"roster": ["幼儿姓名", "出生日期", "家长姓名", "联系电话", "家庭住址", "班级", "入园时间"],
             "payments": ["缴费日期", "幼儿姓名", "家长电话", "收费项目", "金额（元）"]}
    page.write_row(0, 0, heads[kind])
    for n in range(rows):
        phone = f"139{n:08d}" if kind == "roster" else f"139{n % rows:08d}"
        born = date(2021, 1, 1) + timedelta(days=n % 900)
        row = [f"周小{n % 97}", born.isoformat(), "罗女士", phone, f"河畔里{n}号", f"小{n % 20}班", "2025/9/1"] if kind == "roster" \
            else [f"2026.{n % 9 + 1}.{n % 27 + 1}", "", phone, "保教费", f"￥{1000 + n % 900}"]
        page.write_row(n + 1, 0, row)
    book.close()
    return path


def run(rows: int) -> None:
    tenant = create_tenant(f"bench-import-{rows}", kind="kindergarten", name="基准", campuses={"main": "本部"})
    with tempfile.TemporaryDirectory() as folder:
        for kind, count in (("roster", rows), ("payments", rows)):
            path = sheet(Path(folder), kind, count)
            with tenant_scope(tenant):
                made = new_run(kind, path.name, campus=None, by=None, at=AT)
                with stopwatch() as taken:
                    start(made, understand(kind, path), at=AT)
            bare = _bare(path) if kind == "payments" else None
            figure(f"E-5 import {kind}", rows=count, seconds=round(taken[0], 2), new=made.counts["new"], refused=made.counts["refused"],
                   peak_mb=peak_mb(), floor_seconds=round(bare, 2) if bare else None,
                   ratio=round(taken[0] / bare, 2) if bare else None, rls=True, fsync=True)


def _bare(path: Path) -> float:
    """Read the sheet and insert its cells as they are, into a table without keys."""
    with stopwatch() as taken, connection.cursor() as cursor:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        cursor.execute("CREATE TEMP TABLE bare (a text, b text, c text, d text, e text)")
        for begin in range(0, len(rows), 2000):
            chunk = rows[begin:begin + 2000]
            cursor.execute("INSERT INTO bare SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])",
                           [[str(row[n]) for row in chunk] for n in range(5)])
        cursor.execute("DROP TABLE bare")
    return taken[0]
