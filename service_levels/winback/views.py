"""挽回 on the screen: whom the group wins back, one family with its measures, and what helped."""
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
from churn.groups import group
from crm.access import customer_for
from crm.asked import today
from crm.models import WorkingGroup
from crm.views.filling import begun
from service_levels import access
from service_levels.events.inviting import invite
from service_levels.models import WinBack, WinBackStep
from service_levels.sheets import Columns, sheet, whose
from service_levels.winback import queries, working
from service_levels.winback.forms import DoneForm, EndForm, ShowForm, StepForm, StrategyForm
from service_levels.words import WIN_BACK_SAID, WIN_BACK_TABS
from tenancy import doing
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page
from tenancy.typed import as_id

PAGE, FIRST = 30, 12


def winbacks(request: HttpRequest) -> HttpResponseBase:
    """Who is being won back, whom nobody spoke with for a week first; beside it those with whom nobody has begun, and what helped."""
    member, words, day = need(request, working.SEE), request.GET, today()
    tab = words.get("tab", "") if words.get("tab", "") in queries.TABS else "open"
    asked = {"q": words.get("q", "").strip()[:80], "mine": "1" if words.get("mine") == "1" else "", "tab": tab}
    found = queries.listed(member, tab, day, asked["q"], bool(asked["mine"]))
    if made := sheet(request, "win_backs", _("挽回"), _columns(), found):
        return made
    rows = Paginator(found, PAGE).get_page(words.get("page"))
    owed = queries.owed_to(member)
    record(member, "service.win_backs_listed", ids=[row.customer_id for row in rows])
    return page(request, "service_levels/winback/list.html", {
        "title": _("挽回"), "rows": rows, "asked": asked, "tab": tab, "tabs": WIN_BACK_TABS, "counts": queries.counts(member),
        "owed": owed[:FIRST], "owed_count": owed.count(), "group": group(WorkingGroup.Kind.WIN_BACK), "helped": queries.helped(member, day),
        "week_ago": day - queries.A_WEEK, "may_do": member.may(working.DO)})


def _columns() -> Columns:
    return [*whose(), (_("谁牵头"), "lead.name"), (_("为什么不满意"), "why"), (_("怎么挽回"), "strategy"), (_("哪天开始的"), "opened_on"),
            (_("上次联系"), "talked_on"), (_("措施"), "steps_all"), (_("做好的"), "steps_done"), (_("给家长看了的"), "steps_shown"),
            (_("结果"), "get_state_display")]


def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan for a family."""
    member = need(request, working.DO)
    customer = customer_for(member, pk)
    form = StrategyForm(request.POST or None, initial={"lead": member})

    def do() -> str:
        return reverse("service:win_back", args=[working.begin(customer, form.wish(), by=member, at=timezone.now()).pk])
    return begun(request, customer, form, do, title=_("挽回%(name)s"), crumb=_("挽回"), submit=_("开始"),
                 said=_("开始了，接着写要做哪几件事"))


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    return _plan(request, access.win_back_for(request.member, pk))


def _plan(request: HttpRequest, row: WinBack, *, form: str = "", filled: Any = None, refused: str = "") -> HttpResponse:
    """The plan, with the form in which something was wrong as it was filled in."""
    member, day = request.member, today()
    own_forms: dict[str, Any] = {
        "keep": StrategyForm(auto_id="keep-%s", initial={"why": row.why, "strategy": row.strategy, "lead": row.lead_id}),
        "step": StepForm(auto_id="step-%s", initial={"member": member, "due_on": day}), "close": EndForm(auto_id="close-%s")}
    if form in own_forms:
        own_forms[form] = filled
    if form:
        refused = refused or next(iter(filled.non_field_errors()), "")
    record(member, "service.win_back_seen", row, customer=row.customer_id)
    return page(request, "service_levels/winback/detail.html", {
        "title": row.customer.name, "crumb": _("挽回"), "row": row, "refused": refused, "forms": own_forms, "today": day,
        "steps": row.steps.select_related("member", "training", "shown_by"), "weeks": queries.weeks(row, day),
        "beside": queries.beside(row), "causes": queries.causes(member, row), "small": queries.small_events(row, day),
        "done": DoneForm(auto_id=False),
        "ways": ShowForm().fields["how"].choices, "may_do": member.may(working.DO), "may_invite": member.may(access.ORGANISE)},
        status=422 if form or refused else 200)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done with a plan."""
    return doing.do(request, DOING, access.win_back_for(request.member, pk), verb)


def _keep(request: HttpRequest, row: WinBack, form: StrategyForm) -> str:
    working.keep(row, form.wish(), by=request.member, at=timezone.now())
    return _("记下了")


def _step(request: HttpRequest, row: WinBack, form: StepForm) -> str:
    step = form.row()
    step.winback = row
    working.add(step, by=request.member, at=timezone.now())
    return _("加上了，做的同事会收到")


def _close(request: HttpRequest, row: WinBack, form: EndForm) -> str:
    working.close(row, form.end(), by=request.member, at=timezone.now())
    return _("了结了")


def _reopen(request: HttpRequest, row: WinBack, form: Any) -> str:
    working.reopen(row, by=request.member)
    return _("又在挽回了")


def _invite(request: HttpRequest, row: WinBack, form: Any) -> str:
    """To a small event (K31c)."""
    event = access.event_for(request.member, as_id(request.POST.get("event", "")), access.ORGANISE)
    invite(event, [row.customer], by=request.member, at=timezone.now())
    return _("请了这一家来“%(title)s”") % {"title": event.title}


DOING = doing.Page("service:win_back", _plan, {"keep": _keep, "step": _step, "close": _close, "reopen": _reopen, "invite": _invite},
                   {"keep": lambda request, row: StrategyForm(request.POST, auto_id="keep-%s"),
                    "step": lambda request, row: StepForm(request.POST, auto_id="step-%s"),
                    "close": lambda request, row: EndForm(request.POST, auto_id="close-%s")})


@require_POST
def step_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done with a measure."""
    row = access.win_back_step_for(request.member, pk, working.DO)
    with Telling(on_the_next_page(request)):
        if verb not in STEPS:
            raise Refused(_("没有这个操作。"))
        STEPS[verb](request, row)
        messages.success(request, WIN_BACK_SAID[verb])
    return redirect("service:win_back", row.winback_id)


def _done(request: HttpRequest, row: WinBackStep) -> None:
    told = doing.typed(DoneForm(request.POST)).cleaned_data
    working.done(row, told["result"], by=request.member, at=timezone.now(), training=told["training"])


def _not_done(request: HttpRequest, row: WinBackStep) -> None:
    working.not_done(row, by=request.member)


def _show(request: HttpRequest, row: WinBackStep) -> None:
    working.show(row, doing.typed(ShowForm(request.POST)).cleaned_data["how"], by=request.member, at=timezone.now())


def _remove(request: HttpRequest, row: WinBackStep) -> None:
    working.remove(row, by=request.member)


STEPS: dict[str, Any] = {"done": _done, "not-done": _not_done, "show": _show, "remove": _remove}
