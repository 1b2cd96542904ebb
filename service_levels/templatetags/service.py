"""Plans and their lines in words, for templates."""
from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

from crm.calendar import Kind as CalendarKind
from crm.calendar import Line as Sum
from crm.models import Channel
from service_levels.models import Touch
from service_levels.plans.book import Line, Plan, Unit
from service_levels.words import PEOPLE, SOLUTIONS, UNITS

register = template.Library()


@register.filter
def people(plan: Plan) -> str:
    return str(PEOPLE[plan.people])


@register.filter
def solution(plan: Plan) -> str:
    return str(SOLUTIONS[plan.solution])


@register.filter
def often(line: Line) -> str:
    """每月 1 次; nothing for what simply holds."""
    if line.unit is Unit.ALWAYS:
        return ""
    return _("%(unit)s %(n)s 次") % {"unit": UNITS[line.unit], "n": line.times}


@register.filter
def ways(line: Line) -> str:
    """By which channels, in words."""
    return _("、").join(str(Channel(code).label) for code in line.by if code in Channel.values)


@register.filter
def open_time(minutes: int) -> str:
    """A target in open minutes of the work calendar: whole hours as hours."""
    if minutes % 60:
        return _("%(n)s 个工作分钟") % {"n": minutes}
    return _("%(n)s 个工作小时") % {"n": minutes // 60}


@register.filter
def by_ways(touch: Touch) -> str:
    """How the plan would have it done, in words."""
    return _("、").join(str(Channel(code).label) for code in touch.ways.split(",") if code in Channel.values)


@register.filter
def whole_percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.0f}"


@register.filter
def open_words(span: timedelta) -> str:
    """Open time in words: 4 时 04 分, 18 分; the sign is the caller's to say."""
    minutes = abs(int(span.total_seconds())) // 60
    hours, rest = divmod(minutes, 60)
    return _("%(h)s 时 %(m)s 分") % {"h": hours, "m": f"{rest:02d}"} if hours else _("%(m)s 分") % {"m": rest}


@register.filter
def figures(span: timedelta) -> str:
    """``4:00``, for the lines of a sum."""
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"


@register.filter
def day_said(line: Sum) -> str:
    """What a line of the calendar is: 调休上班, 国庆节, or nothing for an ordinary day."""
    plan = line.plan
    if plan.name:
        return plan.name
    if not plan.shifts:
        return _("休息，不计")
    return _("调休上班") if plan.kind is CalendarKind.MAKE_UP else ""
