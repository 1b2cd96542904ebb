"""A draft of the plans on the screen: the grid, each plan with its lines, what it would change, and who approves it."""
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.views.filling import one_form
from service_levels import access
from service_levels.models import PlanVersion, ServiceMeans
from service_levels.plans import drafting, means
from service_levels.plans.book import problems
from service_levels.plans.forms import GridForm, MeansForm, NewPlanForm, PlanForm, WordsForm, edited, lines_of
from service_levels.plans.preview import preview
from service_levels.plans.views import plan_of
from tenancy import doing
from tenancy.refusals import Refused, Telling, spoken
from tenancy.site import need, on_the_next_page, page


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """The scheme's one draft."""
    version = drafting.draft_of(access.scheme_for(request.member, pk), by=request.member, at=timezone.now())
    return redirect("service:draft", version.pk)


def draft(request: HttpRequest, pk: int) -> HttpResponse:
    return _draft(request, access.version_for(request.member, pk, access.EDIT))


def _draft(request: HttpRequest, row: PlanVersion, *, form: str = "", filled: Any = None, refused: str = "") -> HttpResponse:
    """The page, with the form in which something was wrong as it was filled in."""
    member, book = request.member, row.as_book()
    forms: dict[str, Any] = {"cells": GridForm(book=book), "copy": NewPlanForm(book=book), "send_back": WordsForm()}
    if form:
        forms[form] = filled
    is_open, mine = row.state in ("draft", "submitted"), row.proposed_by_id == member.pk
    used = {code for _label, _band, code in book.pairs()}
    return page(request, "service_levels/plans/draft.html", {
        "title": _("%(name)s 第 %(n)s 版") % {"name": row.scheme.name, "n": row.number}, "crumb": _("服务方案"), "row": row, "book": book,
        "forms": forms, "preview": preview(row) if is_open else None, "problems": [spoken(said) for _where, said in problems(book)],
        "plans": [(plan, plan.code in used) for plan in book.plans], "refused": refused,
        "may_edit": member.may(access.EDIT) and row.state == "draft", "may_take_back": mine and row.state == "submitted",
        "may_approve": member.may(access.PUBLISH) and row.state == "submitted" and not mine, "waits": row.state == "submitted"},
        status=422 if form or refused else 200)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done with a draft."""
    return doing.do(request, DOING, access.version_for(request.member, pk, access.EDIT), verb)


def _cells(request: HttpRequest, row: PlanVersion, form: Any) -> str:
    drafting.keep_cells(row, form.cells(), by=request.member, at=timezone.now())
    return _("草案已保存")


def _copy(request: HttpRequest, row: PlanVersion, form: Any) -> str:
    drafting.copy_plan(row, form.cleaned_data["code"], form.cleaned_data["name"], by=request.member, at=timezone.now())
    return _("多了一个方案，接着改它的内容")


def _drop(request: HttpRequest, row: PlanVersion, form: Any) -> str:
    code = plan_of(row, request.POST.get("code", "")).code
    drafting.drop_plan(row, code, by=request.member, at=timezone.now())
    return _("去掉了这个方案")


def _submit(request: HttpRequest, row: PlanVersion, form: Any) -> str:
    drafting.submit(row, by=request.member, at=timezone.now())
    return _("已提交，等另一位同事批准")


def _approve(request: HttpRequest, row: PlanVersion, form: Any) -> str:
    drafting.approve(row, by=request.member, at=timezone.now())
    return _("已生效，正在按它重算谁享什么")


def _send_back(request: HttpRequest, row: PlanVersion, form: Any) -> str:
    drafting.send_back(row, form.cleaned_data["words"], by=request.member, at=timezone.now())
    return _("又是草案了，可以接着改")


DOING = doing.Page("service:draft", _draft, {
    "cells": _cells, "copy": _copy, "drop": _drop, "submit": _submit, "approve": _approve, "send_back": _send_back}, {
    "cells": lambda request, row: GridForm(request.POST, book=row.as_book()),
    "copy": lambda request, row: NewPlanForm(request.POST, book=row.as_book()),
    "send_back": lambda request, row: WordsForm(request.POST)})


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Away with a draft."""
    with Telling(on_the_next_page(request)):
        drafting.discard(access.version_for(request.member, pk, access.EDIT), by=request.member, at=timezone.now())
        messages.success(request, _("草案放弃了，现行的不变"))
        return redirect("service:plans")
    return redirect("service:draft", pk)


def edit(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One plan of a draft: what it promises, line by line."""
    row = access.version_for(request.member, pk, access.EDIT)
    plan = plan_of(row, code)
    if row.state != "draft":
        raise Refused(_("这个版本已提交或已生效，不能再改。请另起草案。"), code="stale")
    form = PlanForm(request.POST or None, initial=vars(plan))
    lines = lines_of(plan, request.POST or None)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        with Telling(form.refuse):
            drafting.keep_plan(row, edited(plan, form, lines), by=request.member, at=timezone.now())
            messages.success(request, _("草案已保存"))
            return redirect("service:draft_plan", pk, code) if "more" in request.POST else redirect("service:draft", pk)
    return page(request, "service_levels/plans/edit.html", {
        "title": plan.name, "crumb": _("服务方案"), "row": row, "plan": plan, "form": form, "lines": lines},
        status=422 if form.errors or lines.total_error_count() else 200)


def keep_means(request: HttpRequest) -> HttpResponse:
    """What there is for keeping the promises."""
    member, known = need(request, access.EDIT), ServiceMeans.objects.first()
    initial = {"hours_week": known.hours_week, "budget_fen": f"{known.budget_fen / 100:.2f}",
               "tools": "\n".join(f"{name} {times}" for name, times in known.tools.items())} if known else {}

    def do(form: MeansForm) -> str:
        means.keep(**form.cleaned_data, by=member, at=timezone.now())
        return _("已保存，批准方案前先看够不够")
    form = MeansForm(request.POST or None, initial=initial)
    return one_form(request, form, do, "service:plans", title=_("人手和预算"), crumb=_("服务方案"))
