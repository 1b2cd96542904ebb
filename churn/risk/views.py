"""流失预警: the board of who is at risk, the rules it follows, and how good they were."""
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from churn import access
from churn.models import Backtest, WeightsVersion
from churn.risk import backtest, charts, queries, weighing
from churn.risk.figures import reading
from churn.risk.forms import WeightsForm, typed
from churn.risk.queries import Asked
from churn.risk.rules import SHIPPED, SIGNS, Band
from churn.risk.words import NAMES, sentence
from crm.asked import campus_asked, day_asked, day_typed, today
from notifications.actions import later
from tenancy.access import campuses_of
from tenancy.refusals import Refused, Telling
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, page

PAGE = 25
HALF_A_YEAR = timedelta(days=180)


def asked(request: HttpRequest) -> Asked:
    """What the board's address narrows it to; what it does not know narrows nothing."""
    words = request.GET
    campus = campus_asked(request.member, words)
    return Asked(words.get("q", "").strip()[:80], words.get("band", ""), words.get("tier", "")[:12], words.get("sign", ""),
                 campus.pk if campus else None, words.get("owner") == "me")


def board(request: HttpRequest) -> HttpResponseBase:
    """Who is at risk and why, the higher tiers first; export gives the same."""
    member, chosen = need(request, "churn.view"), asked(request)
    rows = queries.board(member, chosen)
    form = request.GET.get("export", "")
    if form in FORMATS:
        need(request, "crm.export")
        return _file(request, form, queries.told(member, rows[:5000], today()))
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    told = queries.told(member, shown, today())
    record(member, "churn.listed", ids=[row.customer.pk for row in told])
    grid = queries.grid(member)
    last, weeks = queries.last_night(member), queries.trend(member)
    before = queries.week_before(member, last) if last else None
    high = grid.band(Band.HIGH)
    more = None if before is None else high - before
    return page(request, "churn/risk/board.html", {
        "title": _("流失预警"), "rows": shown, "told": told, "chosen": chosen, "grid": grid, "last": last, "high": high,
        "watch": grid.band(Band.WATCH), "more": more, "less": -(more or 0), "campuses": campuses_of(member),
        "chart": charts.curves([week.day for week in weeks], [[week.high for week in weeks], [week.watch for week in weeks]])
        if len(weeks) > 1 else None,
        "signs": [(sign, NAMES[sign], n) for sign, n in grid.signs.items()], "most": max(grid.signs.values(), default=1),
        "may_rule": member.may("churn.rules")})


def _file(request: HttpRequest, form: str, rows: list[queries.Row]) -> HttpResponseBase:
    record(request.member, "churn.exported", families=len(rows))
    header = [_("编号"), _("称呼"), _("园所"), _("等级"), _("风险"), _("风险分"), _("原因"), _("从哪天起"), _("维护人")]
    cells = [[row.customer.external_ref, row.customer.name, row.customer.campus.name, row.label, row.standing.get_band_display(),
              row.standing.score, "；".join(sentence(why.sign, why.value) for why in row.reasons), row.standing.from_on,
              str(row.customer.owner or "")] for row in rows]
    return as_file(form, _("流失预警"), header, cells, reader=request.member.name)


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Have every family judged now; the worker does it."""
    need(request, "churn.rules")
    later(weighing.SWEEP)
    messages.success(request, _("在重算，几秒后刷新就能看到"))
    return redirect("churn:board")


def rules(request: HttpRequest) -> HttpResponse:
    """预警规则: see, try, keep. Trying writes nothing."""
    member = need(request, "churn.view")
    number, weights = weighing.in_force()
    form = WeightsForm(request.POST or None, initial=typed(SHIPPED if "shipped" in request.GET else weights, number))
    tried = None
    if request.method == "POST":
        need(request, "churn.rules")
        if form.is_valid() and "try" in request.POST:
            tried = weighing.preview(form.weights(), today(), member.campus_ids())
        elif form.is_valid() and _kept(request, form):
            return redirect("churn:rules")
    return page(request, "churn/risk/rules.html", {
        "title": _("预警规则"), "crumb": _("流失预警"), "form": form, "fields": [form[name] for name in ("watch", "high", "note")],
        "tried": tried, "number": number, "may_rule": member.may("churn.rules"),
        "versions": WeightsVersion.objects.select_related("by")[:12], "bands": [str(band) for band in reversed(Band)]},
        status=422 if form.errors else 200)


def _kept(request: HttpRequest, form: WeightsForm) -> bool:
    with Telling(form.refuse):
        version = weighing.keep(form.weights(), after=form.cleaned_data["after"], note=form.cleaned_data["note"], by=request.member,
                                at=timezone.now())
        messages.success(request, _("第 %(n)s 版已生效，正在按它重算") % {"n": version.number})
        return True
    return False


def backtests(request: HttpRequest) -> HttpResponse:
    """回测: what was asked before, and the form that asks anew."""
    member = need(request, "churn.view")
    until = day_asked(request.POST, "until")
    as_of = day_asked(request.POST, "as_of", until - HALF_A_YEAR)
    refused = ""
    if request.method == "POST":
        try:
            as_of, until = day_typed(request.POST, "as_of"), day_typed(request.POST, "until")
            row = backtest.ask(as_of, until, by=member, today=today(), at=timezone.now())
            return redirect("churn:backtest", row.pk)
        except Refused as refusal:
            refused = refusal.message
    return page(request, "churn/risk/backtests.html", {
        "title": _("回测"), "crumb": _("流失预警"), "rows": _summed(access.backtests(member)[:24]), "as_of": as_of, "until": until,
        "refused": refused, "whole": member.campus_ids() is None, "today": today()}, status=422 if refused else 200)


def _summed(rows: Any) -> list[tuple[Backtest, Any]]:
    return [(row, reading(row.figures) if row.state == Backtest.State.DONE else None) for row in rows]


def one_backtest(request: HttpRequest, pk: int) -> HttpResponse:
    """The honest figures of one: how many were warned of, who left, how early, and which signs told."""
    row = access.backtest_for(request.member, pk)
    context: dict[str, Any] = {"title": _("回测"), "crumb": _("流失预警"), "row": row}
    if row.state == Backtest.State.DONE:
        context |= {"reading": reading(row.figures), "wider": reading(row.figures, (Band.HIGH, Band.WATCH)),
                    "bands": [(str(band), row.figures["bands"][band]) for band in reversed(Band)],
                    "signs": [(NAMES[sign], *row.figures["signs"][sign]) for sign in SIGNS if row.figures["signs"][sign][0]]}
    response = page(request, "churn/risk/backtest.html", context)
    if request.htmx and row.state == Backtest.State.DONE:  # who waits on the page sees it whole
        response["HX-Refresh"] = "true"
    return response
