"""服务方案 on the screen: which plan a tier and a risk come to, what each plan owes, who is served by which."""
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from audit.actions import record
from churn.models.risk import Level
from crm.asked import campus_asked, day_asked
from service_levels import access
from service_levels.models import PlanVersion
from service_levels.plans import queries
from service_levels.plans.book import Plan, Section
from service_levels.plans.queries import Asked
from service_levels.words import SECTIONS
from tenancy.access import campuses_of
from tenancy.refusals import Absent
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, page

PAGE, MOST = 30, 5000


def plans(request: HttpRequest) -> HttpResponse:
    """The plans in force: the grid of tier and risk, and what each plan takes."""
    member = need(request, access.VIEW)
    found = queries.served(member)
    record(member, "service.plans_seen")
    return page(request, "service_levels/plans/plans.html", {
        "title": _("服务方案"), "served": found, "count": sum(one.count for one in found),
        "at_risk": sum(cell.count for one in found for row in one.rows for cell in row.cells if cell.band == Level.HIGH),
        "may_see_tiers": member.may("tiering.view") and member.may("churn.view")})


def plan(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One plan, part by part: what is owed, how often, by whom, and the written rule behind each line."""
    version = access.version_for(request.member, pk)
    found = plan_of(version, code)
    parts = [(SECTIONS[section], found.of(section)) for section in SECTIONS if found.of(Section(section))]
    served = access.entitlements(request.member).filter(version=version, plan=code).count()
    return page(request, "service_levels/plans/plan.html", {
        "title": found.name, "crumb": _("服务方案"), "version": version, "plan": found, "parts": parts, "count": served})


def plan_of(version: PlanVersion, code: str) -> Plan:
    try:
        return version.as_book().plan(code)
    except KeyError:
        raise Absent(_("没有这个方案。")) from None


def who(request: HttpRequest) -> HttpResponseBase:
    """Who is served by which plan; export gives the same."""
    member, words = need(request, access.VIEW), request.GET
    campus = campus_asked(member, words)
    asked = Asked(words.get("q", "").strip()[:80], words.get("plan", "")[:20], words.get("tier", "")[:12], words.get("band", ""),
                  campus.pk if campus else None, words.get("owner") == "me", day_asked(words, "since") if words.get("since") else None)
    rows = queries.listed(member, asked)
    names = {(version.pk, one.code): one.name for version in queries.in_force() for one in version.as_book().plans}
    if words.get("export", "") in FORMATS:
        need(request, "crm.export")
        return _file(request, words["export"], rows[:MOST], names)
    shown = Paginator(rows, PAGE).get_page(words.get("page"))
    record(member, "service.listed", ids=[row.customer_id for row in shown])
    for row in shown:
        row.plan_name = names.get((row.version_id, row.plan), row.plan)
    return page(request, "service_levels/plans/who.html", {
        "title": _("应享服务"), "crumb": _("服务方案"), "rows": shown, "asked": asked, "campuses": campuses_of(member),
        "plans": [(code, name) for (_pk, code), name in names.items()], "levels": Level.choices})


def _file(request: HttpRequest, form: str, rows: Iterable[Any], names: dict[tuple[int, str], str]) -> HttpResponseBase:
    """The list as it is narrowed; tiers and risks for who may see them."""
    member, listed = request.member, list(rows)
    record(member, "service.exported", customers=len(listed))
    header = [_("编号"), _("称呼"), _("园所"), _("服务方案"), _("等级"), _("风险"), _("从哪天起"), _("维护人")]
    cells = [[row.customer.external_ref, row.customer.name, row.customer.campus.name, names.get((row.version_id, row.plan), row.plan),
              row.label if member.may("tiering.view") else "", row.get_band_display() if member.may("churn.view") else "",
              row.from_on, str(row.customer.owner or "")] for row in listed]
    return as_file(form, _("应享服务"), header, cells, reader=member.name)
