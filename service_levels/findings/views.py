"""原因和改进 on the screen: what waits, one reason with what is changed, where somebody should look."""
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
from crm.access import customer_for
from crm.asked import today
from crm.views.filling import begun
from service_levels import access
from service_levels.findings import queries, working
from service_levels.findings.forms import ChangeForm, DoneForm, FindingForm, TellForm
from service_levels.models import Finding
from service_levels.sheets import Columns, sheet, whose
from service_levels.words import FINDING_TABS
from tenancy import doing
from tenancy.refusals import Telling
from tenancy.site import need, on_the_next_page, page

PAGE, FIRST, MOST = 30, 12, 300


def findings(request: HttpRequest) -> HttpResponseBase:
    """What waits for a change, for its end, for the family to hear; beside it where somebody should look, and what is common."""
    member, words, day = need(request, access.VIEW), request.GET, today()
    tab = words.get("tab", "") if words.get("tab", "") in queries.TABS else "open"
    text = words.get("q", "").strip()[:80]
    found = queries.listed(member, tab, text)
    if made := sheet(request, "findings", _("原因和改进"), _columns(), found):
        return made
    rows = Paginator(found, PAGE).get_page(words.get("page"))
    silent, every = queries.to_look_at(member, day), words.get("silent") == "all"
    record(member, "service.causes_listed", ids=[row.customer_id for row in rows])
    return page(request, "service_levels/findings/list.html", {
        "title": _("原因和改进"), "rows": rows, "tab": tab, "tabs": FINDING_TABS, "counts": queries.counts(member), "q": text,
        "silent": silent[:MOST if every else FIRST], "silent_all": every, "silent_count": silent.count(),
        "common": queries.common(member, day), "today": day, "may_log": member.may(working.LOG)})


def _columns() -> Columns:
    return [*whose(), (_("原因"), "cause.__str__"), (_("查到的"), "evidence"), (_("谁查的"), "by.name"), (_("哪天查的"), "on"),
            (_("为这一家改什么"), "change"), (_("谁来改"), "member.name"), (_("哪天前"), "due_on"), (_("改好了"), "done_on"),
            (_("告诉家长了"), "told_on")]


def new(request: HttpRequest, pk: int) -> HttpResponse:
    """A reason that was found with a family."""
    member = need(request, working.LOG)
    customer = customer_for(member, pk)
    form = FindingForm(request.POST or None)

    def do() -> str:
        row = working.find(customer, form.cleaned_data["cause"], form.cleaned_data["evidence"], by=member, at=timezone.now())
        return reverse("service:finding", args=[row.pk])
    return begun(request, customer, form, do, title=_("%(name)s为什么不满意"), crumb=_("原因和改进"), submit=_("记下"),
                 said=_("记下了，接着写为这一家改什么"))


def finding(request: HttpRequest, pk: int) -> HttpResponse:
    return _finding(request, access.finding_for(request.member, pk))


def _finding(request: HttpRequest, row: Finding, *, form: str = "", filled: Any = None, refused: str = "") -> HttpResponse:
    """One reason, with the form in which something was wrong as it was filled in."""
    member = request.member
    known = {"kind": row.kind, "what": row.change, "member": row.member_id or member.pk, "due_on": row.due_on or today()}
    own_forms: dict[str, Any] = {"change": ChangeForm(auto_id="change-%s", initial=known), "done": DoneForm(auto_id="done-%s"),
                                 "tell": TellForm(auto_id="tell-%s")}
    if form in own_forms:
        own_forms[form] = filled
    if form:
        refused = refused or next(iter(filled.non_field_errors()), "")
    record(member, "service.cause_seen", row, customer=row.customer_id)
    return page(request, "service_levels/findings/detail.html", {
        "title": str(row.cause), "crumb": _("原因和改进"), "row": row, "forms": own_forms, "refused": refused,
        "may_log": member.may(working.LOG)}, status=422 if form or refused else 200)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done with a reason."""
    return doing.do(request, DOING, access.finding_for(request.member, pk), verb)


def _change(request: HttpRequest, row: Finding, form: ChangeForm) -> str:
    working.change(row, form.change(), by=request.member, at=timezone.now())
    return _("记下了，来改的同事会收到")


def _done(request: HttpRequest, row: Finding, form: DoneForm) -> str:
    working.done(row, form.cleaned_data["result"], by=request.member, at=timezone.now())
    return _("改好了，告诉家长吧")


def _tell(request: HttpRequest, row: Finding, form: TellForm) -> str:
    working.tell_back(row, form.cleaned_data["how"], by=request.member, at=timezone.now())
    return _("记下了，往来里也有")


DOING = doing.Page("service:finding", _finding, {"change": _change, "done": _done, "tell": _tell},
                   {"change": lambda request, row: ChangeForm(request.POST, auto_id="change-%s"),
                    "done": lambda request, row: DoneForm(request.POST, auto_id="done-%s"),
                    "tell": lambda request, row: TellForm(request.POST, auto_id="tell-%s")})


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Written by mistake."""
    row = access.finding_for(request.member, pk)
    with Telling(on_the_next_page(request)):
        working.drop(row, by=request.member)
        messages.success(request, _("去掉了"))
    return redirect("service:findings")
