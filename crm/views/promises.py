"""承诺台账: what the school owes families, whose turn it is, what became of it."""
from collections.abc import Callable
from datetime import timedelta
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

from audit.actions import record
from crm import promises, queries
from crm.access import promise_for, promises_of
from crm.asked import day_typed
from crm.models import Promise
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page

PAGE = 30
SHOWS = [("open", gettext_lazy("待兑现")), ("overdue", gettext_lazy("过期的")), ("kept", gettext_lazy("已兑现")),
         ("dropped", gettext_lazy("不用了")), ("all", gettext_lazy("全部"))]


def ledger(request: HttpRequest) -> HttpResponse:
    """Every promise of the member's campuses, one's own first of all; what is late stands on top."""
    member, today = need(request, "crm.view"), timezone.localdate()
    whose = "all" if request.GET.get("whose") == "all" else "me"
    show = request.GET.get("show", "open")
    rows = promises_of(member)
    mine = rows.filter(owner=member) if whose == "me" else rows
    found = queries.promises_shown(mine, show, today, request.GET.get("q", ""))
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    record(member, "crm.promises_listed", ids=[row.pk for row in shown])
    return page(request, "crm/promises.html", {
        "title": _("承诺台账"), "rows": shown, "whose": whose, "show": show, "shows": SHOWS, "today": today,
        "soon": today + timedelta(days=7), "figures": queries.promise_figures(mine, today), "q": request.GET.get("q", "")})


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One tap for what was done; the rest asks for a word or a day."""
    row = promise_for(request.member, pk, "crm.log")
    if verb not in VERBS:
        raise Refused(_("没有这个操作。"))
    do, said = VERBS[verb]
    with Telling(on_the_next_page(request)):
        do(request, row)
        messages.success(request, str(said))
    if request.POST.get("back") == "family":
        return redirect("crm:family", row.customer_id)
    return redirect(f"{reverse('crm:promises')}?{request.GET.urlencode()}")


def _put_off(request: HttpRequest, row: Promise) -> None:
    promises.put_off(row, due_on=day_typed(request.POST, "due_on"), outcome=_outcome(request), by=request.member, at=timezone.now())


def _outcome(request: HttpRequest) -> str:
    return request.POST.get("outcome", "")[:200]


VERBS: dict[str, tuple[Callable[[HttpRequest, Promise], None], Any]] = {
    "keep": (lambda r, row: promises.keep(row, outcome=_outcome(r), by=r.member, at=timezone.now()), gettext_lazy("记下了：已兑现")),
    "drop": (lambda r, row: promises.drop(row, outcome=_outcome(r), by=r.member, at=timezone.now()), gettext_lazy("记下了：不用了")),
    "put_off": (_put_off, gettext_lazy("日期改好了，往来里也记下了")),
    "reopen": (lambda r, row: promises.reopen(row, by=r.member, at=timezone.now()), gettext_lazy("恢复成待兑现了")),
}
