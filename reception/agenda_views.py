"""周历 and 月历 on the screen."""
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from audit.actions import record
from crm.asked import day_asked, today
from reception import agenda
from reception.queries import row_of
from tenancy.access import campus_for, campuses_of
from tenancy.site import need, page
from tenancy.typed import as_id


def week(request: HttpRequest) -> HttpResponse:
    """Seven days beside each other, each family at its hour."""
    member, day = need(request, "reception.view"), day_asked(request.GET)
    campus = campus_for(member, as_id(request.GET.get("campus", "")))
    days = agenda.days_of(member, agenda.week_of(day), campus)
    columns = [(one, [row_of(row) for row in one.visits]) for one in days]
    record(member, "reception.listed", ids=[row.pk for one in days for row in one.visits])
    return _page(request, "week", columns=columns, campus=campus, day=day, before=day - timedelta(days=7), after=day + timedelta(days=7),
                 first=days[0].day, last=days[-1].day, total=sum(len(one.visits) for one in days))


def month(request: HttpRequest) -> HttpResponse:
    """A month in counts: how many come, came, did not come, how many places are left."""
    member, day = need(request, "reception.view"), day_asked(request.GET)
    campus = campus_for(member, as_id(request.GET.get("campus", "")))
    weeks = agenda.month_of(day)
    days = {one.day: one for one in agenda.days_of(member, [one for week in weeks for one in week], campus, day.month)}
    shown = [one for one in days.values() if one.is_in]
    return _page(request, "month", weeks=[[days[one] for one in week] for week in weeks], campus=campus, day=day,
                 before=agenda.month_beside(day, -1), after=agenda.month_beside(day, 1), total=sum(len(one.visits) for one in shown))


def _page(request: HttpRequest, view: str, **context: Any) -> HttpResponse:
    return page(request, f"reception/agenda/{view}.html", {
        "title": _("到访日历"), "crumb": _("今天的到访"), "view": view, "today": today(), "campuses": campuses_of(request.member),
        **context})
