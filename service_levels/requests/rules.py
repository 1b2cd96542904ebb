"""提醒规则 of a school: read by every clock, kept by whoever works on plans; a change reaches the clocks that run."""
from typing import Any

from django.db import transaction

from audit.actions import record
from notifications.actions import consumer, later
from service_levels.access import EDIT
from service_levels.models import Clock, ClockRules
from service_levels.requests import clocks, timing
from tenancy.access import must
from tenancy.models import Membership

REMARK = "service.clock_rules"
CHUNK = 500


@transaction.atomic
def keep(row: ClockRules, *, by: Membership) -> ClockRules:
    """The school's one row; the marks of the clocks that run follow in the worker."""
    must(by, EDIT)
    row.save()
    record(by, "service.clock_rules_kept", row)
    later(REMARK)
    return row


@consumer(REMARK)
def remark(payload: dict[str, Any]) -> None:
    """When each running clock tells somebody next, by the rules of now; what somebody was told stays told."""
    ruled = timing.rules()
    ids = list(Clock.objects.filter(stopped_at=None).order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), CHUNK):
        rows = list(Clock.objects.filter(id__in=ids[start:start + CHUNK], stopped_at=None).select_for_update().order_by("id"))
        for clock, course, calendar in timing.courses(rows):
            mark = clocks.next_mark(course, timing.span_of(clock), calendar, ruled, clock.told, clock.due_at)
            clock.next_at = mark.at if mark else None
        Clock.objects.bulk_update(rows, ["next_at"])
