"""问卷 for a parent, on their own phone, by a link that runs out: answer it, or say that one would rather not (R32a)."""
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from crm.models import Channel, SurveyResponse
from crm.surveys import access, asking
from crm.surveys.forms import AnswerForm
from tenancy.refusals import Telling
from tenancy.visitors import shown, strict


@strict
def own_survey(request: HttpRequest, token: str) -> HttpResponse:
    """The questions; once answered, a thank-you. Nothing that was ticked is lost when something is missing."""
    now = timezone.now()
    row = access.response_by_token(token, now)
    if row.state == SurveyResponse.State.ANSWERED:
        return shown(request, "public/surveyed.html", {"row": row})
    form = AnswerForm(request.POST or None, version=row.version)
    if request.method == "POST" and "decline" in request.POST:
        asking.decline(row, by=None, at=now)
        return shown(request, "public/surveyed.html", {"row": row, "declined": True})
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            asking.answer(row, form.given(), channel=Channel.ONLINE, by=None, at=now)
            return redirect("own-survey", token)
    return shown(request, "public/survey.html", {"row": row, "form": form}, status=422 if form.errors else 200)
