"""流失分析报告 written and signed (C4c): its figures are frozen as it is written, and a second person signs them."""
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from churn.groups import management
from churn.models import Analysis
from churn.reports.queries import Report, Spread, report
from notifications.actions import settle, tell
from tenancy.access import must, second_pair_of_eyes
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused


@transaction.atomic
def write(first: date, last: date, campus: Campus | None, summary: str, *, by: Membership, at: datetime) -> Analysis:
    """Write the period's report, or write it anew while nobody has signed it. A report of the whole school sees the whole school."""
    must(by, "churn.plan")
    if campus is None and by.campus_ids() is not None:
        raise Refused(_("您只负责部分园所，请选一个园所再写报告。"), "campus")
    if not summary.strip():
        raise Refused(_("请写分析和建议。"), "summary")
    found = report(by, first, last, campus)
    if not found.lost:
        raise Refused(_("这段时间没有流失，没有可以分析的。"))
    there = Analysis.objects.select_for_update().filter(first=first, last=last, campus=campus).first()
    if there is not None and there.signed_at is not None:
        raise Refused(_("这份报告已经签发；要改，先请签发的人收回。"), code="signed")
    row = there or Analysis(first=first, last=last, campus=campus)
    row.figures, row.summary, row.written_by, row.written_at = frozen(found), summary.strip()[:2000], by, at
    row.save()
    record(by, "churn.report_written", row)
    said = _("%(name)s 写了流失分析报告，等签发") % {"name": by.name}
    others = [one for one in management() if one.pk != by.pk]
    tell(others, said, key=f"analysis-{row.pk}-{at:%Y%m%d%H%M%S}", link=f"churn/report/{row.pk}/", at=at)
    return row


@transaction.atomic
def sign(row: Analysis, *, by: Membership, at: datetime) -> None:
    """签发, by the management and not by who wrote it."""
    must(by, "churn.oversee")
    second_pair_of_eyes(by, row.written_by)
    if not Analysis.objects.filter(pk=row.pk, signed_at=None, written_at=row.written_at).update(signed_by=by, signed_at=at):
        raise Refused(_("报告刚被改过或签发了，请刷新再看。"), code="changed")
    row.refresh_from_db()
    settle(f"analysis-{row.pk}-", at=at)
    record(by, "churn.report_signed", row)


@transaction.atomic
def unsign(row: Analysis, *, by: Membership) -> None:
    """收回, so that it can be written anew."""
    must(by, "churn.oversee")
    if not Analysis.objects.filter(pk=row.pk).exclude(signed_at=None).update(signed_by=None, signed_at=None):
        raise Refused(_("这份报告还没有签发。"), code="changed")
    row.refresh_from_db()
    record(by, "churn.report_unsigned", row)


def frozen(found: Report) -> dict[str, Any]:
    """The report's figures as they are kept: 分 and counts, shares from 0 to 1."""
    bars = [{"area": one.area, "name": one.name, "cases": one.bar.part.cases, "children": one.bar.part.children, "fen": one.bar.part.fen,
             "share": one.bar.share, "reached": one.bar.reached, "vital": one.bar.is_vital} for one in found.bars]
    spreads = {"campuses": found.campuses, "classes": found.classes, "teachers": found.teachers, "sources": found.sources}
    return {"lost": found.lost, "fen": found.fen, "kept": found.kept, "natural": found.natural, "bars": bars,
            **{name: [_row(one) for one in rows] for name, rows in spreads.items()}}


def _row(one: Spread) -> list[Any]:
    return [one.name, one.lost, one.fen, one.kept]
