"""部门登记: what a department enters of its own work, how it was settled, and that a week's data are true (C8–C11, C22a)."""
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from churn.models import COLLECTORS, DEPARTMENT_OF, MATTERS_OF, ChurnCase, Confirmation, Department, Finding, department_of
from crm.days import monday
from notifications.actions import settle, tell
from tenancy.access import must, open_now
from tenancy.models import Campus, Membership
from tenancy.refusals import Forbidden, Refused

FRIDAY = 4
PAGE = "churn/departments/?department="


def must_belong(by: Membership, department: str) -> None:
    """A department's data are entered by its own people, or by who steers. Raises Forbidden."""
    must(by, "churn.case")
    if department not in MATTERS_OF:
        raise Refused(_("请选部门。"), "department")
    if department_of(by.role) != department and not by.may("churn.plan"):
        raise Forbidden(_("这个部门的数据由%(name)s部门自己登记。") % {"name": Department(department).label}, code="forbidden")


@transaction.atomic
def enter(department: str, matter: str, text: str, *, on: date, campus: Campus | None = None, families: int | None = None,
          case: ChurnCase | None = None, by: Membership) -> Finding:
    """One thing that a department saw."""
    must_belong(by, department)
    if matter not in MATTERS_OF[Department(department)]:
        raise Refused(_("请选是哪方面的事。"), "matter")
    if not text.strip():
        raise Refused(_("请写看到什么。"), "text")
    row: Finding = Finding.objects.create(department=department, matter=matter, text=text.strip()[:300], on=on, campus=campus,
                                          families=families, case=case, by=by)
    record(by, "churn.finding_entered", row, department=department)
    return row


@transaction.atomic
def solve(row: Finding, how: str, *, by: Membership, at: datetime) -> None:
    must_belong(by, row.department)
    if not how.strip():
        raise Refused(_("请写怎么解决的。"), "settled")
    fresh = {"settled": how.strip()[:300], "settled_on": timezone.localdate(at), "settled_by": by}
    if not Finding.objects.open().filter(pk=row.pk).update(**fresh):
        raise Refused(_("同事刚写过怎么解决的。"), code="changed")
    row.refresh_from_db()
    record(by, "churn.finding_settled", row)


@transaction.atomic
def unsolve(row: Finding, *, by: Membership) -> None:
    """It is there again."""
    must_belong(by, row.department)
    Finding.objects.filter(pk=row.pk).update(settled="", settled_on=None, settled_by=None)
    row.refresh_from_db()
    record(by, "churn.finding_reopened", row)


@transaction.atomic
def drop(row: Finding, *, by: Membership) -> None:
    """Entered by mistake; only by who entered it."""
    must(by, "churn.case")
    if row.by_id != by.pk:
        raise Forbidden(_("只能去掉自己登记的。"), code="forbidden")
    record(by, "churn.finding_dropped", row)
    row.delete()


@transaction.atomic
def confirm(department: str, note: str = "", *, by: Membership, at: datetime) -> Confirmation:
    """确认本周数据真实、完整 (C22a): once a week for each department."""
    must_belong(by, department)
    week = monday(timezone.localdate(at))
    try:
        with transaction.atomic():
            row: Confirmation = Confirmation.objects.create(department=department, week_on=week, at=at, by=by, note=note.strip()[:200])
    except IntegrityError:
        raise Refused(_("这个部门本周已经确认过了。"), code="changed") from None
    settle(f"confirm-{department}-{week}-", at=at)
    record(by, "churn.week_confirmed", row, department=department)
    return row


def confirmed(week: date) -> dict[str, Confirmation]:
    """By department who confirmed a week."""
    return {row.department: row for row in Confirmation.objects.filter(week_on=week).select_related("by")}


def missing(week: date) -> list[Department]:
    """Departments that have not confirmed a week."""
    there = confirmed(week)
    return [Department(code) for code, _label in COLLECTORS if code not in there]


def remind(today: date, *, at: datetime) -> None:
    """On Friday the people of a department that has not confirmed its week are told, once."""
    if today.weekday() != FRIDAY:
        return
    week = monday(today)
    for department in missing(week):
        roles = [role for role, theirs in DEPARTMENT_OF.items() if theirs is department]
        people = [one for one in Membership.objects.filter(open_now(), role__in=roles).order_by("pk") if one.may("churn.case")]
        said = _("请确认%(name)s部门本周的数据真实、完整") % {"name": department.label}
        tell(people, said, key=f"confirm-{department}-{week}-friday", link=f"{PAGE}{department}", at=at)
