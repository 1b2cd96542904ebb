"""接待准备 (R10, R11): what is made ready on a day on which families come, due half an hour before the first of them."""
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from reception.models import Check, CheckItem
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused

AHEAD = timedelta(minutes=30)
STATES = ("done", "lacking", "open")


@dataclass(frozen=True)
class Ready:
    """How far a day's preparation is: every item with what is known of it, and by when it has to be done."""

    rows: list[tuple[CheckItem, Check | None]]
    due_at: datetime | None

    @property
    def done(self) -> int:
        return sum(check is not None and check.done_at is not None for _item, check in self.rows)

    @property
    def lacking(self) -> list[tuple[CheckItem, Check]]:
        return [(item, check) for item, check in self.rows if check is not None and check.lacking]

    @property
    def is_done(self) -> bool:
        return self.done == len(self.rows)

    def is_late(self, at: datetime) -> bool:
        return self.due_at is not None and at > self.due_at and not self.is_done


def readiness(campus: Campus, day: date, first_visit: datetime | None) -> Ready:
    known = {check.item_id: check for check in Check.objects.filter(campus=campus, day=day).select_related("by")}
    rows = [(item, known.get(item.pk)) for item in CheckItem.objects.filter(is_open=True)]
    return Ready(rows, first_visit - AHEAD if first_visit else None)


@transaction.atomic
def tick_rest(campus: Campus, day: date, *, by: Membership, at: datetime) -> int:
    """Everything that nobody has said a word about is ready: one look round, one tap (R43). What is lacking stays lacking."""
    rest = [item for item, check in readiness(campus, day, None).rows if check is None or not (check.done_at or check.lacking)]
    for item in rest:
        tick(item, campus, day, "done", by=by, at=at)
    return len(rest)


@transaction.atomic
def tick(item: CheckItem, campus: Campus, day: date, state: str, *, by: Membership, at: datetime, lacking: str = "") -> Check:
    """done: it is ready; lacking: something is missing, in a few words; open: neither after all."""
    if state not in STATES:
        raise Refused(_("没有这个操作。"))
    missing = lacking.strip()[:60] or str(item.name)
    changes = {"done_at": at if state == "done" else None, "lacking": missing if state == "lacking" else "", "by": by}
    check, _made = Check.objects.update_or_create(item=item, campus=campus, day=day, defaults=changes)
    record(by, "reception.checked", check, state=STATES.index(state))
    return check
