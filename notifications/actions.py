"""later() leaves work in the outbox; consume() does it exactly once; tell() puts a line in somebody's inbox."""
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from notifications.models import Message, Outbox
from tenancy.models import Membership

Consumer = Callable[[dict[str, Any]], None]
_consumers: dict[str, Consumer] = {}


def consumer(topic: str) -> Callable[[Consumer], Consumer]:
    """Register what happens with a topic. The effect runs in one transaction with the mark that it is done."""
    def register(function: Consumer) -> Consumer:
        _consumers[topic] = function
        return function
    return register


def later(topic: str, *, due_at: datetime | None = None, **payload: Any) -> Outbox:
    """Do this after commit, or at ``due_at``; lost with a rollback, kept by a commit."""
    return Outbox.objects.create(topic=topic, payload=payload, due_at=due_at or timezone.now())


def consume(outbox_id: int) -> bool:
    """Do one row's work. A second delivery, or one that runs beside us, finds nothing to do."""
    row = Outbox.objects.select_for_update(skip_locked=True).filter(pk=outbox_id, done_at=None).first()
    if row is None:
        return False
    _consumers[row.topic](row.payload)
    row.done_at = timezone.now()
    row.save(update_fields=["done_at"])
    return True


def count_failure(outbox_id: int) -> None:
    """The work failed and was rolled back; it is tried again, five times in all."""
    Outbox.objects.filter(pk=outbox_id).update(attempts=F("attempts") + 1)


def tell(members: Iterable[Membership], title: str, *, key: str, link: str = "") -> None:
    """One line in each inbox; the same key reaches a person once."""
    Message.objects.bulk_create([Message(member=member, title=title, key=key, link=link) for member in members],
                                ignore_conflicts=True)


def mark_read(member: Membership, *, at: datetime) -> None:
    Message.objects.filter(member=member, read_at=None).update(read_at=at)


def unread(member: Membership) -> int:
    return Message.objects.filter(member=member, read_at=None).count()
