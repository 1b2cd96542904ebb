"""策划: an event is written down, its invitations go out, it is moved or called off, and looked back upon (K35a, c–e)."""
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from notifications.actions import settle
from service_levels.access import ORGANISE
from service_levels.events import telling
from service_levels.events.links import door_token
from service_levels.events.seats import move_up, taken_in
from service_levels.models import Event, Invitation
from service_levels.plans.discreet import names_a_label
from tenancy.access import must
from tenancy.links import token_hash
from tenancy.models import Membership
from tenancy.refusals import Refused


@transaction.atomic
def keep(row: Event, *, by: Membership, at: datetime) -> Event:
    """A new event or a changed one; whoever was asked hears of another time or place."""
    must(by, ORGANISE)
    before = Event.objects.select_for_update(of=("self",)).get(pk=row.pk) if row.pk else None
    _check(row, before, at)
    if before is None:
        row.owner = by
    row.save()
    if not row.door_hash:
        row.door_hash = token_hash(door_token(row))
        row.save(update_fields=["door_hash"])
    if before and row.opened_at and (before.starts_at, before.place) != (row.starts_at, row.place):
        telling.moved(row, at=at)
    move_up(row, at=at)  # there may be more seats
    record(by, "service.event_kept", row)
    return row


def _check(row: Event, before: Event | None, at: datetime) -> None:
    for field in ("title", "about", "place"):
        if names_a_label(getattr(row, field)):
            raise Refused(_("家长会看到这里，不能写等级、风险或挽留。"), field)
    if before and before.stands(at) not in ("planned", "open"):
        raise Refused(_("活动已经办完或取消了，不能再改。"), code="over")
    if row.starts_at <= at:
        raise Refused(_("开始的时间要在以后。"), "starts_at")
    taken = taken_in(before) if before else 0
    if row.seats is not None and row.seats < taken:
        raise Refused(_("已经有 %(n)s 个人说要来，不能少于这个数。") % {"n": taken}, "seats")


@transaction.atomic
def open_invitations(event: Event, *, by: Membership, at: datetime) -> int:
    """The invitations go out: those that choose first at once, the others so many days later. How many families."""
    must(by, ORGANISE)
    if event.starts_at <= at:
        raise Refused(_("活动已经开始了，不用再发邀请。"), code="over")
    ids = list(Invitation.objects.filter(event=event).values_list("pk", flat=True))
    if not ids:
        raise Refused(_("还没有请谁，先挑请哪些家庭。"), code="nobody")
    if not Event.objects.open().filter(pk=event.pk, opened_at=None).update(opened_at=at):
        raise _changed()
    event.refresh_from_db()
    telling.invite(event, ids, at=at)
    record(by, "service.event_opened", event, families=len(ids))
    return len(ids)


@transaction.atomic
def cancel(event: Event, why: str, *, by: Membership, at: datetime) -> int:
    """It does not take place; whoever knew of it and had not said no is told. How many families."""
    must(by, ORGANISE)
    if not why.strip():
        raise Refused(_("请写为什么取消，同事要跟家长说。"), "why")
    if event.ends_at <= at:
        raise Refused(_("活动已经办完了，不能取消。"), code="over")
    if not Event.objects.open().filter(pk=event.pk).update(cancelled_at=at, cancel_why=why.strip()[:200]):
        raise _changed()
    event.refresh_from_db()
    settle(f"event-{event.pk}-", at=at)
    record(by, "service.event_cancelled", event)
    return telling.off(event, at=at)


@transaction.atomic
def close(event: Event, effect: str, lessons: str, *, by: Membership, at: datetime) -> None:
    """总结: how it went, and what is to be done otherwise; the next event of the kind shows it."""
    must(by, ORGANISE)
    if event.stands(at) != "over":
        raise Refused(_("办完了的活动才能总结。"), code="not_over")
    if not lessons.strip():
        raise Refused(_("请写下次怎么做，哪怕一句。"), "lessons")
    if not Event.objects.open().filter(pk=event.pk).update(closed_at=at, effect=effect.strip()[:600], lessons=lessons.strip()[:600]):
        raise _changed()
    event.refresh_from_db()
    settle(f"event-{event.pk}-", at=at)
    record(by, "service.event_closed", event)


@transaction.atomic
def look_again(event: Event, *, by: Membership) -> None:
    """总结 is to be written anew; the words stay in the form."""
    must(by, ORGANISE)
    if not Event.objects.exclude(closed_at=None).filter(pk=event.pk).update(closed_at=None):
        raise _changed()
    event.refresh_from_db()
    record(by, "service.event_reopened", event)


def _changed() -> Refused:
    return Refused(_("同事刚处理过，请刷新再看。"), code="changed")
