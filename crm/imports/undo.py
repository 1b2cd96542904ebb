"""Take a whole import back within seven days: changed rows first, then what it made, newest tables first."""
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from crm.archive import refresh_search
from crm.imports.runs import UNDO_DAYS, may_undo
from crm.models import (
    Assessment,
    Attendance,
    Child,
    ClassGroup,
    Customer,
    Enrolment,
    Family,
    Guardian,
    ImportChange,
    ImportRun,
    IntentRating,
    LessonPackage,
    Partner,
    Payment,
    Referral,
    Satisfaction,
    SearchToken,
    TimelineEntry,
)
from tenancy.models import Membership
from tenancy.refusals import Refused

LEAVES = (Payment, Referral, TimelineEntry, Attendance, LessonPackage, IntentRating, Assessment, Satisfaction, Enrolment)


@transaction.atomic
def undo(run: ImportRun, *, by: Membership | None, at: datetime) -> None:
    """Raises Refused when it is too late, or when later work hangs on what this import made."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if not may_undo(run, at):
        raise Refused(_("只有 %(days)s 天内导入的、还没撤销的批次可以撤销。") % {"days": UNDO_DAYS})
    touched = _put_back(run)
    for model in LEAVES:
        model.objects.filter(import_run=run).delete()
    made = Customer.objects.filter(import_run=run)
    _refuse_if_used(made)
    Child.objects.filter(import_run=run).delete()
    Guardian.objects.filter(import_run=run).delete()
    Partner.objects.filter(customer__in=made).delete()
    Family.objects.filter(customer__in=made).delete()
    SearchToken.objects.filter(customer_id__in=list(made.values_list("pk", flat=True))).delete()
    made.delete()
    ClassGroup.objects.filter(import_run=run, enrolments=None).delete()
    refresh_search(touched)  # by now without the people that went
    run.state = ImportRun.State.UNDONE
    run.save(update_fields=["state"])
    record(by, "crm.import_undone", run)


def _refuse_if_used(made: Any) -> None:
    """Facts that people or other imports added to the new families would vanish with them: say so instead."""
    used = sum(model.objects.filter(customer__in=made).count() for model in (Payment, TimelineEntry, LessonPackage))
    used += Referral.objects.filter(referrer__in=made).count() + Referral.objects.filter(referred__in=made).count()
    if used:
        raise Refused(_("这一批建的家庭后来又添了 %(n)s 条缴费、往来或推荐，不能整批撤销。先撤销后来的导入，或逐家处理。") % {"n": used})


def _put_back(run: ImportRun) -> list[Customer]:
    """Every changed row as it was; returns the customers among them, for whoever keeps the search."""
    touched = []
    for change in ImportChange.objects.filter(run=run).order_by("-id"):
        row = apps.get_model(change.model).objects.filter(pk=change.object_id).first()
        if row is None:
            continue
        for name, value in change.before.items():
            setattr(row, name, value if name.endswith("_id") else row._meta.get_field(name).to_python(value))
        row.save(update_fields=list(change.before))
        if isinstance(row, Customer):
            touched.append(row)
    return touched
