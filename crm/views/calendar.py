"""园历: the year as a picture, the week, special days, a year's notice, and when a deadline falls."""
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import timetable
from crm.access import calendar_for_change, days_for
from crm.calendar import NeverOpen
from crm.calendar_forms import DueForm, NoticeForm, SpecialDaysForm, WeekForm
from crm.explain import hours_of, told, why_of
from crm.models import SpecialDays
from crm.opening import announced, calendar_for, work_calendar, zone
from crm.yearview import open_days, year_of
from tenancy.access import campuses_of, find
from tenancy.refusals import Telling
from tenancy.site import need, page
from tenancy.typed import as_id

FIRST_YEAR, YEARS_AHEAD = 2000, 3


def calendar(request: HttpRequest) -> HttpResponse:
    """One calendar and one year of it; a form that was refused is shown again as it was typed."""
    need(request, "crm.view")
    return _shown(request)


@require_POST
def week(request: HttpRequest) -> HttpResponse:
    row = calendar_for_change(request.member, _campus(request))
    form = WeekForm(request.POST, calendar=row)
    return _filled(request, "week", form, lambda v: timetable.keep_week(row, by=request.member, **v), _("园历已保存"))


@require_POST
def days(request: HttpRequest) -> HttpResponse:
    row = calendar_for_change(request.member, _campus(request))
    form = SpecialDaysForm(request.POST)
    return _filled(request, "days", form, lambda v: timetable.add_days(row, by=request.member, **v), _("已加上这几天"))


@require_POST
def days_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = days_for(request.member, pk)
    campus = row.calendar.campus
    timetable.remove_days(row, by=request.member)
    messages.success(request, _("已删掉 %(days)s") % {"days": row})
    return redirect(_address(campus, row.first.year))


@require_POST
def part(request: HttpRequest) -> HttpResponse:
    """A campus goes its own way, or comes back to the school's calendar."""
    need(request, "crm.calendar")
    campus = find(request.member, campuses_of(request.member), request.POST.get("campus"), "crm.calendar")
    if request.POST.get("way") == "back":
        timetable.come_back(calendar_for_change(request.member, campus), by=request.member)
        messages.success(request, _("%(campus)s 又跟着全部园所了") % {"campus": campus})
    else:
        timetable.go_own_way(campus, by=request.member)
        messages.success(request, _("%(campus)s 有了自己的园历，先照着全部园所的来") % {"campus": campus})
    return redirect(_address(campus))


def notice(request: HttpRequest) -> HttpResponse:
    """Paste a year's notice, look at what was read, enter it."""
    calendar_for_change(request.member, None)
    form = NoticeForm(request.POST or None, request.FILES or None, initial={"year": timezone.localdate().year + 1})
    runs = form.runs() if request.method == "POST" else None
    if runs and "enter" in request.POST:
        count = timetable.enter_notice(form.cleaned_data["year"], runs, by=request.member)
        messages.success(request, _("%(year)s 年的放假安排已导入，%(n)s 段") % {"year": form.cleaned_data["year"], "n": count})
        return redirect(_address(None, form.cleaned_data["year"]))
    return page(request, "crm/calendar/notice.html", {"title": _("导入放假安排"), "crumb": _("园历"), "form": form, "runs": runs},
                status=422 if form.errors else 200)


def _campus(request: HttpRequest) -> Any:
    """The campus the page is about; none named is the school's own calendar."""
    named = request.POST.get("campus") or request.GET.get("campus")
    return find(request.member, campuses_of(request.member), named, "crm.view") if named else None


def _year(request: HttpRequest, today: date) -> int:
    asked = as_id(request.POST.get("year") or request.GET.get("year", "")) or today.year
    return min(max(asked, FIRST_YEAR), today.year + YEARS_AHEAD)


def _address(campus: Any, year: int | None = None) -> str:
    words = [f"campus={campus.pk}"] if campus else []
    return f"{reverse('crm:calendar')}?{'&'.join([*words, *([f'year={year}'] if year else [])])}"


def _filled(request: HttpRequest, name: str, form: Any, do: Any, said: str) -> HttpResponse:
    if form.is_valid():
        with Telling(form.refuse):
            do(form.cleaned_data)
            messages.success(request, said)
            return redirect(_address(_campus(request), _year(request, timezone.localdate())))
    return _shown(request, **{name: form})


def _shown(request: HttpRequest, **refused: Any) -> HttpResponse:
    campus, today = _campus(request), timezone.localdate(timezone=zone())
    year, row, opened = _year(request, today), work_calendar(campus), calendar_for(campus)
    asked = request.GET if "since" in request.GET else None
    due = DueForm(asked, initial={"since": f"{timezone.now().astimezone(zone()):%Y-%m-%dT%H:%M}", "hours": 24})
    plan = opened.plan(today)
    forms = {"week": WeekForm(calendar=row), "days": SpecialDaysForm(initial={"first": request.GET.get("day") or None})} | refused
    context = {
        "title": _("园历"), "campus": campus, "campuses": campuses_of(request.member), "calendar": row, "year": year, "today": today,
        "plan": plan, "why": why_of(today, plan), "hours": hours_of(plan), "months": year_of(opened, year, today),
        "open_days": open_days(opened, year), "announced": announced(year), "next_announced": announced(today.year + 1),
        "special": _special(row, campus, year), "is_own": campus is not None and row.campus_id == campus.pk,
        "may_change": _may_change(request, campus, row),
        "may_part": bool(campus and not row.campus_id and request.member.may("crm.calendar")),
        "due": due, **forms, **_answer(opened, due)}
    return page(request, "crm/calendar/calendar.html", context, status=422 if any(f.errors for f in refused.values()) else 200)


def _special(row: Any, campus: Any, year: int) -> list[SpecialDays]:
    """The special days of the year: the campus's own and the school's, which hold for it too."""
    rows = SpecialDays.objects.filter(calendar__in={row, work_calendar(None)}, first__year__lte=year, last__year__gte=year)
    return list(rows.select_related("calendar__campus"))


def _may_change(request: HttpRequest, campus: Any, row: Any) -> bool:
    """Whether the forms are shown: a campus that follows the school's calendar has nothing to fill in."""
    if not request.member.may("crm.calendar"):
        return False
    return row.campus_id == campus.pk if campus else request.member.campus_ids() is None


def _answer(opened: Any, due: DueForm) -> dict[str, Any]:
    """When the asked span of working time is over, line by line."""
    if not due.is_bound or not due.is_valid():
        return {}
    since: datetime = due.cleaned_data["since"].replace(tzinfo=zone())
    try:
        until = opened.due(since, timedelta(seconds=int(due.cleaned_data["hours"] * 3600)))
    except NeverOpen:
        return {"never": True}
    return {"until": until.astimezone(zone()), "lines": told(opened, since, until)}
