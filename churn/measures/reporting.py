"""效果报告, 经验教训, 评估规则 on the screen (C6d, C18–C20)."""
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from audit.actions import record
from churn.measures import charts, queries, rules
from churn.measures.forms import RulesForm
from churn.measures.verdict import Count
from churn.models import Evaluation, Measure
from crm.asked import period_asked
from tenancy.refusals import Telling
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, page

PAGE = 25
USUAL = timedelta(days=89)


def effects(request: HttpRequest) -> HttpResponseBase:
    """What measures came to in a period, for the management; export gives the same figures."""
    member = need(request, "churn.view")
    first, last = period_asked(request.GET, USUAL)
    found = queries.effects(member, first, last)
    form = request.GET.get("export", "")
    if form in FORMATS:
        need(request, "crm.export")
        return _file(request, form, found)
    drawn = charts.forest([charts.Effect(one.seen.found.net, one.seen.found.low, one.seen.found.high) for one in found])
    return page(request, "churn/measures/effects.html", {
        "title": _("措施效果"), "crumb": _("改进措施"), "first": first, "last": last, "chart": drawn, "found": found,
        "rows": list(zip(found, drawn.rows, strict=True)), "sorted": queries.sorted_out(found)})


def _file(request: HttpRequest, form: str, found: list[queries.Effect]) -> HttpResponseBase:
    record(request.member, "churn.exported", effects=len(found))
    header = [_("措施"), _("责任人"), _("指标"), _("本组前"), _("本组后"), _("对照前"), _("对照后"), _("净效果（百分点）"),
              _("区间下限"), _("区间上限"), _("结论"), _("前后天数"), _("看满了"), _("和谁比")]
    return as_file(form, _("措施效果"), header, [_cells(one) for one in found], reader=request.member.name)


def _cells(one: queries.Effect) -> list[Any]:
    told, seen = one.evaluation, one.seen
    groups = [seen.treated.before, seen.treated.after, *([seen.control.before, seen.control.after] if seen.control else [None, None])]
    return [one.measure.title, one.measure.owner.name, seen.name, *map(_counted, groups),
            *map(_points, (seen.found.net, seen.found.low, seen.found.high)), one.word, told.days,
            _("是") if told.is_final else _("否"), told.control]


def _counted(count: Count | None) -> str:
    return f"{count.hits}/{count.of}" if count else ""


def _points(share: float | None) -> float | str:
    return "" if share is None else round(share * 100, 1)


def lessons(request: HttpRequest) -> HttpResponse:
    """What is to be remembered of measures that are decided."""
    member, words = need(request, "churn.view"), request.GET
    asked = {"q": words.get("q", "").strip()[:60], "state": words.get("state", "")}
    shown = Paginator(queries.lessons(member, asked["q"], asked["state"]), PAGE).get_page(words.get("page"))
    return page(request, "churn/measures/lessons.html", {
        "title": _("经验教训"), "crumb": _("改进措施"), "rows": shown, "asked": asked,
        "states": [end for end in Measure.State.choices if end[0] in queries.ENDED], "outcomes": Evaluation.Outcome.choices})


def effect_rules(request: HttpRequest) -> HttpResponse:
    """How effects are judged, by who may change it."""
    member, row = need(request, "churn.view"), rules.in_force()
    form = RulesForm(request.POST) if request.method == "POST" else RulesForm.of(row)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            rules.keep(**form.cleaned_data, by=member)
            messages.success(request, _("已保存，下一次评估起按这个算"))
            return redirect("churn:effect_rules")
    return page(request, "churn/measures/rules.html", {
        "title": _("评估规则"), "crumb": _("改进措施"), "form": form, "may_change": member.may("churn.rules")},
        status=422 if form.errors else 200)
