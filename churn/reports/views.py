"""流失分析报告 on the screen (C4c, C14f)."""
from datetime import date, timedelta

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from churn import access
from churn.reports import charts, files, queries, writing
from churn.reports.forms import SummaryForm
from crm.asked import campus_asked, period_asked, today
from crm.days import quarter
from tenancy.access import campuses_of
from tenancy.refusals import Refused, Telling
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, on_the_next_page, page

WRITTEN = 12


def report(request: HttpRequest) -> HttpResponseBase:
    """What the losses of a period are made of; POST writes it down as a report; export gives the causes."""
    member = need(request, "churn.view")
    first, last = period_asked(request.GET, of_quarter(today()))
    campus = campus_asked(member, request.GET)
    found = queries.report(member, first, last, campus, by_money=request.GET.get("by") != "children")
    form = request.GET.get("export", "")
    if form in FORMATS:
        need(request, "crm.export")
        return _file(request, form, found)
    typed = SummaryForm(request.POST or None)
    if request.method == "POST" and typed.is_valid():
        with Telling(typed.refuse):
            row = writing.write(first, last, campus, typed.cleaned_data["summary"], by=member, at=timezone.now())
            messages.success(request, _("报告写好了，等签发"))
            return redirect("churn:analysis", row.pk)
    drawn = charts.columns([(one.bar.share, one.bar.reached) for one in found.bars])
    return page(request, "churn/reports/report.html", {
        "title": _("流失分析"), "crumb": _("流失个案"), "report": found, "campus": campus, "campuses": campuses_of(member), "chart": drawn,
        "columns": list(zip(found.bars, drawn.columns, strict=True)), "vital": _("、").join(one.name for one in found.vital),
        "spreads": [(title, getattr(found, code)) for code, title in files.titles().items()], "typed": typed,
        "may_write": member.may("churn.plan"), "written": access.analyses(member)[:WRITTEN]}, status=422 if typed.errors else 200)


def of_quarter(day: date) -> timedelta:
    """How far the quarter's first day lies back."""
    return day - quarter(day)


def _file(request: HttpRequest, form: str, found: queries.Report) -> HttpResponseBase:
    record(request.member, "churn.exported", report=f"{found.first}/{found.last}")
    header = [_("一级原因"), _("二级原因"), _("个案"), _("折合人数"), _("近一年缴费（元）"), _("占比")]
    cells = [[one.area, one.name, one.bar.part.cases, one.bar.part.children, one.bar.part.fen / 100, f"{one.bar.share * 100:.1f}%"]
             for one in found.bars]
    return as_file(form, _("流失分析"), header, cells, reader=request.member.name)


def analysis(request: HttpRequest, pk: int) -> HttpResponse:
    """One report as it was written, with its figures of that day."""
    row = access.analysis_for(request.member, pk)
    names = files.titles()
    return page(request, "churn/reports/analysis.html", {
        "title": _("流失分析报告"), "crumb": _("流失分析"), "row": row,
        "spreads": [(names[code], row.figures[code]) for code in files.SPREADS],
        "may_sign": request.member.may("churn.oversee") and row.signed_at is None and row.written_by_id != request.member.pk,
        "may_unsign": request.member.may("churn.oversee") and row.signed_at is not None, "may_write": request.member.may("churn.plan")})


def analysis_file(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The report as PDF or XLSX."""
    row = access.analysis_for(request.member, pk)
    need(request, "crm.export")
    if form not in MADE:
        raise Refused(_("没有这种文件。"))
    record(request.member, "churn.exported", analysis=row.pk, form=form)
    made = MADE[form](row, request.tenant.name, request.member.name)
    return FileResponse(made, as_attachment=True, filename=f"{_('流失分析报告')} {row.first} {row.last}.{form}")


MADE = {"pdf": files.pdf, "xlsx": files.xlsx}


@require_POST
def analysis_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Sign it, or take the signature back."""
    row = access.analysis_for(request.member, pk)
    if verb not in ("sign", "unsign"):
        raise Refused(_("没有这个操作。"))
    with Telling(on_the_next_page(request)):
        if verb == "sign":
            writing.sign(row, by=request.member, at=timezone.now())
        else:
            writing.unsign(row, by=request.member)
        messages.success(request, _("已签发") if verb == "sign" else _("已收回，可以改写"))
    return redirect("churn:analysis", row.pk)
