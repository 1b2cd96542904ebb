"""深度合作 on the screen: what families said, what came of it, and with whom somebody should talk."""
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from crm.access import customer_for
from crm.asked import today
from crm.views.filling import begun
from service_levels import access
from service_levels.cooperation import queries, working
from service_levels.cooperation.forms import DecisionForm, TalkForm
from service_levels.models import Cooperation
from service_levels.sheets import Columns, sheet, whose
from service_levels.words import OPINION_TABS
from tenancy import doing
from tenancy.site import need, page

PAGE, FIRST = 30, 12


def cooperation(request: HttpRequest) -> HttpResponseBase:
    """What waits for a word, what is to be told back, and with whom somebody should talk."""
    member, words = need(request, access.VIEW), request.GET
    tab = words.get("tab", "") if words.get("tab", "") in queries.TABS else "open"
    asked = {"q": words.get("q", "").strip()[:80], "topic": words.get("topic", "")[:10], "tab": tab}
    found = queries.listed(member, tab, asked["q"], asked["topic"])
    if made := sheet(request, "opinions", _("深度合作"), _columns(), found):
        return made
    rows = Paginator(found, PAGE).get_page(words.get("page"))
    silent = queries.to_talk_with(member, today())
    record(member, "service.opinions_listed", ids=[row.customer_id for row in rows])
    return page(request, "service_levels/cooperation/list.html", {
        "title": _("深度合作"), "rows": rows, "asked": asked, "tabs": OPINION_TABS, "counts": queries.counts(member),
        "topics": Cooperation.Topic.choices, "adopted": queries.adopted(member, today()), "silent": silent[:FIRST],
        "silent_count": silent.count(), "may_log": member.may(working.LOG)})


def _columns() -> Columns:
    return [*whose(), (_("哪天谈的"), "on"), (_("谈什么"), "get_topic_display"), (_("意见"), "text"), (_("结论"), "get_outcome_display"),
            (_("怎么做的，或为什么不做"), "result"), (_("回给家长了"), "told_on")]


def write_down(request: HttpRequest, pk: int) -> HttpResponse:
    """A talk with a family."""
    member = need(request, working.LOG)
    customer = customer_for(member, pk)
    form = TalkForm(request.POST or None)

    def do() -> str:
        return reverse("service:opinion", args=[working.write_down(customer, form.talk(), by=member, at=timezone.now()).pk])
    return begun(request, customer, form, do, title=_("和%(name)s谈合作"), crumb=_("深度合作"), submit=_("记下"),
                 said=_("记下了，往来里也有，管方案的同事会给结论"))


def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    return _opinion(request, access.opinion_for(request.member, pk))


def _opinion(request: HttpRequest, row: Cooperation, *, form: str = "", filled: Any = None, refused: str = "") -> HttpResponse:
    member = request.member
    decide = filled if form else DecisionForm()
    if form:
        refused = refused or next(iter(filled.non_field_errors()), "")
    record(member, "service.opinion_seen", row)
    return page(request, "service_levels/cooperation/detail.html", {
        "title": row.get_topic_display(), "crumb": _("深度合作"), "row": row, "decide": decide, "refused": refused,
        "may_decide": member.may(access.EDIT), "may_log": member.may(working.LOG)}, status=422 if form or refused else 200)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done with an opinion."""
    return doing.do(request, DOING, access.opinion_for(request.member, pk), verb)


def _decide(request: HttpRequest, row: Cooperation, form: Any) -> str:
    working.decide(row, form.decision(), by=request.member, at=timezone.now())
    return _("有结论了，谈的同事会回给家长")


def _tell(request: HttpRequest, row: Cooperation, form: Any) -> str:
    working.tell_back(row, by=request.member, at=timezone.now())
    return _("记下了，家长知道了")


def _reopen(request: HttpRequest, row: Cooperation, form: Any) -> str:
    working.reopen(row, by=request.member, at=timezone.now())
    return _("又没有结论了")


DOING = doing.Page("service:opinion", _opinion, {"decide": _decide, "tell": _tell, "reopen": _reopen},
                   {"decide": lambda request, row: DecisionForm(request.POST)})
