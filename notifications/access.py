"""The doors to messages to parents: those of the member's campuses, each or nothing."""
from typing import Any, cast

from django.db.models import Q

from audit.actions import looked
from notifications import wording
from notifications.models import ParentMessage
from notifications.parents import TO_DO
from tenancy.access import find, must
from tenancy.models import Membership


def messages_of(member: Membership) -> Any:
    """The messages of the member's campuses, without those whose content is nobody's business."""
    must(member, "notifications.parents")
    secret = [kind.code for kind in wording.kinds() if kind.is_secret]
    rows = ParentMessage.objects.exclude(kind__in=secret).select_related("campus", "by")
    campuses = member.campus_ids()
    return rows if campuses is None else rows.filter(Q(campus__in=campuses) | Q(campus=None))


def message_for(member: Membership, pk: int) -> ParentMessage:
    return cast(ParentMessage, find(member, messages_of(member), pk, "notifications.parents"))


def message_seen(member: Membership, pk: int) -> ParentMessage:
    """The message whose page is opened: it shows a number in full and what was written, so the look is kept (QUALITY P-1)."""
    row = message_for(member, pk)
    looked(member, "notifications.message_viewed", [row])
    return row


def to_do(member: Membership) -> int:
    """How many messages wait for a colleague of the member's campuses."""
    return int(messages_of(member).filter(state__in=TO_DO).count())
