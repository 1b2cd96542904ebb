"""The report as PDF (typst) and XLSX. Names stand only in the annex, phones nowhere."""
import io
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from tenancy import papers
from tiering import reports
from tiering.models import Result
from tiering.reports import Report
from tiering.rules import POSITION
from tiering.stays import Mean
from tiering.words import NAMES, limit_sentences

TEMPLATE = Path(__file__).parent / "report.typ"


def pdf(report: Report, tenant: Any, reader: str) -> io.BytesIO:
    """A4; page 1 is a full answer."""
    return io.BytesIO(papers.pdf(TEMPLATE, _data(report, tenant, reader)))


def _data(report: Report, tenant: Any, reader: str) -> dict[str, Any]:
    written, found = reports.report_of(report.batch), reports.findings(report)
    rows = [[before, [(c.count, c.kind) for c in cells]] for before, cells in report.movement.rows()]
    return {
        "school": tenant.name, "quarter": report.batch.quarter, "as_of": str(report.batch.as_of), "reader": reader,
        "scheme": report.batch.version.scheme.name, "version": report.batch.version.number, "digest": report.batch.digest[:16],
        "headline": reports.headline(report), "findings": found, "summary": written.summary,
        "signed": f"{written.signed_by} {timezone.localtime(written.signed_at):%Y-%m-%d}" if written.signed_at else "",
        "labels": list(report.labels), "distribution": report.distribution, "campuses": report.by_campus,
        "movement": rows, "movement_sums": report.movement.sums(), "figures": _figures(report),
        "trend": [[label, values] for label, values in report.trend.items()], "quarters": report.quarters,
        "retention": [[label, r.kept, r.of, r.share] for label in report.labels
                      for r in [report.retention.get(label)] if r is not None],
        "method": [str(NAMES[i.code]) + f" {i.weight}" for i in report.batch.version.as_rules().indicators],
        "limits": limit_sentences(report.batch.version.as_rules()),
    }


def _figures(report: Report) -> list[list[str]]:
    def shown(rate: Any) -> str:
        return "–" if rate is None or rate.share is None else f"{rate.share * 100:.1f}%"
    def marks(mean: Mean) -> str:
        return "–" if mean.score is None else f"{mean.score:.2f}"
    satisfied = report.satisfaction.get("", Mean(0, 0))
    total = report.retention.get("")
    referred = sum(report.referred.values())
    return [[shown(total), _("留存率"), f"{total.kept} / {total.of}" if total else ""],
            [shown(report.growth), _("新客户增长率"), _("分级前 %(x)s") % {"x": shown(report.growth_before)}],
            [marks(satisfied), _("满意度（5 分）"), _("上期 %(x)s") % {"x": marks(report.satisfaction_before)}],
            [_("%(n)s 户") % {"n": referred}, _("转介绍报名"), ""],
            [str(report.movement.ups), _("升级户数"), _("降级 %(n)s 户") % {"n": report.movement.downs}],
            [f"{(report.override_rate or 0) * 100:.1f}%", _("人工调整"), _("%(n)s 户") % {"n": report.overrides}]]


def xlsx(report: Report, tenant: Any, reader: str) -> io.BytesIO:
    """Sheets: overview, movement, results. Text is text, numbers are numbers; rows leave memory as they are written."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bottom": 1})
    _overview(book.add_worksheet(_("概况")), report, tenant, reader, bold)
    _movement(book.add_worksheet(_("升降矩阵")), report, bold)
    _results(book.add_worksheet(_("明细")), report, bold)
    book.close()
    out.seek(0)
    return out


def _overview(sheet: Any, report: Report, tenant: Any, reader: str, bold: Any) -> None:
    sheet.write_string(0, 0, f"{tenant.name} {report.batch.quarter} {_('客户分级报告')}", bold)
    sheet.write_string(1, 0, reports.headline(report))
    for row, (value, name, note) in enumerate(_figures(report), start=3):
        for column, text in enumerate((name, value, note)):
            sheet.write_string(row, column, text)
    sheet.write_row(10, 0, [_("等级"), _("户数")], bold)
    for row, (label, count) in enumerate(report.distribution, start=11):
        sheet.write_string(row, 0, label)
        sheet.write_number(row, 1, count)
    sheet.write_string(20, 0, _("校验码") + " " + report.batch.digest[:16])
    sheet.set_column(0, 0, 26)
    sheet.set_footer(f"&L{reader}&R&P / &N")


def _movement(sheet: Any, report: Report, bold: Any) -> None:
    sheet.write_row(0, 0, [_("上季＼本季"), *report.labels, _("离开"), _("上季")], bold)
    for row, (before, cells) in enumerate(report.movement.rows(), start=1):
        sheet.write_string(row, 0, _("新来") if before == "new" else before)
        for column, cell in enumerate(cells, start=1):
            sheet.write_number(row, column, cell.count)


def _results(sheet: Any, report: Report, bold: Any) -> None:
    rules = report.batch.version.as_rules()
    names = [str(NAMES[i.code]) for i in rules.indicators]
    sheet.write_row(0, 0, [_("编号"), _("园所"), _("等级"), _("分数"), *names, _("缺的资料")], bold)
    sheet.freeze_panes(1, 1)
    rows = Result.objects.filter(batch=report.batch).order_by("customer__external_ref")
    if report.campus:
        rows = rows.filter(campus_id_then=report.campus)
    told = rows.values_list("customer__external_ref", "customer__campus__name", "tier", "score", "parts", "missing")
    for number, (reference, campus, tier, score, parts, missing) in enumerate(told.iterator(chunk_size=5000), start=1):
        sheet.write_string(number, 0, reference)
        sheet.write_string(number, 1, campus)
        sheet.write_string(number, 2, rules.labels[tier] if tier is not None else "")
        for column, hundredths in enumerate((score, *parts), start=3):
            sheet.write_number(number, column, hundredths / 100)
        if missing:
            sheet.write_string(number, 4 + len(parts), "、".join(str(NAMES[m]) for m in missing if m in POSITION))
