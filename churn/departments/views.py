"""部门数据 on the screen: one page a department, each with its own lists (C8–C11)."""
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from churn import access
from churn.departments import entering, queries, words
from churn.departments.forms import FindingForm
from churn.departments.queries import Period
from churn.models import ANSWERS_FOR, Area, Department, Finding, department_of
from churn.refunds.queries import asked_in
from churn.reports.views import of_quarter
from crm.asked import campus_asked, period_asked, today
from crm.days import monday
from tenancy.access import campuses_of
from tenancy.models import Membership
from tenancy.refusals import Refused, Telling
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, on_the_next_page, page

SIZE = 25
AREA_OF = {department: area for area, department in ANSWERS_FOR.items()}
Shown = dict[str, Any]


def departments(request: HttpRequest) -> HttpResponseBase:
    """What one department's records say; one's own first. POST enters one more thing that the department saw."""
    member = need(request, "churn.view")
    asked = request.GET.get("department", "") or department_of(member.role)
    department = Department(asked) if asked in AREA_OF else Department.MARKETING
    typed = FindingForm(request.POST or None, department=department, campuses=campuses_of(member), initial={"on": today()})
    if request.method == "POST" and typed.is_valid() and _entered(request, department, typed):
        return _back(department)
    period = Period(*period_asked(request.GET, of_quarter(today())), campus_asked(member, request.GET))
    form = request.GET.get("export", "")
    if form in FORMATS and department is Department.MARKETING:
        need(request, "crm.export")
        return _file(request, form, period)
    area = AREA_OF[department]
    shown: Shown = {
        "typed": typed, "findings": queries.findings(member, period, department)[:SIZE], "may_enter": _may_enter(member, department),
        "confirmation": entering.confirmed(monday(today())).get(department), "blamed": queries.blamed(member, period, area),
        "cases": queries.cases_of(member, period, area)}
    shown["heard"] = queries.heard(member, period, area)[:SIZE]
    shown |= BUILT[department](member, period) if department in BUILT else {}
    if "prospects" in shown:
        shown["prospects"] = Paginator(shown["prospects"], SIZE).get_page(request.GET.get("page"))
    _seen(member, department, shown)
    return page(request, "churn/departments/page.html", {
        "title": _("部门数据"), "department": department, "area": Area(area).label, "period": period, "campuses": campuses_of(member),
        "tabs": [(code, code.label) for code in AREA_OF], **shown}, status=422 if typed.errors else 200)


def _may_enter(member: Membership, department: str) -> bool:
    return member.may("churn.case") and (department_of(member.role) == department or member.may("churn.plan"))


def _back(department: str) -> HttpResponse:
    return redirect(f"{reverse('churn:departments')}?department={department}")


def _entered(request: HttpRequest, department: Department, typed: Any) -> bool:
    """Whether it was written down; a refusal stands in the form."""
    with Telling(typed.refuse):
        entering.enter(department, **typed.cleaned_data, by=request.member)
        messages.success(request, _("已登记"))
        return True
    return False


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """确认本周数据真实、完整."""
    department = request.POST.get("department", "")
    with Telling(on_the_next_page(request)):
        entering.confirm(department, request.POST.get("note", ""), by=need(request, "churn.case"), at=timezone.now())
        messages.success(request, _("已确认本周的数据"))
    return _back(department)


@require_POST
def finding(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Solve, open again, or drop what a department entered."""
    row = access.finding_for(request.member, pk)
    if verb not in ACTS:
        raise Refused(_("没有这个操作。"))
    with Telling(on_the_next_page(request)):
        messages.success(request, ACTS[verb](request, row))
    return _back(row.department)


def _solve(request: HttpRequest, row: Finding) -> str:
    entering.solve(row, request.POST.get("settled", ""), by=request.member, at=timezone.now())
    return _("解决了，已记下")


def _unsolve(request: HttpRequest, row: Finding) -> str:
    entering.unsolve(row, by=request.member)
    return _("已重开")


def _drop(request: HttpRequest, row: Finding) -> str:
    entering.drop(row, by=request.member)
    return _("已去掉")


ACTS: dict[str, Callable[[HttpRequest, Finding], str]] = {"solve": _solve, "unsolve": _unsolve, "drop": _drop}


def _marketing(member: Membership, period: Period) -> Shown:
    whole, by_source = queries.funnel(member, period)
    return {"whole": whole, "sources": by_source, "events": queries.campaigns(member, period), "widest": words.widest(whole),
            "steps": words.steps(whole), "prospects": queries.not_enrolled(member, period),
            "never_came": queries.never_came(member, period)}


def _teaching(member: Membership, period: Period) -> Shown:
    return {"comments": queries.comments(member, period)[:SIZE]}


def _service(member: Membership, period: Period) -> Shown:
    found = queries.complaints(member, period)
    refunds = list(queries.refunds(member, period)[:SIZE]) if member.may("crm.money") else None
    asked = asked_in(member, period.first, period.last, period.campus)[:SIZE] if member.may("churn.refund") else None
    return {"complaints": found, "open": sum(one.is_open for one in found), "refunds": refunds, "asked": asked}


BUILT: dict[str, Callable[[Membership, Period], Shown]] = {
    Department.MARKETING: _marketing, Department.TEACHING: _teaching, Department.SERVICE: _service}


def _seen(member: Membership, department: str, shown: Shown) -> None:
    """Whose names stood on the page goes into the record."""
    ids = {case.customer_id for case in shown["cases"]} | {row.pk for row in shown.get("prospects", ())}
    ids |= {row.customer_id for row in shown.get("comments", ())} | {one.entry.customer_id for one in shown.get("complaints", ())}
    ids |= {row.customer_id for name in ("refunds", "asked") for row in shown.get(name) or ()}
    record(member, "churn.department_read", department=str(department), ids=sorted(ids))


def _file(request: HttpRequest, form: str, period: Period) -> HttpResponseBase:
    """咨询未报名, as it is narrowed."""
    rows = list(queries.not_enrolled(request.member, period)[:5000])
    record(request.member, "churn.exported", prospects=len(rows))
    header = [_("编号"), _("称呼"), _("园所"), _("来源"), _("哪天来问的"), _("最后联系"), _("负责人")]
    cells = [[row.external_ref, row.name, row.campus.name, row.source, row.since, row.last_on or "", str(row.owner or "")] for row in rows]
    return as_file(form, _("咨询未报名"), header, cells, reader=request.member.name)
