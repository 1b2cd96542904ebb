"""活动邀请 for parents: what it is, whether they come, a code for the door, and afterwards how it was. No account (K17, K22, K27, K35c)."""
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from service_levels.events import coming, inviting
from service_levels.events.links import event_by_door, invitation_by_token
from service_levels.models import Invitation
from service_levels.parents import forms
from tenancy.qr import qr
from tenancy.refusals import Refused, TooMany
from tenancy.scope import current_tenant
from tenancy.visitors import at_most, shown, strict

MOST = 30        # answers to one invitation in an hour
AT_A_DOOR = 400  # sign-ins from one address in an hour: a whole hall is behind the school's router


@strict
def own(request: HttpRequest, token: str) -> HttpResponse:
    """The invitation, with what can be done now: answer it, show the code, say how it was."""
    return _own(request, token, invitation_by_token(token, timezone.now()))


FORMS: dict[str, Any] = {"answer": forms.ComingForm, "rate": forms.EventRateForm}


def _own(request: HttpRequest, token: str, row: Invitation, *, form: str = "", filled: Any = None, refused: str = "",
         status: int = 200) -> HttpResponse:
    now = timezone.now()
    own_forms = {name: kind(auto_id=f"{name}-%s", initial=_known(row)) for name, kind in FORMS.items()}
    if form in own_forms:
        own_forms[form] = filled
    stands = row.event.stands(now)
    may_answer = stands == "open" and not row.came_at
    return shown(request, "public/invited.html", {
        "row": row, "event": row.event, "token": token, "stands": stands, "forms": own_forms,
        "refused": "" if {"answer": may_answer, "rate": bool(row.came_at)}.get(form) else refused,  # a form that is there says it itself
        "may_answer": may_answer, "may_sign_in": row.came_at is None and coming.doors_open(row.event, now),
        "code": qr(_staff_address(row)) if may_answer and row.answer == Invitation.Answer.YES else ""}, status=status)


def _known(row: Invitation) -> dict[str, Any]:
    """What the family said before, so that it changes only what is new."""
    return {"answer": row.answer if row.answer != Invitation.Answer.WAIT else Invitation.Answer.YES, "people": row.people,
            "words": row.words, "score": row.score or "", "opinion": row.opinion}


def _staff_address(row: Invitation) -> str:
    """Where a colleague's phone leads that scans the code; nobody else's is let in there."""
    return f"{settings.MIAOPU_ORIGIN}/s/{current_tenant().slug}/service/events/guests/{row.pk}/"


@strict
@require_POST
def own_act(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    """They come or not, they are here, or how it was."""
    now = timezone.now()
    row = invitation_by_token(token, now)
    if verb not in ACTS:
        raise Refused(_("没有这个操作。"))
    filled = FORMS[verb](request.POST, auto_id=f"{verb}-%s") if verb in FORMS else None
    if filled is not None and not filled.is_valid():
        return _own(request, token, row, form=verb, filled=filled, status=422)
    try:
        with at_most(request, f"invitation-{row.pk}", MOST, _("改得太频繁了，请过一会儿再来，或直接打电话。")):
            ACTS[verb](row, filled, now)
        return redirect("own-invitation", token)
    except Refused as refusal:
        if filled is not None:
            filled.refuse(refusal)
        row.refresh_from_db()
        return _own(request, token, row, form=verb, filled=filled, refused=refusal.message, status=refusal.status)


def _answer(row: Invitation, filled: Any, now: Any) -> None:
    inviting.answer(row, filled.reply(), by=None, at=now)


def _here(row: Invitation, _filled: Any, now: Any) -> None:
    coming.sign_in(row, by=None, at=now)


def _rate(row: Invitation, filled: Any, now: Any) -> None:
    coming.rate(row, filled.cleaned_data["score"], filled.cleaned_data["opinion"], at=now)


ACTS: dict[str, Any] = {"answer": _answer, "here": _here, "rate": _rate}


@strict
def here(request: HttpRequest, token: str) -> HttpResponse:
    """The poster at the door was scanned: a number signs the family in. The same is said whoever it is."""
    now = timezone.now()
    event = event_by_door(token, now)
    form, status = forms.HereForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with at_most(request, "event-here", AT_A_DOOR, _("签到的人太多了，请到签到台。")):
                    coming.at_the_door(event, form.cleaned_data["phone"], at=now)
                return redirect(f"{reverse('event-here', args=[token])}?done=1")
            except Refused as refusal:
                form.refuse(refusal)
                status = 429 if isinstance(refusal, TooMany) else refusal.status
    return shown(request, "public/here.html", {"event": event, "form": form, "token": token, "done": "done" in request.GET,
                                               "is_open": coming.doors_open(event, now)}, status=status)
