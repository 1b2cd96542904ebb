"""退费 on the screen: the list, taking an application down, the preview with its save offer, what is done with it, the rules."""
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import looked, record
from churn import access
from churn.models import RefundLine, RefundRequest, RefundRules
from churn.refunds import counting, in_force, queries, working
from churn.refunds.forms import ApplicationForm, OfferForm, RulesForm, Sheet, WordsForm
from churn.refunds.offers import Beside
from churn.refunds.rules import Pack
from churn.refunds.shipped import packs_for
from churn.refunds.words import LIMITS
from churn.risk.panels import why_card
from crm.access import customer_for
from crm.asked import campus_asked, today
from crm.models import Child
from crm.queries import spend_of_a_year
from tenancy import doing
from tenancy.access import campuses_of
from tenancy.refusals import Telling
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, page
from tenancy.typed import as_id

PAGE = 25
State = RefundRequest.State


def refunds(request: HttpRequest) -> HttpResponseBase:
    """The list, what is open first; export gives the same."""
    member, words = need(request, "churn.refund"), request.GET
    campus = campus_asked(member, words)
    asked = queries.Asked(words.get("q", "").strip()[:80], words.get("state", ""), campus.pk if campus else None)
    rows = queries.listed(member, asked)
    form = words.get("export", "")
    if form in FORMATS:
        need(request, "crm.export")
        return _file(request, form, list(rows[:5000]))
    shown = Paginator(rows, PAGE).get_page(words.get("page"))
    record(member, "churn.refunds_listed", ids=[row.pk for row in shown])
    return page(request, "churn/refunds/list.html", {
        "title": _("退费申请"), "rows": shown, "asked": asked, "counts": queries.counts(member), "states": State.choices, "today": today(),
        "campuses": campuses_of(member), "holds": in_force.in_force(request.tenant.kind)})


def _file(request: HttpRequest, form: str, rows: list[Any]) -> HttpResponseBase:
    looked(request.member, "crm.child_exported", Child.objects.filter(pk__in=[row.child_id for row in rows if row.child_id]))
    record(request.member, "churn.exported", refunds=len(rows))
    header = [_("编号"), _("称呼"), _("孩子"), _("园所"), _("哪天申请的"), _("家长说的原因"), _("退多少（元）"), _("状态"), _("谁登记"),
              _("谁审批"), _("哪天了结")]
    cells = [[row.customer.external_ref, row.customer.name, row.child.name if row.child else "", row.campus.name, row.asked_on,
              row.reason, row.fen / 100, row.get_state_display(), row.by.name, str(row.decided_by or ""), row.closed_on or ""]
             for row in rows]
    return as_file(form, _("退费申请"), header, cells, reader=request.member.name)


def new(request: HttpRequest) -> HttpResponse:
    """Take an application down, from a family's page."""
    member = need(request, "churn.refund")
    customer = customer_for(member, as_id((request.POST or request.GET).get("customer", "")))
    children = Child.objects.filter(family__customer=customer)
    only = children.first() if children.count() == 1 else None
    form = ApplicationForm(request.POST or None, children=children, initial={"child": only, "asked_on": today()})
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            row = working.take(customer, form.asked(), by=member, at=timezone.now())
            messages.success(request, _("已登记。谈之前先看能退多少、挽留要多少。"))
            return redirect("churn:refund", row.pk)
    return page(request, "churn/refunds/new.html", {"title": _("登记退费申请"), "crumb": _("退费申请"), "form": form, "customer": customer},
                status=422 if form.errors else 200)


def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: what each payment comes to and why, what a save offer costs beside it, where it stands."""
    row = access.refund_for(request.member, pk)
    if row.child:
        looked(request.member, "crm.child_viewed", Child.objects.filter(pk=row.child.pk))
    return _refund(request, row)


def _refund(request: HttpRequest, row: RefundRequest, *, form: str = "", filled: Any = None, refused: str = "") -> HttpResponse:
    """The page, with the form in which something was wrong as it was filled in."""
    member, holds, lines = request.member, in_force.in_force(request.tenant.kind), working.lines_of(row)
    forms: dict[str, Any] = {"offer": OfferForm(), "words": WordsForm()}
    if form:
        forms[form] = filled
    sheet = filled if form == "count" else Sheet(row, lines, holds.pack if holds else None)
    total, offers = counting.sum_of(lines), list(row.offers.select_related("by"))
    latest = next((one for one in offers if one.answer != one.Answer.REFUSED), None)
    return page(request, "churn/refunds/refund.html", {
        "title": row.customer.name, "crumb": _("退费申请"), "row": row, "sheet": sheet, "lines": lines, "total": total,
        "offers": offers, "latest": latest, "others": working.others(row, lines) if row.state == State.ASKED else [],
        "beside": Beside(total.fen, max(0, spend_of_a_year(row.customer, today())), latest.fen if latest else 0),
        "over": _over(lines, holds.pack) if holds else [], "holds": holds, "forms": forms, "refused": refused, "today": today(),
        "risk": why_card(member, row.customer, today()) if member.may("churn.view") else None,
        "may_approve": member.may("crm.refund") and row.proposed_by_id != member.pk}, status=422 if form or refused else 200)


def _over(lines: list[RefundLine], pack: Pack) -> list[str]:
    """预收超限 in words, each with its payment."""
    most = {"months": pack.limits.months, "lessons": pack.limits.lessons, "fen": (pack.limits.fen or 0) // 100}
    return [f"{line.payment.fee_kind.name} {line.payment.paid_on}：" + "，".join(str(LIMITS[code]) % {"most": most[code]} for code in codes)
            for line, codes in counting.over_limits(lines, pack)]


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done with an application."""
    return doing.do(request, DOING, access.refund_for(request.member, pk), verb)


def _sheet(request: HttpRequest, row: RefundRequest) -> Sheet:
    holds = in_force.in_force(request.tenant.kind)
    return Sheet(row, working.lines_of(row), holds.pack if holds else None, request.POST)


def _count(request: HttpRequest, row: RefundRequest, sheet: Any) -> str:
    lines = [form.written() for form in sheet.forms]
    working.recount(row, sheet.day.cleaned_data["counted_on"], lines, by=request.member)
    return _("已重算")


def _add(request: HttpRequest, row: RefundRequest, form: Any) -> str:
    working.add(row, as_id(request.POST.get("payment", "")), by=request.member)
    return _("已加上这一笔")


def _offer(request: HttpRequest, row: RefundRequest, form: Any) -> str:
    working.offer(row, **form.typed(), by=request.member, at=timezone.now())
    return _("已记下挽留方案")


def _answer(request: HttpRequest, row: RefundRequest, form: Any) -> str:
    made = access.save_offer_for(request.member, row, as_id(request.POST.get("offer", "")))
    working.answer(made, request.POST.get("answer", ""), by=request.member, at=timezone.now())
    row.refresh_from_db()
    return _("留住了，申请已了结") if row.state == State.KEPT else _("已记下家长的答复")


def _propose(request: HttpRequest, row: RefundRequest, form: Any) -> str:
    working.propose(row, by=request.member, at=timezone.now())
    return _("已提交，等另一位同事审批")


def _approve(request: HttpRequest, row: RefundRequest, form: Any) -> str:
    working.approve(row, form.cleaned_data["words"], by=request.member, at=timezone.now())
    return _("已批准")


def _send_back(request: HttpRequest, row: RefundRequest, form: Any) -> str:
    working.send_back(row, form.cleaned_data["words"], by=request.member, at=timezone.now())
    return _("已退回")


def _decline(request: HttpRequest, row: RefundRequest, form: Any) -> str:
    working.decline(row, form.cleaned_data["words"], by=request.member, at=timezone.now())
    return _("没有批准，理由已记下")


def _pay(request: HttpRequest, row: RefundRequest, form: Any) -> str:
    working.pay(row, by=request.member, at=timezone.now())
    return _("已退款，每笔都记进了缴费")


def _take_back(request: HttpRequest, row: RefundRequest, form: Any) -> str:
    working.take_back(row, by=request.member, at=timezone.now())
    return _("家长撤回了，申请已了结")


def _reopen(request: HttpRequest, row: RefundRequest, form: Any) -> str:
    working.reopen(row, by=request.member, at=timezone.now())
    return _("已重开")


def _words(request: HttpRequest, row: RefundRequest) -> WordsForm:
    return WordsForm(request.POST)


DOING = doing.Page("churn:refund", _refund, {
    "count": _count, "add": _add, "offer": _offer, "answer": _answer, "propose": _propose, "approve": _approve,
    "send_back": _send_back, "decline": _decline, "pay": _pay, "take_back": _take_back, "reopen": _reopen}, {
    "count": _sheet, "offer": lambda request, row: OfferForm(request.POST), "approve": _words, "send_back": _words, "decline": _words})


def rules(request: HttpRequest) -> HttpResponse:
    """退费规则: which pack holds, what it says, and choosing another or writing one's own."""
    member, kind = need(request, "churn.refund"), request.tenant.kind
    holds = in_force.in_force(kind)
    form = RulesForm(request.POST or None, packs=packs_for(kind), initial=_initial(holds))
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            in_force.choose(form.cleaned_data["pack"], form.own(), form.cleaned_data["basis"], kind=kind, by=member, at=timezone.now())
            messages.success(request, _("以后算退费按这套规则"))
            return redirect("churn:refund_rules")
    return page(request, "churn/refunds/rules.html", {
        "title": _("退费规则"), "crumb": _("退费申请"), "form": form, "holds": holds, "may_change": member.may("churn.rules"),
        "older": RefundRules.objects.select_related("by")[:12]}, status=422 if form.errors else 200)


def _initial(holds: in_force.InForce | None) -> dict[str, Any]:
    if holds is None:
        return {"pack": in_force.OWN}
    clauses = {f"{name}_{group}": getattr(rule, name) for group, rule in holds.pack.rules.items() for name in ("method", "clause")}
    return {"pack": holds.pack.code, "basis": holds.pack.basis} | clauses
