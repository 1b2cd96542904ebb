"""Keeping what a school sets of its messages to parents."""
from django.db import transaction

from audit.actions import record
from notifications.models import MessageTemplate, SmsAccount
from notifications.wording import MessageKind
from tenancy.models import Membership


def template_row(kind: MessageKind, language: str) -> MessageTemplate:
    """The school's own words, or the ones it came with, not yet kept."""
    own = MessageTemplate.objects.filter(kind=kind.code, language=language).first()
    return own or MessageTemplate(kind=kind.code, language=language, text=kind.text_in(language))


@transaction.atomic
def keep_template(row: MessageTemplate, *, by: Membership) -> None:
    row.save()
    record(by, "notifications.template_kept", row)


@transaction.atomic
def reset_template(kind: MessageKind, language: str, *, by: Membership) -> None:
    """Back to the words the product came with."""
    for row in MessageTemplate.objects.filter(kind=kind.code, language=language):
        record(by, "notifications.template_reset", row)
        row.delete()


def account_row() -> SmsAccount:
    return SmsAccount.objects.first() or SmsAccount()


@transaction.atomic
def keep_account(row: SmsAccount, secret: str, *, by: Membership) -> None:
    if secret:
        row.secret = secret
    row.save(force_insert=row._state.adding)
    record(by, "notifications.sms_account_kept", row)
