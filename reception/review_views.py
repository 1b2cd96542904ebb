"""接待复盘: the page on which a month is looked through and signed, and the tick under a page of the manual."""
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.asked import day_asked, today
from reception import reviewing
from reception.board import TARGET
from reception.models import SopPage
from reception.stopwatch import clock
from tenancy.access import campus_for, campuses_of, must
from tenancy.models import Campus
from tenancy.refusals import Absent, Refused, Telling
from tenancy.site import need, on_the_next_page, page
from tenancy.typed import as_id


def review(request: HttpRequest) -> HttpResponse:
    """The last six months of a campus beside one another; whoever runs reception signs one."""
    member = need(request, "reception.view")
    campus = campus_for(member, as_id((request.POST or request.GET).get("campus", "")))
    month = day_asked(request.POST or request.GET, "month").replace(day=1)
    if request.method == "POST":
        must(member, "reception.manage")
        try:
            reviewing.sign(member, campus, month, request.POST.get("findings", ""), at=timezone.now())
            messages.success(request, _("%(month)s 复盘好了") % {"month": f"{month:%Y-%m}"})
            return redirect(f"{reverse('reception:review')}?campus={campus.pk}&month={month:%Y-%m-%d}")
        except Refused as refusal:
            return _page(request, campus, month, refusal.message, refusal.status)
    return _page(request, campus, month)


def _page(request: HttpRequest, campus: Campus, month: date, refused: str = "", status: int = 200) -> HttpResponse:
    months = reviewing.months_of(request.member, campus, today())
    chosen = next((one for one in months if one.month == month), months[0])
    before = chosen.review.findings if chosen.review else ""
    told: dict[str, Any] = {"refused": refused, "typed": request.POST.get("findings", before)}
    return page(request, "reception/review.html", told | {
        "title": _("接待复盘"), "crumb": _("今天的到访"), "campus": campus, "campuses": campuses_of(request.member), "months": months,
        "chosen": chosen, "target": clock(TARGET)}, status=status)


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """看过了: one's own tick under a page of the manual."""
    member = need(request, "reception.view")
    row = SopPage.objects.filter(pk=pk).first()
    if row is None:
        raise Absent(_("没有这一页。"), code="not_found")
    with Telling(on_the_next_page(request)):
        reviewing.read(row, by=member, at=timezone.now())
    return redirect(f"{reverse('reception:manual')}#{row.stage}")
