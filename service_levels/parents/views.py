"""有事找园里 for parents, on their own phone: two short steps, a link to look by, an answer, a score. No account (K43, S14, S21)."""
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from service_levels.answers import keeping, queries
from service_levels.models import Faq, ServiceRequest
from service_levels.parents import forms, standing
from service_levels.parents.sending import send
from service_levels.requests import files, working
from service_levels.requests.links import link_of, request_by_token, token_of
from tenancy.models import Campus
from tenancy.refusals import Absent, Refused, TooMany
from tenancy.visitors import at_most, first_today, shown, strict

MOST = 10        # requests an hour from one address; a whole family behind one router is let through
MOST_WORDS = 30  # things added to one request in an hour


# -- asking ------------------------------------------------------------------------------------------------------------------
@strict
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is; then what others asked that comes near, and how to be reached; then the page of one's own request."""
    if request.method == "POST" and request.POST.get("website"):  # a field that no person sees
        return redirect("feedback", slug)
    if request.method == "POST" and "sent_key" in request.POST:
        return _send(request)
    form = forms.WhatForm(request.POST or None, initial={"kind": request.GET.get("kind", ""), "text": request.GET.get("q", "")[:2000]})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data | {"sent_key": secrets.token_urlsafe(24)}
        near = queries.suggested(told["text"]) if told["kind"] != ServiceRequest.Kind.COMPLAINT else []
        keeping.count([row.pk for row in near], shown=1, at=timezone.now())
        return _rest(request, forms.FeedbackForm(initial=told, campuses=_campuses()), near)
    return shown(request, "public/feedback.html", {"form": form, "step": 1, "has_answers": Faq.objects.published().exists()},
                 status=422 if form.errors else 200)


def _campuses() -> Any:
    return Campus.objects.order_by("pk")


def _rest(request: HttpRequest, form: forms.FeedbackForm, near: list[Faq], status: int = 200) -> HttpResponse:
    kind = form["kind"].value()
    return shown(request, "public/feedback_rest.html", {
        "form": form, "near": near, "step": 2, "kind": dict(forms.ASKS).get(kind, ""),
        "may_be_nobody": kind == ServiceRequest.Kind.SUGGESTION, "phone_wanted": kind != ServiceRequest.Kind.SUGGESTION}, status=status)


def _send(request: HttpRequest) -> HttpResponse:
    form, refusal = forms.FeedbackForm(request.POST, _uploads(request), campuses=_campuses()), None
    if form.is_valid():
        try:
            with at_most(request, "feedback", MOST, _("这个网络提得太频繁了，请过一会儿再写，或直接打电话。")):
                row = send(form.wish(), language=translation.get_language() or "", at=timezone.now())
            return redirect(f"{reverse('own-request', args=[token_of(row)])}?sent=1")
        except Refused as told:
            refusal = told
            form.refuse(told)
    return _rest(request, form, [], status=429 if isinstance(refusal, TooMany) else 422)


def _uploads(request: HttpRequest) -> Any:
    """What was chosen; a browser sends an empty part where nothing was."""
    kept = request.FILES.copy()
    kept.setlist("files", [one for one in request.FILES.getlist("files") if one.name])
    return kept


@strict
def answers(request: HttpRequest, slug: str) -> HttpResponse:
    """常见问题: search them, read them, and write to the school where none of them helps."""
    text = request.GET.get("q", "").strip()[:200]
    return shown(request, "public/answers.html", {"rows": queries.found(text), "q": text, "thanks": request.GET.get("thanks", "")})


@strict
@require_POST
def helped(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """这条就够了: counted once a day for one address."""
    if first_today(request, f"faq-{pk}"):
        keeping.count([pk], helped=1, at=timezone.now())
    return redirect(f"{reverse('answers', args=[slug])}?thanks=1")


# -- one's own request -----------------------------------------------------------------------------------------------------------
@strict
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Where it stands, what was said, what was done; one thing more; a score when it is settled."""
    return _own(request, request_by_token(token, timezone.now()))


def _own(request: HttpRequest, row: ServiceRequest, *, form: str = "", filled: Any = None, status: int = 200) -> HttpResponse:
    """The page, with the form in which something was wrong as it was filled in."""
    now = timezone.now()
    own_forms: dict[str, Any] = {name: kind(auto_id=f"{name}-%s") for name, kind in FORMS.items()}
    if form:
        own_forms[form] = filled
    return shown(request, "public/own_request.html", {
        "row": row, "token": token_of(row), "stand": standing.of(row, now), "lines": standing.lines(row), "forms": own_forms,
        "sent": "sent" in request.GET, "address": link_of(row)}, status=status)


FORMS: dict[str, Any] = {"more": forms.MoreForm, "rate": forms.RateForm, "again": forms.AgainForm}


@strict
@require_POST
def own_act(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    """One thing more, a score, or that it is not over."""
    row = request_by_token(token, timezone.now())
    if verb not in FORMS:
        raise Refused(_("没有这个操作。"))
    filled, status = FORMS[verb](request.POST, _uploads(request), auto_id=f"{verb}-%s"), 422
    if filled.is_valid():
        try:
            with at_most(request, f"request-{row.pk}", MOST_WORDS, _("写得太频繁了，请过一会儿再写，或直接打电话。")):
                ACTS[verb](row, **filled.cleaned_data, by=None, at=timezone.now())
            return redirect("own-request", token_of(row))
        except Refused as refusal:
            filled.refuse(refusal)
            status = refusal.status
    row.refresh_from_db()
    return _own(request, row, form=verb, filled=filled, status=status)


def _more(row: ServiceRequest, **typed: Any) -> None:
    working.heard(row, channel=standing.ONLINE, **typed)


ACTS: dict[str, Any] = {"more": _more, "rate": working.confirm, "again": working.reopen}


@strict
def own_file(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """A file of one's own request."""
    row = files.of(request_by_token(token, timezone.now())).defer(None).filter(pk=pk).first()
    if row is None:
        raise Absent(_("没有找到。"), code="not_found")
    return files.served(row)
