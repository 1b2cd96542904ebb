"""每天夜里: whoever leads the group hears every week how many families nobody has begun with, and everybody of what is due."""
from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from churn.groups import group
from crm.days import monday
from crm.models import WorkingGroup
from notifications.actions import Notice, tell_each
from service_levels.models import WinBack, WinBackStep
from service_levels.winback.queries import owed


def nightly(day: date, *, at: datetime) -> None:
    """Running twice changes nothing more."""
    tell_each([*_to_begin(day), *_due(day)], at=at)


def _to_begin(day: date) -> Iterator[Notice]:
    """Once a week, as long as there are any."""
    leader, count = group(WorkingGroup.Kind.WIN_BACK).leader, owed().count()
    if leader and count:
        yield Notice(leader, _("%(n)s 户归挽回小组，还没有计划") % {"n": count}, f"win-back-owed-{monday(day)}", "service/winback/")


def _due(day: date) -> Iterator[Notice]:
    rows = WinBackStep.objects.filter(done_on=None, due_on__lte=day, winback__in=WinBack.objects.open())
    for step in rows.select_related("member").order_by("pk"):
        yield Notice(step.member, _("一件挽回的措施今天到期"), f"win-back-{step.winback_id}-due-{step.pk}",
                     f"service/winback/{step.winback_id}/")
