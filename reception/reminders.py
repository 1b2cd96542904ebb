"""提醒的时间: when a parent is reminded of a visit (R7). Pure; what is due is decided here and nowhere else.

Nobody is written to in quiet hours: the day-before reminder comes before they begin, the last one when they are over if that is
still half an hour ahead, else before they begin. What would come right behind the confirmation is left out.
"""
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crm.calendar import QuietHours

REMINDERS = DAY_BEFORE, SOON = "reception.day_before", "reception.soon"
APART = timedelta(hours=2)        # from the confirmation to the day-before reminder, and between the two
LEAST = timedelta(minutes=30)     # before the visit, so that the last one still finds the parent at home


def due_times(starts_at: datetime, told_at: datetime, quiet: QuietHours, zone: ZoneInfo, *, day_before: bool = True,
              soon: timedelta = timedelta(hours=2)) -> dict[str, datetime]:
    """Kind of message by the time it is due, in UTC. ``told_at`` is when the parent was told the time; no ``soon`` means none."""
    due: dict[str, datetime] = {}
    if day_before:
        same_time = (starts_at.astimezone(zone) - timedelta(days=1)).replace(fold=0)
        when = quiet.before(same_time, zone)
        if when >= told_at + APART:
            due[DAY_BEFORE] = when
    if soon:
        when = quiet.over(starts_at - soon, zone)
        if when > starts_at - min(LEAST, soon):
            when = quiet.before(starts_at - soon, zone)
        if when >= told_at + min(LEAST, soon) and (DAY_BEFORE not in due or when >= due[DAY_BEFORE] + APART):
            due[SOON] = when
    return due
