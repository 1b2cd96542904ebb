"""例会怎么开: begun once a week, item by item with its time, who came, what was said, what was decided, and ended with its minutes."""
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from churn.groups import Kind, group
from churn.measures import typed, working
from churn.models import (
    Cause,
    ChurnCase,
    Department,
    Indicator,
    Item,
    Measure,
    Meeting,
    MeetingNote,
    MeetingPresence,
    department_of,
)
from crm.days import monday
from notifications.actions import settle, tell
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused

MINUTES = {Item.DECIDED: 8, Item.CASES: 12, Item.CAUSES: 10, Item.EFFECTS: 10, Item.DECISIONS: 5}
USUAL_DUE = timedelta(days=14)
ONE_WEEK = timedelta(days=7)
ORDER = list(Item.values)


@transaction.atomic
def begin(*, by: Membership, at: datetime) -> Meeting:
    """This week's meeting, by who may plan measures; whoever sits in the group is expected."""
    must(by, "churn.plan")
    week = monday(timezone.localdate(at))
    try:
        with transaction.atomic():
            meeting: Meeting = Meeting.objects.create(week_on=week, host=by, opened_at=at, item_at=at)
    except IntegrityError:
        raise Refused(_("这一周的例会已经开了。"), code="open_already") from None
    expected = {one.pk: one for one in (by, *group(Kind.CHURN).everybody)}
    MeetingPresence.objects.bulk_create(
        MeetingPresence(meeting=meeting, member=one, state="here" if one.pk == by.pk else "missing") for one in expected.values())
    settle(f"meeting-{week}-", at=at)
    record(by, "churn.meeting_begun", meeting)
    return meeting


@transaction.atomic
def go_to(meeting: Meeting, item: str, *, by: Membership, at: datetime) -> None:
    """The item that is spoken about now; the time of the one before is added up."""
    must(by, "churn.plan")
    if item not in ORDER:
        raise Refused(_("议程里没有这一项。"), "item")
    row = _locked(meeting)
    _add_up(row, at)
    row.item, row.item_at = item, at
    row.save(update_fields=["item", "item_at", "spent"])
    meeting.refresh_from_db()


def after(item: str) -> str:
    """The next item; empty after the last."""
    place = ORDER.index(item) + 1
    return ORDER[place] if place < len(ORDER) else ""


def _add_up(row: Meeting, at: datetime) -> None:
    seconds = max(0, int((at - row.item_at).total_seconds()))
    row.spent = row.spent | {row.item: row.spent.get(row.item, 0) + seconds}


def _locked(meeting: Meeting) -> Meeting:
    row: Meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if row.ended_at is not None:
        raise Refused(_("例会已经结束，要改先重开。"), code="changed")
    return row


@transaction.atomic
def mark(meeting: Meeting, member: Membership, state: str, *, by: Membership) -> None:
    """到会: here, excused or missing; somebody who is not in the group is added as a guest."""
    must(by, "churn.plan")
    if state not in MeetingPresence.State.values:
        raise Refused(_("请选到了、请假还是没到。"), "state")
    _locked(meeting)
    MeetingPresence.objects.update_or_create(meeting=meeting, member=member, defaults={"state": state})
    record(by, "churn.meeting_presence", meeting, member=member.pk, state=state)


@transaction.atomic
def note(meeting: Meeting, item: str, text: str, *, case: ChurnCase | None = None, by: Membership, at: datetime) -> MeetingNote:
    """A line of the minutes, by anybody who works on cases: everybody in the group is to share (C22b)."""
    must(by, "churn.case")
    if item not in ORDER:
        raise Refused(_("议程里没有这一项。"), "item")
    if not text.strip():
        raise Refused(_("请写说了什么。"), "text")
    _locked(meeting)
    row: MeetingNote = MeetingNote.objects.create(meeting=meeting, item=item, text=text.strip()[:500], case=case, by=by, at=at)
    record(by, "churn.meeting_noted", meeting, case=case.pk if case else None)
    return row


@transaction.atomic
def drop_note(row: MeetingNote, *, by: Membership) -> None:
    """Written by mistake: by who wrote it or who holds the meeting."""
    if row.by_id != by.pk:
        must(by, "churn.plan")
    _locked(row.meeting)
    record(by, "churn.meeting_note_dropped", row.meeting)
    row.delete()


@transaction.atomic
def decide(meeting: Meeting, line: str, people: Iterable[Membership], *, cause: Cause | None = None, indicator: str = Indicator.CHURN,
           by: Membership, at: datetime) -> Measure:
    """A line becomes a measure: what, who, until when. Without a day it is due in two weeks; without a name nobody does it: refused."""
    _locked(meeting)
    today = timezone.localdate(at)
    known = {one.pk: one for one in people}
    told = typed.decision(line, [(pk, one.name) for pk, one in known.items()], today)
    if not told.title:
        raise Refused(_("请写决定什么，谁，到哪天。"), "line")
    if told.who is None:
        raise Refused(_("没看出谁负责：在逗号后面写同事的姓名，如“停车位，%(name)s，10-16”。")
                      % {"name": next((one.name for one in known.values()), "")}, "line")
    owner = known[told.who]
    made = working.Plan(told.title[:60], department_of(owner.role) or Department.OPERATIONS, owner, today, told.due or today + USUAL_DUE,
                        indicator, told.title[60:][:300], cause)
    return working.plan(made, by=by, at=at, meeting=meeting)


@transaction.atomic
def end(meeting: Meeting, *, figures: dict[str, Any], summary: str, by: Membership, at: datetime) -> None:
    """结束并出纪要: the figures of the agenda are kept as they were; whoever sits in the group learns that the minutes are there."""
    must(by, "churn.plan")
    row = _locked(meeting)
    _add_up(row, at)
    row.figures, row.summary, row.ended_at = figures, summary.strip()[:500], at
    row.save(update_fields=["spent", "figures", "summary", "ended_at"])
    meeting.refresh_from_db()
    record(by, "churn.meeting_ended", meeting)
    people = [one for one in group(Kind.CHURN).everybody if one.pk != by.pk]
    tell(people, _("%(day)s 那一周的流失例会出纪要了") % {"day": f"{row.week_on:%m-%d}"}, key=f"minutes-{row.pk}-{at:%Y%m%d%H%M%S}",
         link=f"churn/meetings/{row.pk}/", at=at)


@transaction.atomic
def reopen(meeting: Meeting, *, by: Membership, at: datetime) -> None:
    """Ended too early: goes on in its own week; minutes of weeks gone by stay as they are."""
    must(by, "churn.plan")
    if meeting.week_on != monday(timezone.localdate(at)):
        raise Refused(_("过了那一周，纪要不再改；有补充写在这一周的例会上。"), code="past")
    if not Meeting.objects.filter(pk=meeting.pk).exclude(ended_at=None).update(ended_at=None, figures={}, item_at=at):
        raise Refused(_("例会还在开。"), code="changed")
    meeting.refresh_from_db()
    record(by, "churn.meeting_reopened", meeting)


def lacking(presences: Iterable[MeetingPresence]) -> list[Department]:
    """Departments of the rule of which nobody is here (C3b)."""
    here = {department_of(one.member.role) for one in presences if one.state == MeetingPresence.State.HERE}
    return [one for one in (Department.MARKETING, Department.TEACHING, Department.SERVICE, Department.ADMINISTRATION) if one not in here]
