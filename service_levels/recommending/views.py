"""推荐 on the screen: for whom now is the time, what families consider, and which services are taken."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from crm.asked import today
from crm.views.filling import one_form
from service_levels import access
from service_levels.models import CourseOffer, Recommendation
from service_levels.recommending import queries, working
from service_levels.recommending.forms import AnswerForm, OfferForm
from service_levels.sheets import Columns, sheet, whose
from service_levels.words import RECOMMENDED_TABS
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page
from tenancy.typed import as_id

PAGE = 30


def recommending(request: HttpRequest) -> HttpResponseBase:
    """Each service with how many children it suits now and how many families took it; below, what was recommended."""
    member, words = need(request, access.VIEW), request.GET
    tab = words.get("tab", "") if words.get("tab", "") in queries.TABS else "waiting"
    text = words.get("q", "").strip()[:80]
    found = queries.listed(member, tab, text)
    if made := sheet(request, "recommendations", _("推荐"), _columns(), found):
        return made
    rows = Paginator(found, PAGE).get_page(words.get("page"))
    taken = queries.taken(member, today())
    record(member, "service.recommendations_listed", ids=[row.customer_id for row in rows])
    return page(request, "service_levels/recommending/list.html", {
        "title": _("推荐"), "rows": rows, "tab": tab, "tabs": RECOMMENDED_TABS, "counts": queries.counts(member), "words": text,
        "taken": taken, "fitting": sum(one.fitting for one in taken), "may_log": member.may(working.LOG)})


def _columns() -> Columns:
    return [*whose(), (_("孩子"), "child.name"), (_("服务或课程"), "offer.name"), (_("谁推荐的"), "by.name"), (_("哪天推荐的"), "on"),
            (_("家长怎么说"), "get_answer_display"), (_("原话"), "words"), (_("哪天答的"), "answered_on")]


def offer(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A service that can be recommended."""
    member = need(request, access.ORGANISE)
    row = access.offer_for(member, pk, access.ORGANISE) if pk else CourseOffer()

    def do(form: OfferForm) -> str:
        working.keep_offer(form.row(), by=member)
        return _("记下了，合适的孩子已经列出来")
    return one_form(request, OfferForm(request.POST or None, instance=row), do, "service:recommending",
                    title=row.name or _("写一项推荐的服务"), crumb=_("推荐"))


def fitting(request: HttpRequest, pk: int) -> HttpResponse:
    """The children for whom now is the time."""
    row = access.offer_for(request.member, pk)
    children = Paginator(queries.fitting(request.member, row, today()), PAGE).get_page(request.GET.get("page"))
    record(request.member, "service.fitting_listed", ids=[child.family.customer_id for child in children])
    return page(request, "service_levels/recommending/fitting.html", {
        "title": row.name, "crumb": _("推荐"), "offer": row, "rows": children, "day": today(), "may_log": request.member.may(working.LOG)})


@require_POST
def recommend(request: HttpRequest, pk: int) -> HttpResponse:
    """To the family of one child."""
    member, row = request.member, access.offer_for(request.member, pk, working.LOG)
    asked = as_id(request.POST.get("child", ""))
    with Telling(on_the_next_page(request)):
        if not asked:
            raise Refused(_("请选一个孩子。"))
        working.recommend(row, access.child_for(member, asked, working.LOG), by=member, at=timezone.now())
        messages.success(request, _("记下了，往来里也有；家长答复了再回来写"))
    return redirect("service:fitting", pk)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """What the family said, or that it was a mistake."""
    row = access.recommendation_for(request.member, pk, working.LOG)
    with Telling(on_the_next_page(request)):
        messages.success(request, _done(request, row, verb))
    return redirect("service:recommending")


def _done(request: HttpRequest, row: Recommendation, verb: str) -> str:
    if verb == "reopen":
        working.take_back(row, by=request.member)
        return _("又在考虑了")
    if verb != "answer":
        raise Refused(_("没有这个操作。"))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Refused(_("请选要了还是不要。"))
    working.answer(row, form.word(), by=request.member, at=timezone.now())
    return _("记下了")
