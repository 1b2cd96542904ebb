"""A deadline explains itself line by line (SPEC B5): which days counted, why others did not, and the sum so far."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.calendar import Break, Calendar, DayPlan, Kind, Line
from crm.models import DayKind
from tenancy.templatetags.mp import WEEKDAYS

# as the package and the notices name them; any other name is the school's own and stays as it is
FESTIVALS = {str(name): name for name in (gettext_lazy("元旦"), gettext_lazy("春节"), gettext_lazy("清明节"), gettext_lazy("劳动节"),
                                          gettext_lazy("端午节"), gettext_lazy("中秋节"), gettext_lazy("国庆节"))}


@dataclass(frozen=True)
class Told:
    """One line in words: the days, what they are, the times that counted, how much, and the sum."""

    days: str
    why: str
    times: str
    counted: str
    total: str


def told(calendar: Calendar, since: datetime, until: datetime, breaks: Iterable[Break] = ()) -> list[Told]:
    return [_told(line, calendar) for line in calendar.explain(since, until, breaks)]


def why_of(day: date, plan: DayPlan) -> str:
    """What a date is in words: ``周六，调休上班``, ``春节``, ``休息``; an ordinary working day needs none."""
    if plan.kind is Kind.ORDINARY:
        return "" if plan.shifts else _("休息")
    if plan.kind is Kind.MAKE_UP:
        return _("%(weekday)s，调休上班") % {"weekday": WEEKDAYS[day.weekday()]}
    return "、".join(str(FESTIVALS.get(name, name)) for name in plan.name.split("、")) if plan.name else str(DayKind(plan.kind.value).label)


def hours_of(plan: DayPlan) -> str:
    return "，".join(str(shift) for shift in plan.shifts)


def lasting(span: timedelta) -> str:
    """``7 时 30 分``; seconds are not worth a word."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    words = [_("%(n)s 时") % {"n": hours}] if hours else []
    return " ".join(words + ([_("%(n)s 分") % {"n": minutes}] if minutes or not hours else []))


def _told(line: Line, calendar: Calendar) -> Told:
    first, last = (f"{day:%m-%d} {WEEKDAYS[day.weekday()]}" for day in (line.first, line.last))
    days = first if line.days == 1 else _("%(first)s 到 %(last)s") % {"first": first, "last": last}
    if line.days > 1 and line.spells:
        times = _("每天 %(hours)s") % {"hours": hours_of(line.plan)}
    else:
        times = "，".join(f"{s.starts.astimezone(calendar.zone):%H:%M}–{s.ends.astimezone(calendar.zone):%H:%M}" for s in line.spells)
    return Told(days, why_of(line.first, line.plan), times, lasting(line.counted) if line.counted else "–", lasting(line.total))
