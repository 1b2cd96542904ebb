"""每周例会 on the screen: past and coming meetings, the one that is held, its minutes."""
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.actions import record
from churn import access
from churn.cases.forms import workers
from churn.departments import words
from churn.groups import Kind, group
from churn.measures import charts
from churn.meetings import agenda as agendas
from churn.meetings import holding
from churn.models import Cause, Indicator, Item, Meeting, MeetingPresence
from churn.reports import charts as pareto_charts
from crm.asked import today
from crm.days import monday
from tenancy.refusals import Refused, Telling
from tenancy.site import need, on_the_next_page, page
from tenancy.typed import as_id

PAGE = 20


def meetings(request: HttpRequest) -> HttpResponse:
    """Every meeting, and what the next one is about; POST begins it."""
    member, day = need(request, "churn.view"), today()
    if request.method == "POST":
        with Telling(on_the_next_page(request)):
            return redirect("churn:meeting", holding.begin(by=member, at=timezone.now()).pk)
    week = Meeting.objects.filter(week_on=monday(day)).first()
    shown = Paginator(Meeting.objects.select_related("host"), PAGE).get_page(request.GET.get("page"))
    coming = None if week else agendas.agenda(member, None, day)
    return page(request, "churn/meetings/list.html", {
        "title": _("每周例会"), "rows": shown, "week": week, "coming": coming, "group": group(Kind.CHURN),
        "items": _items(coming, None) if coming else [], "may_hold": member.may("churn.plan")})


def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting as it is held, or its minutes."""
    return _meeting(request, access.meeting_for(request.member, pk))


def _meeting(request: HttpRequest, row: Meeting, *, refused: str = "", typed: str = "") -> HttpResponse:
    member = request.member
    found = agendas.agenda(member, row, timezone.localdate(row.ended_at or timezone.now()))
    record(member, "churn.meeting_seen", row, cases=[case.pk for case in (*found.cases, *found.typical)])
    presences = list(row.presences.select_related("member").order_by("member__name", "pk"))
    asked = request.GET.get("item", "")
    item = asked if asked in Item.values else row.item
    effects = charts.forest([charts.Effect(one.seen.found.net, one.seen.found.low, one.seen.found.high) for one in found.effects])
    pareto = pareto_charts.columns([(one.bar.share, one.bar.reached) for one in found.report.bars])
    return page(request, "churn/meetings/held.html" if row.ended_at is None else "churn/meetings/minutes.html", {
        "title": _("流失例会"), "crumb": _("每周例会"), "row": row, "agenda": found, "items": _items(found, row), "item": item,
        "item_name": Item(item).label, "next_item": holding.after(row.item), "notes": agendas.notes(member, row), "presences": presences,
        "lacking": holding.lacking(presences), "states": MeetingPresence.State.choices, "chart": effects,
        "rows": list(zip(found.effects, effects.rows, strict=True)), "pareto": pareto,
        "columns": list(zip(found.report.bars, pareto.columns, strict=True)), "workers": workers(), "refused": refused, "typed": typed,
        "causes": Cause.objects.filter(is_open=True), "indicators": Indicator.choices, "may_hold": member.may("churn.plan"),
        "may_note": member.may("churn.case"), "today": today(), "planned": sum(holding.MINUTES.values()), "report": found.report,
        "steps": words.steps(found.asked), "whole": found.asked, "widest": words.widest(found.asked),
        "may_reopen": member.may("churn.plan") and row.week_on == monday(today())},
        status=422 if refused else 200)


def _items(found: agendas.Agenda, row: Meeting | None) -> list[dict[str, Any]]:
    """The agenda's five lines: name, what it holds, minutes planned and spent."""
    spent = row.spent if row else {}
    told = row.figures if row and row.ended_at else {}
    return [{"code": code, "name": label, "said": told.get(code) or found.said(code), "planned": holding.MINUTES[Item(code)],
             "spent": round(spent[code] / 60) if code in spent else None} for code, label in Item.choices]


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One thing done in a meeting; what is refused comes back with what was typed."""
    row = access.meeting_for(request.member, pk)
    if verb not in ACTS:
        raise Refused(_("没有这个操作。"))
    told: list[Refused] = []
    with Telling(told.append):
        said = ACTS[verb](request, row)
        if said:
            messages.success(request, said)
        return redirect("churn:meeting", row.pk)
    return _meeting(request, row, refused=told[0].message, typed=request.POST.get("line") or request.POST.get("text", ""))


def _go(request: HttpRequest, row: Meeting) -> str:
    holding.go_to(row, request.POST.get("item", ""), by=request.member, at=timezone.now())
    return ""


def _mark(request: HttpRequest, row: Meeting) -> str:
    member = workers().filter(pk=as_id(request.POST.get("member", ""))).first()
    if member is None:
        raise Refused(_("请选一位同事。"), "member")
    holding.mark(row, member, request.POST.get("state", ""), by=request.member)
    return ""


def _note(request: HttpRequest, row: Meeting) -> str:
    pk = as_id(request.POST.get("case", ""))
    case = access.case_for(request.member, pk, "churn.case") if pk else None
    holding.note(row, request.POST.get("item", row.item), request.POST.get("text", ""), case=case, by=request.member, at=timezone.now())
    return _("已记下")


def _drop(request: HttpRequest, row: Meeting) -> str:
    holding.drop_note(access.note_for(request.member, row, as_id(request.POST.get("note", ""))), by=request.member)
    return _("已去掉")


def _decide(request: HttpRequest, row: Meeting) -> str:
    cause = Cause.objects.filter(pk=as_id(request.POST.get("cause", "")), is_open=True).first()
    indicator = request.POST.get("indicator", "")
    made = holding.decide(row, request.POST.get("line", ""), workers(), cause=cause, by=request.member, at=timezone.now(),
                          indicator=indicator if indicator in Indicator.values else Indicator.CHURN)
    return _("已记成措施：%(title)s，%(name)s，%(day)s") % {"title": made.title, "name": made.owner.name, "day": f"{made.due_on:%m-%d}"}


def _end(request: HttpRequest, row: Meeting) -> str:
    found = agendas.agenda(request.member, row, today())
    figures = {code: found.said(code) for code in Item.values}
    holding.end(row, figures=figures, summary=request.POST.get("summary", ""), by=request.member, at=timezone.now())
    return _("例会结束，纪要出来了")


def _reopen(request: HttpRequest, row: Meeting) -> str:
    holding.reopen(row, by=request.member, at=timezone.now())
    return _("已重开")


ACTS: dict[str, Callable[[HttpRequest, Meeting], str]] = {
    "go": _go, "mark": _mark, "note": _note, "drop": _drop, "decide": _decide, "end": _end, "reopen": _reopen}
