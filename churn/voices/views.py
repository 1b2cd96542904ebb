"""心声和督导 on the screen: one page where it is said, answered and read."""
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from churn import access
from churn.models import Measure, Voice
from churn.voices import working
from churn.voices.forms import OversightForm, VoiceForm
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page
from tenancy.typed import as_id

SIZE = 20
SHOWS = [("", gettext_lazy("等答复")), ("mine", gettext_lazy("我说的")), ("all", gettext_lazy("全部"))]


def voices(request: HttpRequest) -> HttpResponse:
    """What colleagues said and what the management said; POST adds one of either."""
    member = need(request, "churn.speak")
    may_read = member.may("churn.view")  # who does not read of churn has a voice too, and sees only his own (C21)
    measures = access.measures(member).undecided() if may_read else Measure.objects.none()
    asked = measures.filter(pk=as_id(request.GET.get("measure", ""))).first()
    first = Voice.Kind.HELP if asked else Voice.Kind.OPINION
    forms: dict[str, Any] = {"voice": VoiceForm(measures=measures, initial={"measure": asked, "kind": first}), "oversight": OversightForm()}
    if request.method == "POST":
        which = "oversight" if "to" in request.POST else "voice"
        forms[which] = OversightForm(request.POST) if which == "oversight" else VoiceForm(request.POST, measures=measures)
        if forms[which].is_valid() and _said(request, which, forms[which]):
            return redirect("churn:voices")
    show, rows = request.GET.get("show", ""), access.voices(member)
    chosen = {"mine": rows.filter(by=member), "all": rows}.get(show, rows.open())
    return page(request, "churn/voices/list.html", {
        "title": _("心声和督导"), "rows": Paginator(chosen, SIZE).get_page(request.GET.get("page")), "show": show, "shows": SHOWS,
        "open": rows.open().count(), "oversights": access.oversights(member)[:SIZE], "may_read": may_read, "forms": forms,
        "may_answer": member.may("churn.plan"), "may_oversee": member.may("churn.oversee")},
        status=422 if any(form.errors for form in forms.values()) else 200)


def _said(request: HttpRequest, which: str, form: Any) -> bool:
    """Whether it was written down; a refusal stands in the form."""
    do = working.oversee if which == "oversight" else working.speak
    with Telling(form.refuse):
        do(**form.cleaned_data, by=request.member, at=timezone.now())
        messages.success(request, _("已写下，对方会收到"))
        return True
    return False


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Answer, take back, or reply to the management."""
    need(request, "churn.speak")
    row = (access.oversight_for if verb == "reply" else access.voice_for)(request.member, pk)
    if verb not in ACTS:
        raise Refused(_("没有这个操作。"))
    with Telling(on_the_next_page(request)):
        messages.success(request, ACTS[verb](request, row))
    return redirect("churn:voices")


def _answer(request: HttpRequest, row: Any) -> str:
    working.answer(row, request.POST.get("state", ""), request.POST.get("text", ""), by=request.member, at=timezone.now())
    return _("已答复")


def _take_back(request: HttpRequest, row: Any) -> str:
    working.take_back(row, by=request.member, at=timezone.now())
    return _("已撤回")


def _reply(request: HttpRequest, row: Any) -> str:
    working.reply(row, request.POST.get("text", ""), by=request.member, at=timezone.now())
    return _("已回话")


ACTS: dict[str, Callable[[HttpRequest, Any], str]] = {"answer": _answer, "take_back": _take_back, "reply": _reply}
