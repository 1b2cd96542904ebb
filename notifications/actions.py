"""later() leaves work in the outbox; consume() does it exactly once; tell() puts a line in somebody's inbox."""
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from notifications.channels import claim, send
from notifications.models import Message, Outbox
from tenancy.models import Membership, Tenant
from tenancy.prepared import insert

AfterCommit = Callable[[Tenant], None]
Consumer = Callable[[dict[str, Any]], AfterCommit | None]
DELIVER = "notifications.deliver"
BATCH = 1000
_consumers: dict[str, Consumer] = {}


def consumer(topic: str) -> Callable[[Consumer], Consumer]:
    """Register what happens with a topic. The effect runs in one transaction with the mark that it is done.

    What it returns, if anything, is called with the tenant after the commit: the place for asking a gateway.
    """
    def register(function: Consumer) -> Consumer:
        _consumers[topic] = function
        return function
    return register


def later(topic: str, *, due_at: datetime | None = None, **payload: Any) -> Outbox:
    """Do this after commit, or at ``due_at``; lost with a rollback, kept by a commit."""
    row = Outbox(topic=topic, payload=payload, due_at=due_at or timezone.now())
    insert(row)
    return row


@dataclass(frozen=True)
class Done:
    """A row's work is done; ``after`` is what remains for after the commit."""

    after: AfterCommit | None


def consume(outbox_id: int) -> Done | None:
    """Do one row's work. A second delivery, or one that runs beside us, finds nothing to do and gets None."""
    row = Outbox.objects.select_for_update(skip_locked=True).filter(pk=outbox_id, done_at=None).first()
    if row is None:
        return None
    after = _consumers[row.topic](row.payload)
    row.done_at = timezone.now()
    row.save(update_fields=["done_at"])
    return Done(after)


def count_failure(outbox_id: int) -> None:
    """The work failed and was rolled back; it is tried again, five times in all."""
    Outbox.objects.filter(pk=outbox_id).update(attempts=F("attempts") + 1)


def tell(members: Iterable[Membership], title: str, *, key: str, link: str = "", at: datetime | None = None) -> None:
    """One line in each inbox, and through the channel of who has one; the same key reaches a person once.

    ``at`` is when that happened which the line tells, now if nothing is said.
    """
    for member in members:
        message, fresh = Message.objects.get_or_create(member=member, key=key,
                                                       defaults={"title": title, "link": link, "at": at or timezone.now()})
        if fresh:
            later(DELIVER, message=message.pk)


@dataclass(frozen=True)
class Notice:
    """A line for one colleague's inbox."""

    member: Membership
    title: str
    key: str
    link: str = ""


def tell_each(notices: Iterable[Notice], *, at: datetime) -> int:
    """As tell(), many at once in a few statements; how many were new. Whoever calls holds what the keys are about."""
    wanted = {(notice.member.pk, notice.key): notice for notice in notices}
    known = set(Message.objects.filter(key__in={key for _pk, key in wanted}).values_list("member_id", "key"))
    rows = Message.objects.bulk_create([
        Message(member=notice.member, key=notice.key, title=notice.title, link=notice.link, at=at)
        for who, notice in wanted.items() if who not in known], batch_size=BATCH)
    Outbox.objects.bulk_create([Outbox(topic=DELIVER, payload={"message": row.pk}, due_at=at) for row in rows], batch_size=BATCH)
    return len(rows)


@consumer(DELIVER)
def deliver(payload: dict[str, Any]) -> AfterCommit | None:
    """Claim the delivery with the outbox row; the gateway is asked after the commit, at most once."""
    delivery = claim(payload["message"])
    if delivery is None:
        return None
    return lambda tenant: send(tenant, delivery.pk)


def settle(key: str, *, at: datetime) -> None:
    """What was asked under keys that begin so is done: nobody's bell counts it any more."""
    Message.objects.filter(key__startswith=key, read_at=None).update(read_at=at)


def mark_read(member: Membership, *, at: datetime) -> None:
    Message.objects.filter(member=member, read_at=None).update(read_at=at)


def mark_opened(message: Message, *, at: datetime) -> None:
    """Whoever follows a line has read it."""
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=at)


def unread(member: Membership) -> int:
    return Message.objects.filter(member=member, read_at=None).count()
