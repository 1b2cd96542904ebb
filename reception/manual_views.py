"""操作手册 on the screen: nine stages, who answers for each, how it is done, every version before."""
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.access import improvements_of
from crm.asked import today
from crm.forms import SchoolForm
from crm.models import Improvement
from reception import manual as verbs
from reception import reviewing
from reception.models import SopPage
from reception.models.manual import STAGE_WORDS
from tenancy.access import campus_for, campuses_of
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page
from tenancy.typed import as_id

LATELY = timedelta(days=30)  # how long what was put right stands under its stage, so that it gets into the page


class PageForm(SchoolForm):
    text = forms.CharField(label=gettext_lazy("怎么做"), max_length=4000, widget=forms.Textarea(attrs={"rows": 14}))
    change = forms.CharField(label=gettext_lazy("改了什么"), max_length=120, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0)


class OwnerForm(SchoolForm):
    owner = forms.ModelChoiceField(Membership.objects.none(), label=gettext_lazy("责任人"), required=False)
    stand_in = forms.ModelChoiceField(Membership.objects.none(), label=gettext_lazy("替补"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("owner", "stand_in"):
            self.fields[name].queryset = Membership.objects.filter(is_active=True).order_by("name")


def manual(request: HttpRequest) -> HttpResponse:
    """All nine stages of a campus; printable."""
    member = need(request, "reception.view")
    campus = campus_for(member, as_id(request.GET.get("campus", "")))
    stages = verbs.stages_of(campus)
    people = list(Membership.objects.filter(is_active=True).order_by("name")) if member.may("reception.manage") else []
    return page(request, "reception/manual/manual.html", {
        "title": _("操作手册"), "stages": _shown(member, stages, people), "campus": campus,
        "campuses": campuses_of(member), "people": people})


@dataclass(frozen=True)
class Shown:
    """A stage on the page: whether one still has to read it, who else has, and what is being put right about it."""

    stage: verbs.Stage
    to_read: bool
    unread: list[str]
    improvements: list[Improvement]


def _shown(member: Membership, stages: list[verbs.Stage], people: list[Membership]) -> list[Shown]:
    read, since = reviewing.readers(), today() - LATELY
    topics = improvements_of(member).filter(topic__in=STAGE_WORDS).exclude(state=Improvement.State.DROPPED)
    found = list(topics.filter(Q(closed_on=None) | Q(closed_on__gte=since)).order_by("due_on", "id"))
    seen = [read.get(stage.page.pk, set()) if stage.page else {one.pk for one in [member, *people]} for stage in stages]
    return [Shown(stage, member.pk not in done, [one.name for one in people if one.pk not in done],
                  [row for row in found if row.topic == stage.code])
            for stage, done in zip(stages, seen, strict=True)]


def write(request: HttpRequest, stage: str) -> HttpResponse:
    """The next version of one page, from the one in force."""
    member = need(request, "reception.manage")
    if stage not in STAGE_WORDS:
        raise Http404
    rows = list(SopPage.objects.filter(stage=stage).select_related("by").order_by("-number"))
    shown = next((row for row in rows if row.number == as_id(request.GET.get("v", ""))), rows[0] if rows else None)
    first = {"text": shown.text if shown else "", "seen": rows[0].number if rows else 0}
    form = PageForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            said = form.cleaned_data
            verbs.write(stage, said["text"], change=said["change"], seen=said["seen"], by=member, at=timezone.now())
            messages.success(request, _("手册改好了，看板上马上能看到"))
            return redirect(f"{reverse('reception:manual')}#{stage}")
    return page(request, "reception/manual/write.html", {"title": STAGE_WORDS[stage], "crumb": _("操作手册"), "form": form, "rows": rows,
                                                         "shown": shown}, status=422 if form.errors else 200)


@require_POST
def appoint(request: HttpRequest, stage: str) -> HttpResponse:
    member = need(request, "reception.manage")
    if stage not in STAGE_WORDS:
        raise Http404
    campus: Campus = campus_for(member, as_id(request.POST.get("campus", "")))
    form = OwnerForm(request.POST)
    with Telling(on_the_next_page(request)):
        if not form.is_valid():
            raise Refused(_("请选一位在岗的同事。"), "owner")
        verbs.appoint(stage, campus, form.cleaned_data["owner"], form.cleaned_data["stand_in"], by=member)
        messages.success(request, _("%(stage)s的责任人定好了") % {"stage": STAGE_WORDS[stage]})
    return redirect(f"{reverse('reception:manual')}?campus={campus.pk}#{stage}")
