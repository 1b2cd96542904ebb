"""考勤: a class on a day, everybody present unless said otherwise."""
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import facts, queries
from crm.models import Attendance, ClassGroup
from crm.parse import Unreadable, parse_past
from tenancy.access import find
from tenancy.site import need, page
from tenancy.typed import numbered


def _day(text: str) -> date:
    try:
        return parse_past(text, timezone.localdate())
    except Unreadable:
        return timezone.localdate()


def attendance(request: HttpRequest) -> HttpResponse:
    """Choose class and day, mark who is not there, save."""
    member = need(request, "crm.log")
    groups = ClassGroup.objects.filter(closed_on=None).in_campuses(member.campus_ids()).select_related("campus")
    words = request.POST if request.method == "POST" else request.GET
    group = find(member, groups, words["class"], "crm.log") if words.get("class") else groups.first()
    day = _day(words.get("day", ""))
    if request.method == "POST" and group is not None:
        count = facts.take_attendance(group, day, numbered(request, "child"), today=timezone.localdate(), by=member)
        messages.success(request, _("%(group)s %(day)s 的考勤已保存，%(n)s 个孩子") % {"group": group.name, "day": day, "n": count})
        return redirect(f"{reverse('crm:attendance')}?class={group.pk}&day={day}")
    rows = queries.class_on(group, day) if group else []
    return page(request, "crm/attendance.html", {"title": _("考勤"), "crumb": _("家庭"), "groups": groups, "group": group, "day": day,
                                                 "rows": rows, "statuses": Attendance.Status.choices, "today": timezone.localdate()})
