"""等候和时长: the page and its file."""
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from crm.asked import campus_asked, period_asked
from reception import timing
from reception.board import TARGET
from reception.stopwatch import Spread, clock
from tenancy.access import campuses_of
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, page


def lengths(request: HttpRequest) -> HttpResponseBase:
    """Median and ninth of ten, of waiting and of each step, for everybody and for each host."""
    member = need(request, "reception.view")
    first, last = period_asked(request.GET)
    campus = campus_asked(member, request.GET)
    rows = timing.timings(member, first, last, campus)
    form = request.GET.get("export", "")
    if form in FORMATS:
        return as_file(form, _("等候和时长"), _header(), _cells(rows), reader=member.name)
    return page(request, "reception/lengths.html", {
        "title": _("等候和时长"), "crumb": _("今天的到访"), "rows": rows, "first": first, "last": last, "campus": campus,
        "campuses": campuses_of(member), "header": timing.header(), "target": clock(TARGET), "limit": TARGET,
        "whole": rows[0] if rows and rows[0].visits else None})


def _header() -> list[str]:
    names = [_("等候"), *(str(word) for word in timing.header()), _("全程")]
    return [_("接待人"), _("组"), *(f"{name} {what}" for name in names for what in (_("中位"), _("九成以内")))]


def _cells(rows: list[timing.Timing]) -> Iterator[list[Any]]:
    for row in rows:
        spans: list[Spread | None] = [row.waiting, *row.steps, row.whole]
        yield [row.host.name if row.host else _("全部"), row.visits,
               *(clock(value) for span in spans for value in ((span.median, span.ninth) if span else (None, None)))]
