"""转化漏斗: the page and its file."""
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from audit.actions import record
from reception import access, conversion
from reception.funnel import Line
from reception.timing_views import campus_asked, period_asked
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, page


def conversions(request: HttpRequest) -> HttpResponseBase:
    """How many families booked, came, tried, signed and stayed; by channel, source, campus or host."""
    member = need(request, "reception.view")
    first, last = period_asked(request)
    campus = campus_asked(request)
    by = request.GET.get("by", "") if request.GET.get("by", "") in conversion.BY else "channel"
    whole, lines = conversion.conversion(member, first, last, campus, by)
    form = request.GET.get("export", "")
    if form in FORMATS:
        record(member, "reception.exported")
        return as_file(form, _("转化漏斗"), _header(by), map(lambda line: _cells(line, by), [*lines, whole]), reader=member.name)
    return page(request, "reception/funnel.html", {
        "title": _("转化漏斗"), "crumb": _("今天的到访"), "first": first, "last": last, "campus": campus, "by": by,
        "choices": conversion.BY.items(), "campuses": access.campuses_of(member), "whole": whole,
        "steps": [(conversion.WORDS[step], count, share) for step, count, share in whole.shares],
        "lines": [(conversion.name_of(line, by), line) for line in lines], "words": list(conversion.WORDS.values()),
        "exits": conversion.exits(member, first, last, campus), "trials": conversion.trials(member, first, last, campus)})


def _header(by: str) -> list[str]:
    return [str(conversion.BY[by]), *(str(word) for word in conversion.WORDS.values()), _("到访率"), _("签约率"), _("未到率")]


def _cells(line: Line, by: str) -> list[Any]:
    name = _("全部") if line.name is None else conversion.name_of(line, by)
    shares = (line.share("came"), line.share("signed"), line.no_show)
    return [name, *line.counts, *("" if share is None else f"{share}%" for share in shares)]
