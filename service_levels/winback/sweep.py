"""每天夜里: whoever leads the group hears of families that nobody has begun with, and everybody of measures that are due."""
from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from churn.groups import group
from crm.models import WorkingGroup
from notifications.actions import Notice, tell_each
from service_levels.models import WinBack, WinBackStep
from service_levels.winback.queries import owed


def nightly(day: date, *, at: datetime) -> None:
    """Running twice changes nothing more."""
    tell_each([*_to_begin(), *_due(day)], at=at)


def _to_begin() -> Iterator[Notice]:
    """Once a family, until somebody has begun."""
    leader = group(WorkingGroup.Kind.WIN_BACK).leader
    if leader is None:
        return
    for customer in owed():
        yield Notice(leader, _("有一家归挽回小组，还没有计划"), f"win-back-owed-{customer.pk}", f"families/{customer.pk}/#win-back")


def _due(day: date) -> Iterator[Notice]:
    rows = WinBackStep.objects.filter(done_on=None, due_on__lte=day, winback__in=WinBack.objects.open())
    for step in rows.select_related("member").order_by("pk"):
        yield Notice(step.member, _("一件挽回的措施今天到期"), f"win-back-{step.winback_id}-due-{step.pk}",
                     f"service/winback/{step.winback_id}/")
