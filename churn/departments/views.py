"""部门数据 on the screen: one page a department, each with its own lists (C8–C11)."""
from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from audit.actions import record
from churn.departments import queries, words
from churn.departments.queries import Period
from churn.models import ANSWERS_FOR, Area, Department, department_of
from churn.reports.views import of_quarter
from crm.asked import campus_asked, period_asked, today
from tenancy.access import campuses_of
from tenancy.models import Membership
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, page

SIZE = 25
AREA_OF = {department: area for area, department in ANSWERS_FOR.items()}
Shown = dict[str, Any]


def departments(request: HttpRequest) -> HttpResponseBase:
    """What one department's records say; one's own first."""
    member = need(request, "churn.view")
    asked = request.GET.get("department", "") or department_of(member.role)
    department = Department(asked) if asked in AREA_OF else Department.MARKETING
    period = Period(*period_asked(request.GET, of_quarter(today())), campus_asked(member, request.GET))
    form = request.GET.get("export", "")
    if form in FORMATS and department is Department.MARKETING:
        need(request, "crm.export")
        return _file(request, form, period)
    area = AREA_OF[department]
    shown: Shown = {"blamed": queries.blamed(member, period, area), "cases": queries.cases_of(member, period, area)}
    shown |= BUILT[department](member, period) if department in BUILT else {}
    if "prospects" in shown:
        shown["prospects"] = Paginator(shown["prospects"], SIZE).get_page(request.GET.get("page"))
    _seen(member, department, shown)
    return page(request, "churn/departments/page.html", {
        "title": _("部门数据"), "department": department, "area": Area(area).label, "period": period, "campuses": campuses_of(member),
        "tabs": [(code, code.label) for code in AREA_OF], **shown})


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
    return {"complaints": found, "open": sum(one.is_open for one in found), "refunds": refunds}


BUILT: dict[str, Callable[[Membership, Period], Shown]] = {
    Department.MARKETING: _marketing, Department.TEACHING: _teaching, Department.SERVICE: _service}


def _seen(member: Membership, department: str, shown: Shown) -> None:
    """Whose names stood on the page goes into the record."""
    ids = {case.customer_id for case in shown["cases"]} | {row.pk for row in shown.get("prospects", ())}
    ids |= {row.customer_id for row in shown.get("comments", ())} | {one.entry.customer_id for one in shown.get("complaints", ())}
    ids |= {row.customer_id for row in shown.get("refunds") or ()}
    record(member, "churn.department_read", department=str(department), ids=sorted(ids))


def _file(request: HttpRequest, form: str, period: Period) -> HttpResponseBase:
    """咨询未报名, as it is narrowed."""
    rows = list(queries.not_enrolled(request.member, period)[:5000])
    record(request.member, "churn.exported", prospects=len(rows))
    header = [_("编号"), _("称呼"), _("园所"), _("来源"), _("哪天来问的"), _("最后联系"), _("负责人")]
    cells = [[row.external_ref, row.name, row.campus.name, row.source, row.since, row.last_on or "", str(row.owner or "")] for row in rows]
    return as_file(form, _("咨询未报名"), header, cells, reader=request.member.name)
