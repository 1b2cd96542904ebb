"""培训 (R37b, R42, K33): written down with who was there; who was never there is seen."""
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, Max, Q

from audit.actions import record
from crm.models import Training, TrainingAttendance
from tenancy.models import Campus, Membership

YEAR = timedelta(days=365)


@transaction.atomic
def train(subject: str, topic: str, *, on: date, trainer: Membership, members: Iterable[Membership], by: Membership,
          campus: Campus | None = None, notes: str = "") -> Training:
    """Somebody practised something with some colleagues on a day."""
    row = Training.objects.create(on=on, subject=subject.strip(), topic=topic, campus=campus, trainer=trainer, notes=notes.strip())
    TrainingAttendance.objects.bulk_create([TrainingAttendance(training=row, member=member) for member in dict.fromkeys(members)])
    record(by, "crm.training_noted", row)
    return row


@transaction.atomic
def forget(row: Training, *, by: Membership) -> None:
    """Written down by mistake."""
    record(by, "crm.training_removed", row)
    row.delete()


def trained(day: date) -> list[Membership]:
    """Everybody in work with how often they were trained in the year up to a day, and when last; who was least stands first."""
    lately = Q(attendance__training__on__gt=day - YEAR, attendance__training__on__lte=day)
    rows = Membership.objects.filter(is_active=True).annotate(
        times=Count("attendance", filter=lately), last=Max("attendance__training__on", filter=lately))
    return list(rows.order_by("times", "last", "name"))
