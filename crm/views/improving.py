"""改进项 (R34): what is being put right, whose it is, whether it helped."""
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm import improving
from crm.access import improvement_for, improvements_of
from crm.asked import day_typed
from crm.forms import ImprovementForm
from crm.improving import Measured, Plan
from crm.models import Improvement
from crm.surveys import access as surveys
from crm.surveys import analysis
from tenancy.access import campuses_of, must
from tenancy.models import Campus
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page
from tenancy.typed import as_id

PAGE = 30
SHOWS = [("open", gettext_lazy("改进中")), ("overdue", gettext_lazy("过期的")), ("done", gettext_lazy("改好了")),
         ("dropped", gettext_lazy("不改了")), ("all", gettext_lazy("全部"))]


def improvements(request: HttpRequest) -> HttpResponse:
    """What is being put right, the latest day on top; of what is done, how the question stands since."""
    member, today = need(request, "crm.view"), timezone.localdate()
    rows, show = improvements_of(member), request.GET.get("show", "open")
    found = {"open": rows.open(), "overdue": rows.overdue(today), "all": rows.order_by("-opened_on", "-id")}.get(show)
    found = rows.filter(state=show).order_by("-closed_on", "-id") if found is None else found
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    since = analysis.since_then(shown)
    for row in shown:
        row.since = since.get(row.pk)
    return page(request, "crm/improvements.html", {
        "title": _("改进项"), "rows": shown, "shows": SHOWS, "show": show, "today": today,
        "open": rows.open().count(), "late": rows.overdue(today).count(), "may_open": member.may("crm.survey")})


def new(request: HttpRequest) -> HttpResponse:
    """One more thing to put right: from a weak point of a questionnaire, or from what somebody saw."""
    member = need(request, "crm.survey")
    weak = _weak_point(request, None)
    form = ImprovementForm(request.POST or None, campuses=campuses_of(member), initial=_proposed(weak) if weak else None)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            plan = Plan(**form.cleaned_data)
            improving.improve(plan, by=member, at=timezone.now(), measured=_weak_point(request, plan.campus))
            messages.success(request, _("记下了，到期会提醒"))
            return redirect("crm:improvements")
    return page(request, "crm/form.html", {"title": _("提一件改进"), "crumb": _("改进项"), "form": form, "submit": _("交给这位同事")},
                status=422 if form.errors else 200)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Done, dropped, put off, open again: by whoever has to do it, or by who looks after improvement."""
    row = improvement_for(request.member, pk)
    if verb not in VERBS:
        raise Refused(_("没有这个操作。"))
    if row.owner_id != request.member.pk:
        must(request.member, "crm.survey")
    do, said = VERBS[verb]
    with Telling(on_the_next_page(request)):
        do(request, row)
        messages.success(request, str(said))
    return redirect(f"{reverse('crm:improvements')}?{request.GET.urlencode()}")


def _weak_point(request: HttpRequest, campus: Campus | None) -> Measured | None:
    """The question of a questionnaire from whose results one came here, measured where it is put right, as it will be afterwards."""
    pk, line = as_id(request.GET.get("survey", "")), as_id(request.GET.get("line", ""))
    if not pk or not line:
        return None
    survey = surveys.survey_for(request.member, pk)
    tally = analysis.stands(survey, line, campus, since=timezone.now() - analysis.LOOKED_BACK)
    return Measured(survey, line, tally.level if tally else None, tally.total if tally else 0)


def _proposed(weak: Measured) -> dict[str, Any]:
    question = analysis.questions_of(weak.survey).get(weak.line)
    if question is None:
        return {}
    return {"title": _("改进：%(text)s") % {"text": question.text[:50]}, "topic": question.topic,
            "why": _("%(survey)s，%(n)s 份回答，%(level)s 分（满分 100）") % {
                "survey": weak.survey.name, "n": weak.answers, "level": "–" if weak.level is None else weak.level}}


def _result(request: HttpRequest) -> str:
    return request.POST.get("result", "")


def _put_off(request: HttpRequest, row: Improvement) -> None:
    improving.put_off(row, due_on=day_typed(request.POST, "due_on"), by=request.member, at=timezone.now())


VERBS: dict[str, tuple[Callable[[HttpRequest, Improvement], None], Any]] = {
    "finish": (lambda r, row: improving.finish(row, result=_result(r), by=r.member, at=timezone.now()), gettext_lazy("记下了：改好了")),
    "drop": (lambda r, row: improving.drop(row, result=_result(r), by=r.member, at=timezone.now()), gettext_lazy("记下了：不改了")),
    "put_off": (_put_off, gettext_lazy("日期改好了")),
    "reopen": (lambda r, row: improving.reopen(row, by=r.member), gettext_lazy("重新打开了")),
}
