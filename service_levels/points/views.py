"""积分 on the screen: who has how many, prizes handed over, the rule and the prizes."""
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from crm.access import customer_for
from crm.asked import today
from crm.views.filling import one_form
from service_levels import access
from service_levels.models import PointsRules, Prize
from service_levels.points import booking, keeping, queries
from service_levels.points.forms import GiveForm, PointsRulesForm, PrizeForm
from service_levels.sheets import Columns, sheet, whose
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page
from tenancy.typed import as_id

PAGE, SINCE = 30, timedelta(days=90)


def points(request: HttpRequest) -> HttpResponseBase:
    """What families have, what came and went in ninety days, and the prizes."""
    member, words = need(request, access.VIEW), request.GET.get("q", "").strip()[:80]
    found = queries.holders(member, words)
    if made := sheet(request, "points", _("积分"), _columns(), found):
        return made
    rows = Paginator(found, PAGE).get_page(request.GET.get("page"))
    record(member, "service.points_listed", ids=[row.pk for row in rows])
    return page(request, "service_levels/points/list.html", {
        "title": _("积分"), "rows": rows, "words": words, "flow": queries.flow(member, today() - SINCE),
        "rules": PointsRules.objects.first(), "prizes": Prize.objects.all()})


def _columns() -> Columns:
    return [*whose(""), (_("积分"), "n")]


def _back(pk: int) -> str:
    return reverse("crm:family", args=[pk]) + "#points"


@require_POST
def redeem(request: HttpRequest, pk: int) -> HttpResponse:
    """A prize for a family, handed over now."""
    customer = customer_for(request.member, pk, booking.LOG)
    prize = Prize.objects.filter(pk=as_id(request.POST.get("prize", "")) or 0).first()
    with Telling(on_the_next_page(request)):
        if prize is None:
            raise Refused(_("没有这个奖品。"))
        booking.redeem(customer, prize, by=request.member, at=timezone.now())
        messages.success(request, _("换了一份“%(name)s”，交给家长吧") % {"name": prize.name})
    return redirect(_back(pk))


def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Points for what no rule counts."""
    member = need(request, access.ORGANISE)
    customer = customer_for(member, pk)

    def do(form: GiveForm) -> str:
        booking.give(customer, form.cleaned_data["points"], form.cleaned_data["words"], by=member, at=timezone.now())
        return _("记下了")
    return one_form(request, GiveForm(request.POST or None), do, _back(pk), title=_("%(name)s的积分") % {"name": customer.name},
                    crumb=_("积分"), submit=_("记下"))


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """An entry was a mistake."""
    row = access.points_entry_for(request.member, pk, access.VIEW)
    with Telling(on_the_next_page(request)):
        booking.take_back(row, by=request.member, at=timezone.now())
        messages.success(request, _("撤回了，两笔都留着"))
    return redirect(_back(row.customer_id))


def rules(request: HttpRequest) -> HttpResponse:
    member, row = need(request, access.ORGANISE), PointsRules.objects.first() or PointsRules(since=today())

    def do(form: PointsRulesForm) -> str:
        keeping.keep_rules(form.row(), by=member)
        return _("已保存，今天夜里按它加积分")
    form = PointsRulesForm(request.POST or None, instance=row)
    return one_form(request, form, do, "service:points", title=_("积分规则"), crumb=_("积分"))


def prize(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new prize or one that is there."""
    member = need(request, access.ORGANISE)
    row = access.prize_for(member, pk) if pk else Prize()

    def do(form: PrizeForm) -> str:
        keeping.keep_prize(form.row(), by=member)
        return _("奖品记下了")
    return one_form(request, PrizeForm(request.POST or None, instance=row), do, "service:points", title=row.name or _("写一个奖品"),
                    crumb=_("积分"))
