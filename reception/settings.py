"""Keeping the booking rules; a new privacy notice is a new version, so that everybody answers to the words they saw."""
from django.db import transaction

from audit.actions import record
from reception.models import BookingRules
from tenancy.models import Membership


def rules_row() -> BookingRules:
    """The school's row, to be changed; made where an older school has none."""
    return BookingRules.objects.first() or BookingRules.objects.create()


@transaction.atomic
def keep_rules(row: BookingRules, *, by: Membership) -> None:
    """Save what the form has put into the row. Another text of the notice counts its version up."""
    before = BookingRules.objects.get(pk=row.pk)
    if row.notice_text.strip() != before.notice_text.strip():
        row.notice_version = str(int(before.notice_version) + 1) if before.notice_version.isdecimal() else "1"
    row.save()
    record(by, "reception.rules_kept", row)
