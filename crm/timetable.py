"""Keeping the 园历: the week, the rules, special days, a year's notice, a campus that goes its own way."""
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit.actions import record
from crm.calendar import Kind, Shifts
from crm.hours import LONGEST, Run, parse_shifts, say_shifts
from crm.models import SpecialDays, WorkCalendar, WorkShift
from crm.opening import work_calendar
from notifications.actions import later
from tenancy import panels
from tenancy.models import Campus, Membership, Tenant
from tenancy.refusals import Refused

CHANGED = "crm.calendar_changed"  # in the outbox: what is derived from open time is derived again
DAY_SHIFTS, NURSERY, EVENING, WEEKEND = "8:00-12:00 14:00-17:30", "7:30-18:00", "13:30-20:30", "8:30-12:00 13:30-18:00"
WEEKS = {"kindergarten": [DAY_SHIFTS] * 5 + ["", ""], "nursery": [NURSERY] * 5 + ["", ""],
         "training": ["", *[EVENING] * 4, WEEKEND, WEEKEND]}


def furnish(tenant: Tenant) -> None:
    """The calendar a new school of this kind starts with; one that is there stays. Safe to repeat."""
    calendar, fresh = WorkCalendar.objects.get_or_create(campus=None, defaults={
        "works_make_up": tenant.kind != "training", "make_up_like": 1 if tenant.kind == "training" else 0})
    if fresh:
        _write_week(calendar, [parse_shifts(text) for text in WEEKS[tenant.kind]])


def _write_week(calendar: WorkCalendar, week: Sequence[Shifts]) -> None:
    calendar.shifts.all().delete()
    WorkShift.objects.bulk_create([WorkShift(calendar=calendar, weekday=weekday, starts=shift.starts, ends=shift.ends)
                                   for weekday, shifts in enumerate(week) for shift in shifts])


@transaction.atomic
def keep_week(calendar: WorkCalendar, week: Sequence[Shifts], *, keeps_holidays: bool, works_make_up: bool, make_up_like: int,
              quiet_from: time, quiet_until: time, version: int, by: Membership) -> None:
    """The week's shifts and the rules of one calendar. Refused when a colleague saved in the meantime."""
    if works_make_up and not week[make_up_like]:
        raise Refused(_("调休日要按一个有班次的日子来排，选的那天是休息。"), "make_up_like")
    fresh = {"keeps_holidays": keeps_holidays, "works_make_up": works_make_up, "make_up_like": make_up_like,
             "quiet_from": quiet_from, "quiet_until": quiet_until}
    if not WorkCalendar.objects.filter(pk=calendar.pk, version=version).update(version=F("version") + 1, **fresh):
        raise Refused(_("同事刚改过园历，请看过新的再改。"), code="stale")
    _write_week(calendar, week)
    record(by, "crm.week_kept", calendar, **{k: v for k, v in fresh.items() if isinstance(v, bool | int)})
    _told(calendar)


@transaction.atomic
def go_own_way(campus: Campus, *, by: Membership) -> WorkCalendar:
    """A calendar of its own for a campus, at first a copy of the school's week and rules."""
    schools = work_calendar(None)
    if work_calendar(campus) != schools:
        raise Refused(_("%(campus)s 已经有自己的园历。") % {"campus": campus.name}, code="stale")
    own = WorkCalendar.objects.create(campus=campus, keeps_holidays=schools.keeps_holidays, works_make_up=schools.works_make_up,
                                      make_up_like=schools.make_up_like, quiet_from=schools.quiet_from,
                                      quiet_until=schools.quiet_until)
    WorkShift.objects.bulk_create([WorkShift(calendar=own, weekday=s.weekday, starts=s.starts, ends=s.ends)
                                   for s in schools.shifts.all()])
    record(by, "crm.calendar_parted", own, campus=campus.pk)
    return own


@transaction.atomic
def come_back(calendar: WorkCalendar, *, by: Membership) -> None:
    """A campus follows the school's calendar again; its own special days go with its calendar."""
    if calendar.campus_id is None:
        raise Refused(_("这是全部园所的园历，不能删。"))
    record(by, "crm.calendar_joined", calendar, campus=calendar.campus_id)
    _told(calendar)
    calendar.delete()


@transaction.atomic
def add_days(calendar: WorkCalendar, *, first: date, last: date, kind: str, name: str, hours: str, by: Membership) -> SpecialDays:
    """A run of special days. Hours are needed to open on days off, and make no sense on closed ones."""
    if last < first:
        raise Refused(_("最后一天不能早于第一天。"), "last")
    if last - first > LONGEST:
        raise Refused(_("一次最多一年，更久的请改每周的班次。"), "last")
    if kind == Kind.OPENING and not parse_shifts(hours):
        raise Refused(_("加开要写几点到几点，例如 9:00-12:00。"), "hours")
    if kind in (Kind.HOLIDAY, Kind.BREAK, Kind.CLOSURE) and hours.strip():
        raise Refused(_("放假和闭园没有班次；这几天要开半天，请选“加开”。"), "hours")
    row = SpecialDays.objects.create(calendar=calendar, first=first, last=last, kind=kind, name=name.strip(),
                                     hours=say_shifts(parse_shifts(hours)))
    record(by, "crm.days_added", row, kind=kind, first=first.isoformat(), last=last.isoformat())
    _told(calendar)
    return row


@transaction.atomic
def remove_days(row: SpecialDays, *, by: Membership) -> dict[str, Any]:
    """Take a run of special days away. Returns what it takes to put it back."""
    was = {"first": row.first, "last": row.last, "kind": row.kind, "name": row.name, "hours": row.hours}
    record(by, "crm.days_removed", row, kind=row.kind, first=row.first.isoformat(), last=row.last.isoformat())
    _told(row.calendar)
    row.delete()
    return was


@transaction.atomic
def enter_notice(year: int, runs: Iterable[Run], *, by: Membership) -> int:
    """The year's days off and make-up days for the whole school, in place of what was entered before. Returns how many runs."""
    calendar = WorkCalendar.objects.get(campus=None)
    calendar.special_days.filter(source=SpecialDays.Source.FILE, first__year=year).delete()
    rows = SpecialDays.objects.bulk_create([SpecialDays(calendar=calendar, first=run.first, last=run.last, kind=run.kind.value,
                                                        name=run.name, source=SpecialDays.Source.FILE) for run in runs])
    record(by, "crm.notice_entered", calendar, year=year, runs=len(rows))
    _told(calendar)
    return len(rows)


def _told(calendar: WorkCalendar) -> None:
    later(CHANGED, campus=calendar.campus_id)
    panels.build(CHANGED)
