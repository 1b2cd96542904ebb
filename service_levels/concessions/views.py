"""优惠 on the screen: who was given what, asked for by one, approved by another, made use of; and whether it was fair."""
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from crm.access import customer_for
from crm.asked import today
from service_levels import access
from service_levels.concessions import fairness, known, queries, working
from service_levels.concessions.forms import AskForm, GiveForm, GrantForm, RefuseForm
from service_levels.models import Concession
from service_levels.words import CONCESSION_TABS
from tenancy import doing
from tenancy.refusals import Telling, spoken
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, page

PAGE, MOST = 30, 5000
State = Concession.State


def concessions(request: HttpRequest) -> HttpResponseBase:
    """What waits, what was granted, what is left of each budget."""
    member, words, day = need(request, access.SEE_CONCESSIONS), request.GET, today()
    tab = words.get("tab", "") if words.get("tab", "") in queries.TABS else "waiting"
    asked = {"q": words.get("q", "").strip()[:80], "rule": words.get("rule", "")[:20], "tab": tab}
    rows, policy = queries.listed(member, tab, asked["q"], asked["rule"]), known.in_force()
    if words.get("export", "") in FORMATS:
        need(request, "crm.export")
        return _file(request, words["export"], list(rows[:MOST]))
    shown = Paginator(rows, PAGE).get_page(words.get("page"))
    record(member, "service.concessions_listed", ids=[row.customer_id for row in shown])
    return page(request, "service_levels/concessions/list.html", {
        "title": _("优惠"), "rows": shown, "asked": asked, "tabs": CONCESSION_TABS, "counts": queries.counts(member), "rules": policy.rules,
        "spent": queries.spent(policy, day.year), "of_the_year": queries.of_the_year(member, day.year), "year": day.year,
        "unruled": queries.unruled(policy), "draft": queries.draft(), "version": known.version()})


def _file(request: HttpRequest, form: str, rows: list[Concession]) -> HttpResponseBase:
    record(request.member, "service.concessions_exported", customers=len(rows))
    header = [_("编号"), _("称呼"), _("园所"), _("什么优惠"), _("多少（元）"), _("状态"), _("谁申请"), _("谁批的"), _("最晚哪天用"),
              _("哪天用的")]
    cells = [[row.customer.external_ref, row.customer.name, row.customer.campus.name, row.name, f"{row.fen / 100:.2f}",
              row.get_state_display(), row.asked_by.name, str(row.decided_by or ""), row.until_on, row.given_on] for row in rows]
    return as_file(form, _("优惠"), header, cells, reader=request.member.name)


def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for one for a family; what its plan leads to, and what stands in the way of each rule."""
    member, day = need(request, access.CONCEDE), today()
    customer, policy = customer_for(member, pk), known.in_force()
    rules = known.rules_for(customer, policy, day)
    wanted = next((rule for rule in rules if rule.code == request.GET.get("rule")), None)
    begun = {"rule": wanted.code, "fen": f"{wanted.most_fen / 100:.2f}"} if wanted else None
    form = AskForm(request.POST or None, customer=customer, rules=rules, initial=begun)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            row = working.ask(customer, form.wish(), by=member, at=timezone.now())
            messages.success(request, _("交上去了，另一位同事批了就能给"))
            return redirect("service:concession", row.pk)
    told = [(rule, [(check.holds, spoken(check.said)) for check in known.checks_of(customer, policy, rule, rule.most_fen, day)])
            for rule in rules]
    return page(request, "service_levels/concessions/ask.html", {
        "title": _("申请优惠"), "crumb": _("优惠"), "customer": customer, "rules": told, "form": form}, status=422 if form.errors else 200)


def concession(request: HttpRequest, pk: int) -> HttpResponse:
    return _concession(request, access.concession_for(request.member, pk))


def _concession(request: HttpRequest, row: Concession, *, form: str = "", filled: Any = None, refused: str = "") -> HttpResponse:
    member, policy = request.member, known.in_force()
    rule, waits = policy.rule(row.rule), row.state == State.ASKED
    forms: dict[str, Any] = {"grant": GrantForm(auto_id="grant_%s"), "refuse": RefuseForm(auto_id="refuse_%s"), "give": GiveForm()}
    if form:
        forms[form], refused = filled, refused or next(iter(filled.non_field_errors()), "")
    record(member, "service.concession_seen", row)
    told = known.checks_of(row.customer, policy, rule, row.fen, today()) if rule and waits else ()
    return page(request, "service_levels/concessions/detail.html", {
        "title": row.name, "crumb": _("优惠"), "row": row, "forms": forms, "refused": refused, "gone": waits and rule is None,
        "checks": [(check.holds, spoken(check.said)) for check in told], "may_decide": member.may(access.PUBLISH) and waits,
        "mine": row.asked_by_id == member.pk, "may_give": member.may(access.CONCEDE)}, status=422 if form or refused else 200)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done with one."""
    return doing.do(request, DOING, access.concession_for(request.member, pk), verb)


def _grant(request: HttpRequest, row: Concession, form: Any) -> str:
    working.grant(row, form.cleaned_data["words"], by=request.member, at=timezone.now())
    return _("批了，钱从今年的预算里留出来了")


def _refuse(request: HttpRequest, row: Concession, form: Any) -> str:
    working.refuse(row, form.cleaned_data["words"], by=request.member, at=timezone.now())
    return _("没批，申请的同事会看到为什么")


def _give(request: HttpRequest, row: Concession, form: Any) -> str:
    working.give(row, form.cleaned_data["on"], by=request.member, at=timezone.now())
    return _("兑现了，往来里也写了")


def _take_back(request: HttpRequest, row: Concession, form: Any) -> str:
    working.take_back(row, by=request.member, at=timezone.now())
    return _("改回“批了，还没用”")


def _withdraw(request: HttpRequest, row: Concession, form: Any) -> str:
    working.withdraw(row, by=request.member, at=timezone.now())
    return _("撤回了；批过的，钱退回预算")


DOING = doing.Page("service:concession", _concession, {
    "grant": _grant, "refuse": _refuse, "give": _give, "take_back": _take_back, "withdraw": _withdraw}, {
    "grant": lambda request, row: GrantForm(request.POST, auto_id="grant_%s"),
    "refuse": lambda request, row: RefuseForm(request.POST, auto_id="refuse_%s"),
    "give": lambda request, row: GiveForm(request.POST)})


def fair(request: HttpRequest) -> HttpResponse:
    """公平检查: by campus and colleague, prices that no rule covers, families that were given something and soon threatened again."""
    member, day = need(request, access.SEE_CONCESSIONS), today()
    record(member, "service.concessions_compared")
    below, besides, again = fairness.below_list(member, day), fairness.promised_besides(member, day), fairness.again(member, day)
    return page(request, "service_levels/concessions/fair.html", {
        "title": _("优惠公平检查"), "crumb": _("优惠"),
        "splits": [(_("按园所"), fairness.split(member, "campus__name", day)), (_("按维护人"), fairness.split(member, "owner__name", day))],
        "below": below[:fairness.SHOWN], "below_sum": fairness.sum_of(below, "off_fen"), "besides": besides[:fairness.SHOWN],
        "besides_sum": fairness.sum_of(besides, "fen"), "again": again[:fairness.SHOWN], "again_count": again.count()})
