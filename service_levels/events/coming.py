"""签到和感受: who came stands on the timeline, from which tiers and points count; afterwards families say how it was (K22b, K35c)."""
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.actions import family_with_phone, log_contact
from crm.models import Channel, EntryKind
from notifications.actions import tell
from service_levels.events.links import hash_of
from service_levels.models import Event, Invitation
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused

LOG = "crm.log"
BEFORE, AFTER = timedelta(hours=1), timedelta(hours=1)  # around an event, when parents sign in by themselves
LOW = 2  # a score from which on somebody asks what was wrong


def doors_open(event: Event, at: datetime) -> bool:
    """Whether parents can sign in by themselves now."""
    return event.opened_at is not None and event.cancelled_at is None and event.starts_at - BEFORE <= at <= event.ends_at + AFTER


@transaction.atomic
def sign_in(row: Invitation, *, by: Membership | None, at: datetime, people: int | None = None) -> bool:
    """The family is here: on its timeline as an event. Whether it was news; a second time changes nothing.

    By itself (``by`` is nobody) only around the event; a colleague also writes down later who was there.
    """
    event = row.event
    _may_come(event, by, at)
    held = Invitation.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.came_at:
        return False
    held.came_at, held.came_by = at, by
    held.people = people or held.people
    held.entry = log_contact(held.customer, kind=EntryKind.EVENT, channel=Channel.SIGN_IN, text=held.topic, by=by,
                             at=min(at, event.ends_at), title=event.title)
    held.save(update_fields=["came_at", "came_by", "people", "entry"])
    record(by, "service.event_signed_in", held, event=event.pk)
    row.refresh_from_db()
    return True


def _may_come(event: Event, by: Membership | None, at: datetime) -> None:
    if event.cancelled_at or event.opened_at is None:
        raise Refused(_("这个活动没有办，或者取消了。"), code="off")
    if by is None and not doors_open(event, at):
        raise Refused(_("活动前一小时到结束后一小时，才能自己签到。"), code="closed")
    if by is not None:
        must(by, LOG)
        if timezone.localdate(at) < timezone.localdate(event.starts_at):
            raise Refused(_("活动那天才能签到。"), code="early")
        if event.closed_at:
            raise Refused(_("活动已经总结了，不再签到。"), code="closed")


@transaction.atomic
def not_here(row: Invitation, *, by: Membership, at: datetime) -> None:
    """签到点错了: taken back on the day itself, before points and tiers count it."""
    must(by, LOG)
    held = Invitation.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.came_at is None:
        raise Refused(_("这一家没有签到，可能同事刚撤销过。"), code="changed")
    if timezone.localdate(held.came_at) != timezone.localdate(at) or held.rated_at:
        raise Refused(_("只能当天撤销，家长说过感受的也不能撤。"), code="too_late")
    entry = held.entry
    held.came_at = held.came_by = held.entry = None
    held.save(update_fields=["came_at", "came_by", "entry"])
    if entry:
        entry.delete()
    record(by, "service.event_signed_out", held, event=held.event_id)
    row.refresh_from_db()


@transaction.atomic
def at_the_door(event: Event, phone: str, *, at: datetime) -> bool:
    """Somebody scanned the poster and typed a number. A family that was not asked but stands there is let in; whether anybody was found.

    Whoever typed it is told the same in both cases: a number says nothing of who is known to the school.
    """
    _may_come(event, None, at)
    customer = family_with_phone(phone)
    if customer is None or event.campus_id and customer.campus_id != event.campus_id:
        return False
    walked_in = Invitation(event=event, customer=customer, invited_on=timezone.localdate(at), told_at=at)
    walked_in.token_hash = hash_of(walked_in)
    Invitation.objects.bulk_create([walked_in], ignore_conflicts=True)  # whoever was asked stays as it was, also at one moment
    sign_in(Invitation.objects.select_related("event", "customer").get(event=event, customer=customer), by=None, at=at)
    return True


@transaction.atomic
def rate(row: Invitation, score: int, opinion: str, *, at: datetime) -> None:
    """How a family that came liked it; whoever planned it hears of a bad word at once."""
    held = Invitation.objects.select_for_update(of=("self",)).select_related("event").get(pk=row.pk)
    if held.came_at is None:
        raise Refused(_("来过的家庭才打分。没来也有话说，请点“有事找园里”。"), code="not_here")
    if not 1 <= score <= 5:
        raise Refused(_("请选一项。"), "score")
    held.score, held.opinion, held.rated_at = score, opinion.strip()[:500], at
    held.save(update_fields=["score", "opinion", "rated_at"])
    record(None, "service.event_rated", held, event=held.event_id, score=score)
    if score <= LOW:
        words = _("有家庭对“%(title)s”不满意，看看为什么") % {"title": held.event.title}
        tell([held.event.owner], words, key=f"event-{held.event_id}-low-{held.pk}",
             link=f"service/events/{held.event_id}/?tab=rated", at=at)
    row.refresh_from_db()
