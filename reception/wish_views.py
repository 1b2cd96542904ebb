"""想约的时间 for the desk: who found no time, booked for or talked to."""
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reception import access, queries, wishing
from tenancy.refusals import Telling
from tenancy.site import need, on_the_next_page, page


def wishes(request: HttpRequest) -> HttpResponse:
    """Every open wish with the parent's own words, the oldest first."""
    member = need(request, "reception.book")
    rows = queries.wishes_of(member)
    return page(request, "reception/wishes.html", {"title": _("想约的时间"), "crumb": _("预约"), "rows": rows})


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Talked about without a booking."""
    row = access.wish_for(request.member, pk)
    with Telling(on_the_next_page(request)):
        wishing.settle(row, by=request.member, at=timezone.now())
        messages.success(request, _("记下了：已经联系过"))
    return redirect("reception:wishes")
