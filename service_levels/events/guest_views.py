"""请谁来 on the screen: whom an event is for, what each family answered, who is here; a code on a parent's phone is scanned into this."""
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from service_levels import access
from service_levels.events import coming, inviting, queries
from service_levels.events.forms import PartForm, ReplyForm
from service_levels.models import Event, Invitation
from service_levels.words import GUEST_SAID
from tenancy.doing import typed
from tenancy.refusals import Refused, Telling
from tenancy.site import on_the_next_page, page
from tenancy.typed import as_id

PAGE = 50


def fitting(request: HttpRequest, pk: int) -> HttpResponse:
    """Families the event is meant for and that are not asked yet: all are ticked, or one takes all at once."""
    row = access.event_for(request.member, pk, access.ORGANISE)
    words = request.GET.get("q", "").strip()[:80]
    rows = Paginator(queries.fitting(request.member, row, words), PAGE).get_page(request.GET.get("page"))
    record(request.member, "service.event_fitting_listed", row, ids=[one.pk for one in rows])
    return page(request, "service_levels/events/fitting.html", {
        "title": _("挑请谁"), "crumb": row.title, "row": row, "rows": rows, "q": words, "most": inviting.AT_ONCE})


@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that were ticked, or everybody whom it suits."""
    member = request.member
    row: Event = access.event_for(member, pk, access.ORGANISE)
    with Telling(on_the_next_page(request)):
        chosen = queries.fitting(member, row, request.POST.get("q", "")[:80])
        if "all" not in request.POST:
            chosen = chosen.filter(pk__in=[pk for pk in map(as_id, request.POST.getlist("family")) if pk])
        n = inviting.invite(row, chosen[:inviting.AT_ONCE], by=member, at=timezone.now())
        if not n:
            raise Refused(_("请先勾上要请的家庭。"))
        said = _("请了 %(n)s 户，这就告诉他们") if row.opened_at else _("加了 %(n)s 户，点“发出邀请”才告诉家长")
        messages.success(request, said % {"n": n})
    return redirect("service:event", pk)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done with one family that was asked."""
    row: Invitation = access.invitation_for(request.member, pk, access.VIEW)
    with Telling(on_the_next_page(request)):
        if verb not in ACTS:
            raise Refused(_("没有这个操作。"))
        ACTS[verb](request, row)
        messages.success(request, GUEST_SAID[verb])
    return redirect(f"{reverse('service:event', args=[row.event_id])}#guests")


def _answer(request: HttpRequest, row: Invitation) -> None:
    inviting.answer(row, typed(ReplyForm(request.POST)).reply(), by=request.member, at=timezone.now())


def _part(request: HttpRequest, row: Invitation) -> None:
    told = typed(PartForm(request.POST)).cleaned_data
    inviting.ask_for(row, told["part"], told["topic"], by=request.member)


def _told(request: HttpRequest, row: Invitation) -> None:
    inviting.told(row, by=request.member, at=timezone.now())


def _withdraw(request: HttpRequest, row: Invitation) -> None:
    inviting.withdraw(row, by=request.member)


def _come(request: HttpRequest, row: Invitation) -> None:
    coming.sign_in(row, by=request.member, at=timezone.now())


def _gone(request: HttpRequest, row: Invitation) -> None:
    coming.not_here(row, by=request.member, at=timezone.now())


ACTS: dict[str, Any] = {"answer": _answer, "part": _part, "told": _told, "withdraw": _withdraw, "come": _come, "gone": _gone}


def guest(request: HttpRequest, pk: int) -> HttpResponse:
    """A colleague scanned the code on a parent's phone: who it is, and one button."""
    row: Invitation = access.invitation_for(request.member, pk, coming.LOG)
    if request.method == "POST":
        with Telling(on_the_next_page(request)):
            news = coming.sign_in(row, by=request.member, at=timezone.now())
            messages.success(request, _("签到好了") if news else _("这一家已经签到过了"))
        return redirect("service:guest", pk)
    return page(request, "service_levels/events/scanned.html", {"title": row.customer.name, "crumb": row.event.title, "row": row})
