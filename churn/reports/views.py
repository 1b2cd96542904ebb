"""流失分析报告 on the screen (C4c, C14f)."""
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from audit.actions import record
from churn.reports import charts, queries
from crm.asked import campus_asked, period_asked, today
from tenancy.access import campuses_of
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, page


def report(request: HttpRequest) -> HttpResponseBase:
    """What the losses of a period are made of; export gives the causes."""
    member = need(request, "churn.view")
    first, last = period_asked(request.GET, of_quarter(today()))
    campus = campus_asked(member, request.GET)
    found = queries.report(member, first, last, campus, by_money=request.GET.get("by") != "children")
    form = request.GET.get("export", "")
    if form in FORMATS:
        need(request, "crm.export")
        return _file(request, form, found)
    drawn = charts.columns([(one.bar.share, one.bar.reached) for one in found.bars])
    return page(request, "churn/reports/report.html", {
        "title": _("流失分析"), "crumb": _("流失个案"), "report": found, "campus": campus, "campuses": campuses_of(member), "chart": drawn,
        "columns": list(zip(found.bars, drawn.columns, strict=True)), "vital": _("、").join(one.name for one in found.vital),
        "spreads": [(_("按园所"), found.campuses), (_("按班级"), found.classes), (_("按来源"), found.sources)]})


def of_quarter(day: date) -> timedelta:
    """How far the quarter's first day lies back."""
    return day - queries.quarter(day)


def _file(request: HttpRequest, form: str, found: queries.Report) -> HttpResponseBase:
    record(request.member, "churn.exported", report=f"{found.first}/{found.last}")
    header = [_("一级原因"), _("二级原因"), _("个案"), _("折合人数"), _("近一年缴费（元）"), _("占比")]
    cells = [[one.area, one.name, one.bar.part.cases, one.bar.part.children, one.bar.part.fen / 100, f"{one.bar.share * 100:.1f}%"]
             for one in found.bars]
    return as_file(form, _("流失分析"), header, cells, reader=request.member.name)
