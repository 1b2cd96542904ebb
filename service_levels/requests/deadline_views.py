"""What watches over deadlines, on the screen: those that would move, who stopped clocks, when somebody is told."""
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from crm.asked import period_asked
from crm.opening import day_begins
from service_levels import access
from service_levels.models import Recount
from service_levels.requests import pauses as kept
from service_levels.requests import recounting, rules, timing
from service_levels.requests.forms import ClockRulesForm
from tenancy import doing
from tenancy.refusals import Telling
from tenancy.site import need, page

WATCH = "crm.survey"  # who looks after how content families are
SHOWN = 60


def pauses(request: HttpRequest) -> HttpResponse:
    """查暂停: who stopped clocks in a time, for how long, and while the family had spoken."""
    member, now = need(request, WATCH), timezone.now()
    first, last = period_asked(request.GET)
    rows = kept.pauses(member, day_begins(first), day_begins(last + timedelta(days=1)), now)
    record(member, "service.pauses_seen")
    return page(request, "service_levels/requests/pauses.html", {
        "title": _("查暂停"), "crumb": _("服务请求"), "rows": rows[:SHOWN], "count": len(rows), "flagged": sum(row.flagged for row in rows),
        "sums": kept.by_colleague(rows), "first": first, "last": last})


def clock_rules(request: HttpRequest) -> HttpResponse:
    """提醒规则: when somebody is told of a deadline, and who."""
    member = need(request, access.EDIT)
    form = ClockRulesForm(request.POST or None, instance=timing.told_by())
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            rules.keep(form.row(), by=member)
            messages.success(request, _("已保存，正在走的时限也按它提醒"))
            return redirect("service:requests")
    return page(request, "service_levels/requests/rules.html", {"title": _("提醒规则"), "crumb": _("服务请求"), "form": form},
                status=422 if form.errors else 200)


# -- deadlines that would move ---------------------------------------------------------------------------------------------
def recount(request: HttpRequest, pk: int) -> HttpResponse:
    return _recount(request, access.recount_for(request.member, pk))


def _recount(request: HttpRequest, row: Recount, *, refused: str = "", **_form: Any) -> HttpResponse:
    changes = recounting.changes_of(row, timezone.now())
    record(request.member, "service.recount_seen", row)
    return page(request, "service_levels/requests/recount.html", {
        "title": _("重算时限"), "crumb": _("服务请求"), "row": row, "changes": changes, "late": sum(one.late for one in changes),
        "refused": refused}, status=422 if refused else 200)


@require_POST
def recount_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Approve or leave it as it was."""
    return doing.do(request, RECOUNTING, access.recount_for(request.member, pk), verb)


def _approve(request: HttpRequest, row: Recount, form: Any) -> str:
    return _("改了 %(n)s 个时限，每一件的经过里都写了") % {"n": recounting.approve(row, by=request.member, at=timezone.now())}


def _dismiss(request: HttpRequest, row: Recount, form: Any) -> str:
    recounting.dismiss(row, by=request.member, at=timezone.now())
    return _("照旧，一个时限也没动")


RECOUNTING = doing.Page("service:recount", _recount, {"approve": _approve, "dismiss": _dismiss})
