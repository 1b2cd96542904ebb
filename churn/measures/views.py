"""改进措施 on the screen: the list with its timeline, one measure, what is done with it."""
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from churn import access
from churn.cases.forms import workers
from churn.measures import charts, evaluating, queries, working
from churn.measures.forms import CheckForm, DecideForm, MeasureForm, MoveForm, StepForm
from churn.models import ANSWERS_FOR, Area, Cause, Department, Measure
from crm.asked import today
from tenancy import doing
from tenancy.access import campuses_of
from tenancy.refusals import Refused, Telling
from tenancy.site import need, page
from tenancy.typed import as_id

PAGE = 30
USUAL = timedelta(days=30)


def measures(request: HttpRequest) -> HttpResponse:
    """The list, with all of them on one timeline."""
    member, day, words = need(request, "churn.view"), today(), request.GET
    asked = queries.Asked(words.get("show", ""), words.get("q", "").strip()[:60], words.get("department", ""), words.get("owner") == "me")
    shown = Paginator(queries.listed(member, asked, day), PAGE).get_page(words.get("page"))
    drawn = charts.timeline([charts.Span(row.starts_on, row.due_on, row.progress, row.done_on) for row in shown], day)
    return page(request, "churn/measures/list.html", {
        "title": _("改进措施"), "rows": shown, "asked": asked, "counts": queries.counts(member, day), "chart": drawn, "today": day,
        "lanes": list(zip(shown, drawn.lanes, strict=True)), "departments": Department.choices})


def new(request: HttpRequest) -> HttpResponse:
    """A measure against a cause of the report, after another measure, or on its own."""
    member, day, words = need(request, "churn.plan"), today(), request.POST or request.GET
    follows = access.measure_for(member, as_id(words.get("follows", ""))) if words.get("follows") else None
    cause = Cause.objects.filter(pk=as_id(words.get("cause", ""))).first()
    initial: dict[str, Any] = {"starts_on": day, "due_on": day + USUAL, "cause": cause,
                               "department": ANSWERS_FOR[Area(cause.area)] if cause else None}
    if follows:
        kept = ("title", "cause", "department", "owner", "campus", "class_group", "indicator", "resources")
        initial |= {name: getattr(follows, name) for name in kept} | {"why": follows.lesson[:300]}
    form = MeasureForm(request.POST or None, campuses=campuses_of(member), initial=initial)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            row = working.plan(form.plan(), by=member, at=timezone.now(), steps=form.steps_of(), follows=follows)
            messages.success(request, _("措施已立，到期会提醒"))
            return redirect("churn:measure", row.pk)
    return page(request, "churn/measures/new.html", {"title": _("立一项措施"), "crumb": _("改进措施"), "form": form, "follows": follows},
                status=422 if form.errors else 200)


def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """One measure: its steps, how it goes, and whether it helps."""
    return _measure(request, access.measure_for(request.member, pk))


def _measure(request: HttpRequest, row: Measure, *, form: str = "", filled: Any = None, refused: str = "") -> HttpResponse:
    """The page, with the form in which something was wrong as it was filled in."""
    told = list(row.evaluations.all())
    forms = {"step": StepForm(), "check": CheckForm(initial={"progress": row.progress}), "move": MoveForm(initial={"due_on": row.due_on}),
             "decide": DecideForm(initial={"state": _likely(told)})}
    if form:
        forms[form] = filled
    everything = evaluating.all_seen(told[0]) if told else []
    drawn = charts.forest([charts.Effect(one.found.net, one.found.low, one.found.high) for one in everything])
    undecided = row.state in (Measure.State.RUNNING, Measure.State.DONE)
    return page(request, "churn/measures/measure.html", {
        "title": row.title, "crumb": _("改进措施"), "row": row, "steps": row.steps.select_related("done_by"),
        "checks": row.checks.select_related("by"), "followers": row.followers.all(), "last": told[0] if told else None, "older": told[1:],
        "effects": list(zip(everything, drawn.rows, strict=True)), "chart": drawn, "forms": forms, "refused": refused,
        "today": today(), "undecided": undecided, "workers": workers(),
        "late": (today() - row.due_on).days if row.state == Measure.State.RUNNING else 0,
        "may_work": working.may_work(row, request.member), "may_plan": request.member.may("churn.plan")},
        status=422 if form or refused else 200)


def _likely(told: list[Any]) -> str:
    """What the rule's word speaks for; who decides may choose otherwise."""
    if told and told[0].is_final and told[0].verdict == told[0].Outcome.EFFECTIVE:
        return Measure.State.ADOPTED
    return Measure.State.REVISED


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done with a measure."""
    return doing.do(request, DOING, access.measure_for(request.member, pk), verb)


def _step(request: HttpRequest, row: Measure, form: Any) -> str:
    working.add_step(row, **form.cleaned_data, by=request.member)
    return _("已加一步")


def _tick(request: HttpRequest, row: Measure, form: Any) -> str:
    step = access.step_for(request.member, row, as_id(request.POST.get("step", "")))
    working.tick(step, step.done_on is None, by=request.member, at=timezone.now())
    return _("这一步做好了") if step.done_on else _("这一步还没做好")


def _drop(request: HttpRequest, row: Measure, form: Any) -> str:
    working.drop_step(access.step_for(request.member, row, as_id(request.POST.get("step", ""))), by=request.member)
    return _("已去掉这一步")


def _check(request: HttpRequest, row: Measure, form: Any) -> str:
    working.check(row, **form.cleaned_data, by=request.member, at=timezone.now())
    return _("已记下")


def _move(request: HttpRequest, row: Measure, form: Any) -> str:
    working.move(row, form.cleaned_data["due_on"], why=form.cleaned_data["why"], by=request.member, at=timezone.now())
    return _("已改期")


def _decide(request: HttpRequest, row: Measure, form: Any) -> str:
    working.decide(row, **form.cleaned_data, by=request.member, at=timezone.now())
    return _("已定：%(state)s") % {"state": row.get_state_display()}


def _finish(request: HttpRequest, row: Measure, form: Any) -> str:
    working.finish(row, by=request.member, at=timezone.now())
    return _("做完了，满了天数自动评估")


def _reopen(request: HttpRequest, row: Measure, form: Any) -> str:
    if row.decided_on:
        working.undecide(row, by=request.member)
    else:
        working.unfinish(row, by=request.member)
    return _("已重开")


def _hand(request: HttpRequest, row: Measure, form: Any) -> str:
    owner = workers().filter(pk=as_id(request.POST.get("owner", ""))).first()
    if owner is None:
        raise Refused(_("请选一位同事。"), "owner")
    working.hand_to(row, owner, by=request.member, at=timezone.now())
    return _("已交给%(name)s") % {"name": owner.name}


def _again(request: HttpRequest, row: Measure, form: Any) -> str:
    need(request, "churn.plan")
    if row.starts_on >= today():
        raise Refused(_("还没开始做，没有可以比的日子。"))
    evaluating.again(row, day=today(), by=request.member, at=timezone.now())
    return _("已按今天的数再评一次")


DOING = doing.Page("churn:measure", _measure, {
    "step": _step, "tick": _tick, "drop": _drop, "check": _check, "move": _move, "decide": _decide, "finish": _finish, "reopen": _reopen,
    "hand": _hand, "again": _again}, {
    "step": lambda request, row: StepForm(request.POST), "check": lambda request, row: CheckForm(request.POST),
    "move": lambda request, row: MoveForm(request.POST), "decide": lambda request, row: DecideForm(request.POST)})
