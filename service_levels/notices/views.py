"""变化通知 on the screen: what came is approved and written, what went is said by a person."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from service_levels import access
from service_levels.models import ServiceNotice
from service_levels.notices import queries, telling
from service_levels.sheets import Columns, sheet, whose
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page

PAGE = 30


def notices(request: HttpRequest) -> HttpResponseBase:
    """What families are to hear of their plans."""
    member, everybodys = need(request, access.VIEW), request.GET.get("whose") == "all"
    found = queries.to_say(member, mine=not everybodys)
    if made := sheet(request, "notices", _("变化通知"), _columns(), found):
        return made
    rows = Paginator(found, PAGE).get_page(request.GET.get("page"))
    record(member, "service.notices_listed", ids=[row.customer_id for row in rows])
    return page(request, "service_levels/notices/list.html", {
        "title": _("变化通知"), "crumb": _("服务方案"), "alike": queries.alike(member), "rows": rows, "all": everybodys,
        "counts": queries.counts(member), "may_log": member.may(telling.LOG)})


def _columns() -> Columns:
    return [*whose(), (_("哪天变的"), "on"), (_("变了的"), "lines")]


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Write to all alike, tell nobody, or one was told."""
    row = access.notice_for(request.member, pk)
    if verb not in ACTS:
        raise Refused(_("没有这个操作。"))
    back = reverse("crm:family", args=[row.customer_id]) + "#notices" if "family" in request.POST else reverse("service:notices")
    with Telling(on_the_next_page(request)):
        messages.success(request, ACTS[verb](request, row))
    return redirect(back)


def _send(request: HttpRequest, row: ServiceNotice) -> str:
    return _("正在发给 %(n)s 户；夜里不发，没有手机的会回到这里") % {"n": telling.send(row, by=request.member, at=timezone.now())}


def _drop(request: HttpRequest, row: ServiceNotice) -> str:
    return _("%(n)s 户不用说了") % {"n": telling.drop(row, by=request.member, at=timezone.now())}


def _told(request: HttpRequest, row: ServiceNotice) -> str:
    telling.tell(row, by=request.member, at=timezone.now())
    return _("记下了，这一家说过了")


ACTS = {"send": _send, "drop": _drop, "told": _told}
