"""流失个案 on the screen: the list, one case, what is done with it, and the list of who left from 大班."""
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import looked, record
from churn import access
from churn.cases import opening, queries, working
from churn.cases.forms import CauseForm, EndForm, OpenForm, TalkForm, workers
from churn.cases.furnish import QUESTIONNAIRE, READY_MADE, guide, questionnaires
from churn.models import Area, ChurnCase, Trigger
from churn.risk.panels import why_card
from crm.access import customer_for
from crm.asked import campus_asked, day_asked, today
from crm.models import Child
from tenancy import doing
from tenancy.access import campuses_of, must
from tenancy.refusals import Refused, Telling
from tenancy.sheets import FORMATS, as_file
from tenancy.site import need, page
from tenancy.typed import as_id

PAGE = 25
SCHOOL_YEAR = (9, 1)


def asked(request: HttpRequest) -> queries.Asked:
    words = request.GET
    campus = campus_asked(request.member, words)
    first, last = (day_asked(words, name) if words.get(name) else None for name in ("from", "to"))
    return queries.Asked(words.get("q", "").strip()[:80], words.get("state", ""), words.get("trigger", ""), words.get("area", ""),
                         campus.pk if campus else None, words.get("owner") == "me", first, last)


def cases(request: HttpRequest) -> HttpResponseBase:
    """The list of cases, the open ones first; export gives the same."""
    member, chosen = need(request, "churn.view"), asked(request)
    rows = queries.listed(member, chosen)
    form = request.GET.get("export", "")
    if form in FORMATS:
        need(request, "crm.export")
        return _file(request, form, list(rows[:5000]))
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    record(member, "churn.cases_listed", ids=[row.pk for row in shown])
    return page(request, "churn/cases/list.html", {
        "title": _("流失个案"), "rows": shown, "chosen": chosen, "counts": queries.counts(member, today().replace(day=1)),
        "states": ChurnCase.State.choices, "triggers": Trigger.choices, "areas": Area.choices, "campuses": campuses_of(member)})


def _file(request: HttpRequest, form: str, rows: list[ChurnCase]) -> HttpResponseBase:
    looked(request.member, "crm.child_exported", Child.objects.filter(pk__in=[row.child_id for row in rows if row.child_id]))
    record(request.member, "churn.exported", cases=len(rows))
    header = [_("编号"), _("称呼"), _("孩子"), _("园所"), _("因为什么"), _("原因"), _("状态"), _("哪天开的"), _("哪天离开"), _("去了哪里"),
              _("近一年缴费（元）"), _("负责人"), _("结果")]
    cells = [[row.customer.external_ref, row.customer.name, row.child.name if row.child else "", row.campus.name, row.get_trigger_display(),
              "、".join(f"{one.cause.name} {one.weight}" for one in row.causes.all()), row.get_state_display(), row.opened_on,
              row.left_on or "", row.went_to, row.revenue_fen / 100, str(row.owner or ""), row.result] for row in rows]
    return as_file(form, _("流失个案"), header, cells, reader=request.member.name)


def new(request: HttpRequest) -> HttpResponse:
    """Open a case by hand, from a family's page."""
    member = need(request, "churn.case")
    customer = customer_for(member, as_id((request.POST or request.GET).get("customer", "")))
    children = Child.objects.filter(family__customer=customer)
    only = children.first() if children.count() == 1 else None
    form = OpenForm(request.POST or None, children=children, initial={"child": only, "owner": customer.owner_id})
    if request.method == "POST" and form.is_valid():
        with Telling(form.refuse):
            case = opening.open_by_hand(customer, **form.cleaned_data, by=member, at=timezone.now())
            messages.success(request, _("已开个案"))
            return redirect("churn:case", case.pk)
    return page(request, "churn/cases/new.html", {"title": _("开个案"), "crumb": _("流失个案"), "form": form, "customer": customer},
                status=422 if form.errors else 200)


def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: what is known, why, what was said, what became of it."""
    row = access.case_for(request.member, pk)
    if row.child:
        looked(request.member, "crm.child_viewed", Child.objects.filter(pk=row.child.pk))
    return _case(request, row)


def _case(request: HttpRequest, row: ChurnCase, *, form: str = "", filled: Any = None, refused: str = "") -> HttpResponse:
    """The page, with the form in which something was wrong as it was filled in."""
    day, likely = today(), queries.proposal(row, request.tenant.kind)
    ending = {"left_on": row.left_on, "went_to": row.went_to, "natural": likely,
              "state": ChurnCase.State.NATURAL if likely else ChurnCase.State.KEPT}
    forms = {"cause": CauseForm(), "talk": TalkForm(guide=guide(), initial={"on": day}), "end": EndForm(initial=ending)}
    if form:
        forms[form] = filled
    return page(request, "churn/cases/case.html", {
        "title": row.customer.name, "crumb": _("流失个案"), "row": row, "causes": row.causes.select_related("cause", "by"),
        "talks": row.talks.select_related("by", "response__version__survey", "response__entry"),
        "questionnaires": questionnaires(), "ready_made": (READY_MADE, QUESTIONNAIRE), "risk": why_card(request.member, row.customer, day),
        "late": queries.broken_promises(row, day),
        "likely": dict(ChurnCase.NATURAL_REASONS).get(likely, ""), "forms": forms, "workers": workers(), "refused": refused,
        "may_work": request.member.may("churn.case"), "is_open": row.state == ChurnCase.State.OPEN},
        status=422 if form or refused else 200)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done with a case."""
    return doing.do(request, DOING, access.case_for(request.member, pk, "churn.case"), verb)


def _cause(request: HttpRequest, row: ChurnCase, form: Any) -> str:
    working.name_cause(row, **form.cleaned_data, by=request.member)
    return _("已写原因")


def _drop(request: HttpRequest, row: ChurnCase, form: Any) -> str:
    working.drop_cause(access.case_cause_for(request.member, row, as_id(request.POST.get("cause", ""))), by=request.member)
    return _("已去掉这个原因")


def _talk(request: HttpRequest, row: ChurnCase, form: Any) -> str:
    typed = form.cleaned_data
    working.note_talk(row, typed["way"], on=typed["on"], answers=form.answers(), by=request.member, at=timezone.now())
    return _("已记下")


def _ask(request: HttpRequest, row: ChurnCase, form: Any) -> str:
    asked = request.POST.get("survey", "")
    survey = questionnaires().filter(pk=as_id(asked)).first()
    if survey is None and asked != READY_MADE:
        raise Refused(_("请选一份问卷。"), "survey")
    working.send_questionnaire(row, survey, by=request.member, at=timezone.now())
    return _("问卷已发，家长答了会出现在这里")


def _end(request: HttpRequest, row: ChurnCase, form: Any) -> str:
    working.close(row, form.end(), by=request.member, at=timezone.now())
    return _("已了结：%(state)s") % {"state": row.get_state_display()}


def _reopen(request: HttpRequest, row: ChurnCase, form: Any) -> str:
    working.reopen(row, by=request.member)
    return _("已重开")


def _hand(request: HttpRequest, row: ChurnCase, form: Any) -> str:
    owner = workers().filter(pk=as_id(request.POST.get("owner", ""))).first()
    if owner is None:
        raise Refused(_("请选一位同事。"), "owner")
    working.hand_to(row, owner, by=request.member, at=timezone.now())
    return _("已交给%(name)s") % {"name": owner.name}


def _typical(request: HttpRequest, row: ChurnCase, form: Any) -> str:
    working.mark_typical(row, not row.is_typical, by=request.member)
    return _("已记为典型个案") if row.is_typical else _("不再是典型个案")


DOING = doing.Page("churn:case", _case, {
    "cause": _cause, "drop": _drop, "talk": _talk, "ask": _ask, "end": _end, "reopen": _reopen, "hand": _hand, "typical": _typical}, {
    "cause": lambda request, row: CauseForm(request.POST), "talk": lambda request, row: TalkForm(request.POST, guide=guide()),
    "end": lambda request, row: EndForm(request.POST)})


def departures(request: HttpRequest) -> HttpResponseBase:
    """大班流失 of a school year, as the authority asks for it."""
    member = need(request, "churn.view")
    first, last = _year(day_asked(request.GET, "on"))
    rows = queries.departures(member, first, min(last, today()))
    form = request.GET.get("export", "")
    if form in FORMATS:
        must(member, "crm.export")
        looked(member, "crm.child_exported", Child.objects.filter(pk__in=[row.child.pk for row in rows]))
        record(member, "churn.exported", departures=len(rows))
        header = [_("孩子"), _("班级"), _("园所"), _("哪天离开"), _("原因"), _("去了哪里")]
        return as_file(form, _("大班流失"), header, [[r.child.name, r.class_name, r.campus, r.left_on, r.reason, r.went_to] for r in rows],
                       reader=member.name)
    looked(member, "crm.child_viewed", Child.objects.filter(pk__in=[row.child.pk for row in rows]))
    return page(request, "churn/cases/departures.html", {
        "title": _("大班流失"), "crumb": _("流失个案"), "rows": rows, "first": first, "last": last,
        "before": first.replace(year=first.year - 1), "after": last.replace(month=9, day=1) if last < today() else None,
        "untold": sum(not row.reason or not row.went_to for row in rows)})


def _year(day: date) -> tuple[date, date]:
    """The school year of a day, 1 September to 31 August."""
    year = day.year if (day.month, day.day) >= SCHOOL_YEAR else day.year - 1
    return date(year, *SCHOOL_YEAR), date(year + 1, 8, 31)
