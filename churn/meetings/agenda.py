"""议程: what this week's meeting is about, put together from what happened since the last one (B16). Each reader's own campuses only."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from churn import access
from churn.departments.funnel import Line
from churn.departments.queries import Period, funnel
from churn.groups import Kind, group
from churn.measures import queries as measures
from churn.models import ChurnCase, Item, Measure, Meeting, MeetingNote
from churn.reports.queries import Report, report
from crm.days import quarter
from crm.opening import day_begins
from notifications.actions import tell
from tenancy.models import Membership

ONE_WEEK = timedelta(days=7)
MOST = 30


@dataclass(frozen=True)
class Agenda:
    """What each item shows. ``since`` is the day of the last meeting, or a week ago."""

    since: date
    today: date
    carried: Sequence[Measure]
    finished: Sequence[Measure]
    cases: Sequence[ChurnCase]
    typical: Sequence[ChurnCase]
    report: Report
    asked: Line
    effects: Sequence[measures.Effect]
    decided: Sequence[Measure]

    @property
    def late(self) -> list[Measure]:
        return [row for row in self.carried if row.due_on < self.today]

    @property
    def natural(self) -> list[ChurnCase]:
        return [case for case in self.cases if case.state == ChurnCase.State.NATURAL]

    def said(self, item: str) -> str:
        """One line below each item's name."""
        words = {
            Item.DECIDED: _("%(n)s 件没完，%(late)s 件逾期，%(done)s 件完成") % {
                "n": len(self.carried), "late": len(self.late), "done": len(self.finished)},
            Item.CASES: _("%(n)s 个，%(natural)s 个自然流失，%(typical)s 个典型") % {
                "n": len(self.cases), "natural": len(self.natural), "typical": len(self.typical)},
            Item.CAUSES: _("本季 %(n)s 个，%(money)s 万元") % {"n": self.report.lost, "money": f"{self.report.fen / 1_000_000:.1f}"},
            Item.EFFECTS: _("%(n)s 项到了该定的时候") % {"n": len(self.effects)},
            Item.DECISIONS: _("已记 %(n)s 件") % {"n": len(self.decided)}}
        return words[Item(item)]


def agenda(member: Membership, meeting: Meeting | None, today: date) -> Agenda:
    """Of a meeting, or of the one that has not begun yet."""
    before = meeting.opened_at if meeting else day_begins(today + timedelta(days=1))
    last = Meeting.objects.filter(opened_at__lt=before).order_by("-opened_at").first()
    since = timezone.localdate(last.opened_at) if last else today - ONE_WEEK
    rows = access.measures(member)
    others = rows.exclude(meeting=meeting) if meeting else rows
    return Agenda(
        since, today, carried=list(others.running().order_by("due_on", "pk")[:MOST]),
        finished=list(others.filter(done_on__gte=since)[:MOST]),
        cases=list(_cases(member).filter(opened_on__gte=since).order_by("opened_on", "pk")[:MOST]),
        typical=list(_cases(member).open().filter(is_typical=True, opened_on__lt=since).order_by("pk")[:MOST]),
        report=report(member, quarter(today), today), asked=funnel(member, Period(quarter(today), today))[0], effects=_ripe(member),
        decided=list(rows.filter(meeting=meeting).order_by("pk")) if meeting else [])


def _cases(member: Membership) -> Any:
    return access.cases(member).prefetch_related("causes__cause")


def _ripe(member: Membership) -> list[measures.Effect]:
    """Measures with the rule's last word that nobody has decided: what failed comes back until it is."""
    undecided = {Measure.State.RUNNING, Measure.State.DONE}
    return [one for one in measures.effects(member, date.min, date.max, final=True) if one.measure.state in undecided]


def notes(member: Membership, meeting: Meeting) -> dict[str, list[MeetingNote]]:
    """Lines by item; one about a case is read by who may see the case."""
    mine = access.cases(member).values("pk")
    rows = [row for row in MeetingNote.objects.filter(meeting=meeting).select_related("by", "case__customer")]
    seen = {pk for (pk,) in mine.filter(pk__in=[row.case_id for row in rows if row.case_id]).values_list("pk")}
    found: dict[str, list[MeetingNote]] = {}
    for row in rows:
        if row.case_id is None or row.case_id in seen:
            found.setdefault(row.item, []).append(row)
    return found


def invite(today: date, *, at: datetime) -> None:
    """On Monday the group learns what this week's agenda holds, once."""
    sitting = group(Kind.CHURN)
    if today.weekday() != 0 or sitting.leader is None or Meeting.objects.filter(week_on=today).exists():
        return
    found = agenda(sitting.leader, None, today)
    said = _("本周流失例会的议程好了：%(n)s 个新个案，%(late)s 件逾期，%(ripe)s 项等着定") % {
        "n": len(found.cases), "late": len(found.late), "ripe": len(found.effects)}
    tell(sitting.everybody, said, key=f"meeting-{today}-agenda", link="churn/meetings/", at=at)
