"""培训 (R37b, R42): what was practised, with whom, and who has not been trained for long."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import training
from crm.access import training_for
from crm.forms import TrainingForm
from crm.models import Training
from tenancy.access import campuses_of
from tenancy.site import need, page

PAGE = 30


def trainings(request: HttpRequest) -> HttpResponse:
    """The latest first; beside it who was trained least in a year."""
    member = need(request, "crm.view")
    rows = Training.objects.select_related("trainer", "campus").prefetch_related("attendances__member").annotate(n=Count("attendances"))
    shown = Paginator(rows.order_by("-on", "-id"), PAGE).get_page(request.GET.get("page"))
    return page(request, "crm/trainings.html", {
        "title": _("培训"), "rows": shown, "people": training.trained(timezone.localdate()), "may_note": member.may("crm.survey")})


def new(request: HttpRequest) -> HttpResponse:
    member = need(request, "crm.survey")
    form = TrainingForm(request.POST or None, campuses=campuses_of(member), initial={"on": timezone.localdate(), "trainer": member})
    if request.method == "POST" and form.is_valid():
        training.train(**form.cleaned_data, by=member)
        messages.success(request, _("记下了"))
        return redirect("crm:trainings")
    return page(request, "crm/training.html", {"title": _("记一次培训"), "crumb": _("培训"), "form": form},
                status=422 if form.errors else 200)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Written down by mistake."""
    training.forget(training_for(request.member, pk), by=request.member)
    messages.success(request, _("删掉了"))
    return redirect("crm:trainings")
