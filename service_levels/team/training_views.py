"""培训计划 on the screen: what is practised how often, for whom it is time, and a training that was held."""
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.asked import today
from crm.views.filling import one_form
from service_levels import access
from service_levels.models import TrainingPlan, TrainingSession
from service_levels.team import training
from service_levels.team.forms import HeldForm, TrainingPlanForm
from tenancy.refusals import Telling
from tenancy.site import need, on_the_next_page, page

LATEST = 8


def plans(request: HttpRequest) -> HttpResponse:
    """Every plan with the colleagues for whom it is time; below, what was held lately."""
    member = need(request, access.VIEW)
    rows = training.due(today())
    held = TrainingSession.objects.select_related("training__trainer", "plan").prefetch_related("training__attendances__member")
    return page(request, "service_levels/team/training.html", {
        "title": _("培训计划"), "rows": rows, "waiting": sum(len(row.members) for row in rows),
        "held": held.order_by("-training__on", "-pk")[:LATEST],
        "off": TrainingPlan.objects.filter(is_on=False), "may_edit": member.may(access.EDIT)})


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """The three that the rule names."""
    member = need(request, access.EDIT)
    with Telling(on_the_next_page(request)):
        n = training.begin(by=member)
        messages.success(request, _("列好了 %(n)s 项，改成合适的") % {"n": n})
    return redirect("service:training_plans")


def plan(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new plan, or a changed one."""
    member = need(request, access.EDIT)
    row = access.training_plan_for(member, pk) if pk else TrainingPlan()

    def do(form: TrainingPlanForm) -> str:
        training.keep(form.row(), by=member)
        return _("记下了")
    return one_form(request, TrainingPlanForm(request.POST or None, instance=row), do, "service:training_plans",
                    title=row.subject or _("写一项培训计划"), crumb=_("培训计划"))


def held(request: HttpRequest, pk: int) -> HttpResponse:
    """A training by the plan was held: everybody for whom it was time is ticked."""
    member = need(request, access.EDIT)
    row = access.training_plan_for(member, pk)
    waiting = [one.pk for due in training.due(today()) if due.plan.pk == row.pk for one in due.members]
    form = HeldForm(request.POST or None, initial={"on": today(), "trainer": member, "members": waiting})
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            training.hold(row, form.held(), by=member)
            messages.success(request, _("记下了，到期的人少了"))
            return redirect("service:training_plans")
    return page(request, "crm/training.html", {"title": row.subject, "crumb": _("培训计划"), "form": form},
                status=422 if form.errors else 200)
