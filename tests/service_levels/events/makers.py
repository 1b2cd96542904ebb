"""What the tests of events share: an event on a Saturday a fortnight on, families that were asked, and what the worker would write."""
from datetime import UTC, datetime, timedelta

from notifications.models import Outbox, ParentMessage
from service_levels.events import coming, inviting, planning, telling
from service_levels.events.inviting import Reply
from service_levels.models import Event, Invitation
from tests.service_levels.conftest import family

ONE, HOUR = timedelta(days=1), timedelta(hours=1)
TEN = datetime(2026, 11, 20, 2, tzinfo=UTC)        # ten in the morning, at the campus
NIGHT = datetime(2026, 11, 20, 15, tzinfo=UTC)     # eleven in the evening
STARTS = datetime(2026, 12, 5, 1, 30, tzinfo=UTC)  # half past nine, on a Saturday
ENDS = datetime(2026, 12, 5, 3, 0, tzinfo=UTC)
AFTER = ENDS + ONE
YES, NO = Reply("yes", 2), Reply("no")


def planned(head, at=TEN, **more) -> Event:
    """A reading morning that is being prepared."""
    told = {"kind": "parent_child", "title": "亲子阅读会", "about": "读三本绘本，回家接着读。", "place": "多功能厅", "starts_at": STARTS,
            "ends_at": ENDS} | more
    return planning.keep(Event(**told), by=head, at=at)


def asked(event: Event, head, *customers, at=TEN) -> list[Invitation]:
    """These families are on the list; in the order in which they were named."""
    inviting.invite(event, customers, by=head, at=at)
    rows = {row.customer_id: row for row in Invitation.objects.filter(event=event).select_related("event", "customer")}
    return [rows[customer.pk] for customer in customers]


def opened(head, count: int = 1, at=TEN, **more) -> list[Invitation]:
    """An event of which so many families know."""
    event = planned(head, at, **more)
    rows = asked(event, head, *(family(number) for number in range(1, count + 1)), at=at)
    planning.open_invitations(event, by=head, at=at)
    Invitation.objects.filter(event=event).update(told_at=at)
    return again(rows)


def came(head, count: int = 1, **more) -> list[Invitation]:
    """An event to which so many families came."""
    rows = opened(head, count, **more)
    for row in rows:
        coming.sign_in(row, by=None, at=STARTS)
    return again(rows)


def again(rows) -> list[Invitation]:
    """As they are in the database now."""
    return [Invitation.objects.select_related("event", "customer").get(pk=row.pk) for row in rows]


def answers(event: Event) -> list[str]:
    """What each family answered, in the order in which they were asked."""
    return list(Invitation.objects.filter(event=event).order_by("pk").values_list("answer", flat=True))


def work(until=None) -> list[str]:
    """The worker does what is due: which kinds of messages were written, in order. What comes later stays."""
    before = set(ParentMessage.objects.values_list("pk", flat=True))
    rows = Outbox.objects.filter(topic=telling.TELL).order_by("due_at", "id")
    for row in rows.filter(due_at__lte=until) if until else rows:
        telling.write(row.payload)
        row.delete()
    return [row.kind.removeprefix("service.event_") for row in ParentMessage.objects.exclude(pk__in=before).order_by("pk")]
