"""转化漏斗: the page and its file."""
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from audit.actions import record
from crm.asked import campus_asked, period_asked
from reception import conversion, costs
from reception.costs import Spent
from reception.funnel import Line
from tenancy.access import campuses_of
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, page


def conversions(request: HttpRequest) -> HttpResponseBase:
    """How many families booked, came, tried, signed and stayed; by channel, source, campus or host."""
    member = need(request, "reception.view")
    first, last = period_asked(request.GET)
    campus = campus_asked(member, request.GET)
    by = request.GET.get("by", "") if request.GET.get("by", "") in conversion.BY else "channel"
    whole, lines = conversion.conversion(member, first, last, campus, by)
    spent = costs.of_lines(member, whole, lines, (first, last), campus, by)
    lines = [*lines, *costs.unanswered(spent, lines)]
    form = request.GET.get("export", "")
    if form in FORMATS:
        record(member, "reception.exported")
        return as_file(form, _("转化漏斗"), _header(by), map(lambda line: _cells(line, by, spent), [*lines, whole]), reader=member.name)
    return page(request, "reception/funnel.html", {
        "title": _("转化漏斗"), "crumb": _("今天的到访"), "first": first, "last": last, "campus": campus, "by": by,
        "choices": conversion.BY.items(), "campuses": campuses_of(member), "whole": whole,
        "steps": [(conversion.WORDS[step], count, share) for step, count, share in whole.shares],
        "lines": [(conversion.name_of(line, by), line, spent.get(line.name)) for line in lines], "words": list(conversion.WORDS.values()),
        "spent": spent, "may_enter": member.may("reception.costs"),
        "exits": conversion.exits(member, first, last, campus), "trials": conversion.trials(member, first, last, campus)})


def _header(by: str) -> list[str]:
    steps = [str(word) for word in conversion.WORDS.values()]
    money = [_("花费（元）"), _("每次预约（元）"), _("每次签约（元）")]
    return [str(conversion.BY[by]), *steps, _("到访率"), _("签约率"), _("未到率"), *money]


def _cells(line: Line, by: str, spent: dict[Any, Spent]) -> list[Any]:
    name = _("全部") if line.name is None else conversion.name_of(line, by)
    shares = (line.share("came"), line.share("signed"), line.no_show)
    one = spent.get(line.name)
    money = (one.fen, one.per_booking, one.per_signing) if one else (None,) * 3
    return [name, *line.counts, *("" if share is None else f"{share}%" for share in shares),
            *("" if fen is None else Decimal(fen) / 100 for fen in money)]
