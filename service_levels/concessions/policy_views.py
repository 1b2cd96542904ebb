"""优惠办法 on the screen: the rules in force, the draft of the next version, and who approves it."""
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.asked import today
from crm.views.filling import one_form
from service_levels import access
from service_levels.concessions import drafting, known, queries
from service_levels.concessions.forms import RuleForm, SendBackForm, cap_form
from service_levels.concessions.policy import problems
from service_levels.models import ConcessionPolicy
from tenancy import doing
from tenancy.refusals import Absent, Refused, Telling, spoken
from tenancy.site import on_the_next_page, page

NEW = "new"


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """The one draft."""
    return redirect("service:policy", drafting.draft_of(by=request.member, at=timezone.now()).pk)


def policy(request: HttpRequest, pk: int) -> HttpResponse:
    return _policy(request, access.policy_for(request.member, pk))


def _policy(request: HttpRequest, row: ConcessionPolicy, *, form: str = "", filled: Any = None, refused: str = "") -> HttpResponse:
    member, held, lines = request.member, row.as_policy(), known.promised()
    forms: dict[str, Any] = {"cap": cap_form(held), "send_back": SendBackForm()}
    if form:
        forms[form], refused = filled, refused or next(iter(filled.non_field_errors()), "")
    is_open, mine = row.state in ("draft", "submitted"), row.proposed_by_id == member.pk
    return page(request, "service_levels/concessions/policy.html", {
        "title": _("优惠办法第 %(n)s 版") % {"n": row.number}, "crumb": _("优惠"), "row": row, "policy": held, "forms": forms,
        "spent": [(one, lines.get(one.rule.line)) for one in queries.spent(held, today().year)], "year": today().year,
        "problems": [spoken(said) for _where, said in problems(held, list(lines))] if is_open else [], "refused": refused,
        "lacking": [line for key, line in lines.items() if not held.of_line(key)], "draft": queries.draft(),
        "others": ConcessionPolicy.objects.exclude(pk=row.pk), "may_edit": member.may(access.EDIT) and row.state == "draft",
        "may_take_back": mine and row.state == "submitted",
        "may_approve": member.may(access.PUBLISH) and row.state == "submitted" and not mine}, status=422 if form or refused else 200)


def edit(request: HttpRequest, pk: int, rule: str) -> HttpResponse:
    """One rule of a draft, or a new one."""
    row = access.policy_for(request.member, pk, access.EDIT)
    held = row.as_policy()
    found = held.rule(rule)
    if found is None and rule != NEW:
        raise Absent(_("没有这一条规则。"))
    if row.state != "draft":
        raise Refused(_("这个版本已提交或已生效，不能再改。请另起草案。"), code="stale")

    def do(form: RuleForm) -> str:
        drafting.keep_rule(row, form.rule(found.code if found else drafting.fresh_code(held)), by=request.member, at=timezone.now())
        return _("草案已保存")
    form = RuleForm(request.POST or None, rule=found, lines=known.promised())
    return one_form(request, form, do, reverse("service:policy", args=[pk]), title=found.name if found else _("新规则"), crumb=_("优惠"),
                    submit=_("存草案"))


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done with a version."""
    return doing.do(request, DOING, access.policy_for(request.member, pk), verb)


def _cap(request: HttpRequest, row: ConcessionPolicy, form: Any) -> str:
    drafting.keep_cap(row, form.cleaned_data["most_fen"], by=request.member, at=timezone.now())
    return _("草案已保存")


def _drop(request: HttpRequest, row: ConcessionPolicy, form: Any) -> str:
    drafting.drop_rule(row, request.POST.get("code", "")[:20], by=request.member, at=timezone.now())
    return _("去掉了这一条")


def _submit(request: HttpRequest, row: ConcessionPolicy, form: Any) -> str:
    drafting.submit(row, by=request.member, at=timezone.now())
    return _("已提交，等另一位同事批准")


def _approve(request: HttpRequest, row: ConcessionPolicy, form: Any) -> str:
    drafting.approve(row, by=request.member, at=timezone.now())
    return _("已生效，从现在起按它申请")


def _send_back(request: HttpRequest, row: ConcessionPolicy, form: Any) -> str:
    drafting.send_back(row, form.cleaned_data["words"], by=request.member, at=timezone.now())
    return _("又是草案了，可以接着改")


DOING = doing.Page("service:policy", _policy, {
    "cap": _cap, "drop": _drop, "submit": _submit, "approve": _approve, "send_back": _send_back}, {
    "cap": lambda request, row: cap_form(row.as_policy(), request.POST), "send_back": lambda request, row: SendBackForm(request.POST)})


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Away with a draft."""
    with Telling(on_the_next_page(request)):
        drafting.discard(access.policy_for(request.member, pk, access.EDIT), by=request.member, at=timezone.now())
        messages.success(request, _("草案放弃了，现行的不变"))
        return redirect("service:concessions")
    return redirect("service:policy", pk)
