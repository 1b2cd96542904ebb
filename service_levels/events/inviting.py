"""邀请: whom an event is for is asked; whoever finds no room waits and moves up (K17, K22, K27, K31c, S11b, S12e)."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.models import Customer
from service_levels.access import ORGANISE
from service_levels.events import telling
from service_levels.events.links import hash_of
from service_levels.events.seating import has_room
from service_levels.events.seats import move_up, taken_in
from service_levels.models import Event, Invitation
from service_levels.plans.book import Line, Section
from service_levels.plans.discreet import names_a_label
from service_levels.plans.queries import served_by
from tenancy.access import must
from tenancy.models import Membership
from tenancy.refusals import Refused

LOG = "crm.log"
AT_ONCE, MOST = 500, 5000
FIRST = ("K17(", "S11(", "S12(e)")  # the lines of a plan that let a family choose before others
Answer, Part = Invitation.Answer, Invitation.Part


@dataclass(frozen=True)
class Reply:
    """Whether a family comes, with how many people, and what it says besides."""

    answer: str
    people: int = 2
    words: str = ""


def chooses_first(line: Line) -> bool:
    return line.section is Section.EVENT and line.source.startswith(FIRST)


# -- asking ------------------------------------------------------------------------------------------------------------------
@transaction.atomic
def invite(event: Event, customers: Iterable[Customer], *, by: Membership, at: datetime) -> int:
    """Families are put on the list, each once; when the invitations went out already, they hear at once. How many are new."""
    must(by, ORGANISE)
    held = _open(event, at)
    known = set(Invitation.objects.filter(event=event).values_list("customer", flat=True))
    fresh = {row.pk: row for row in customers if row.pk not in known}
    if len(fresh) > AT_ONCE or len(known) + len(fresh) > MOST:
        raise Refused(_("一次最多请 %(n)s 户。") % {"n": AT_ONCE}, code="too_many")
    first = set(served_by(chooses_first).filter(customer__in=list(fresh)).values_list("customer", flat=True))
    rows = [Invitation(event=event, customer=row, by=by, first=pk in first, invited_on=timezone.localdate(at)) for pk, row in fresh.items()]
    for row in rows:
        row.token_hash = hash_of(row)
    made = Invitation.objects.bulk_create(rows)
    if held.opened_at:
        telling.invite(held, [row.pk for row in made], at=at)
    record(by, "service.event_invited", event, families=len(made))
    return len(made)


@transaction.atomic
def ask_for(row: Invitation, part: str, topic: str, *, by: Membership) -> None:
    """分享嘉宾 or 专设环节: the family is asked for something of its own, or only to come (K17c–d)."""
    must(by, ORGANISE)
    if part not in Part.values:
        raise Refused(_("请选请来做什么。"), "part")
    if part and not topic.strip():
        raise Refused(_("请写请家长讲什么、做什么。"), "topic")
    if names_a_label(topic):
        raise Refused(_("家长会看到这里，不能写等级、风险或挽留。"), "topic")
    Invitation.objects.filter(pk=row.pk).update(part=part, topic=topic.strip()[:60] if part else "")
    row.refresh_from_db()
    record(by, "service.event_part_kept", row, part=part)


@transaction.atomic
def told(row: Invitation, *, by: Membership, at: datetime) -> None:
    """A colleague asked the family in person, as where there is no number."""
    must(by, LOG)
    _open(row.event, at)
    if not Invitation.objects.filter(pk=row.pk, told_at=None).update(told_at=at):
        raise _changed()
    row.refresh_from_db()
    record(by, "service.event_told", row)


@transaction.atomic
def withdraw(row: Invitation, *, by: Membership) -> None:
    """Taken off the list, as long as the family knows nothing of it."""
    must(by, ORGANISE)
    held = Invitation.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if held is None:
        raise _changed()
    if held.told_at or held.answer or held.came_at:
        raise Refused(_("家长已经知道了，不能撤。来不了就记成不来。"), code="told")
    record(by, "service.event_uninvited", held, event=held.event_id)
    held.delete()


# -- answering ---------------------------------------------------------------------------------------------------------------
@transaction.atomic
def answer(row: Invitation, reply: Reply, *, by: Membership | None, at: datetime) -> Invitation:
    """What the family says, by its link (``by`` is nobody) or to a colleague. Where there is no room it waits.

    The event is held meanwhile, so that two families never take the last seat.
    """
    if by is not None:
        must(by, LOG)
    event = _open(row.event, at)
    held: Invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.came_at:
        raise Refused(_("已经签到了。"), code="came")
    if reply.answer not in (Answer.YES, Answer.NO):
        raise Refused(_("请选来还是不来。"), "answer")
    _write(held, event, reply, at)
    if by is not None and held.told_at is None:
        held.told_at = at
    held.save(update_fields=["answer", "people", "words", "answered_at", "told_at"])
    move_up(event, at=at, knows=held.pk)
    record(by, "service.event_answered", held, answer=held.answer)
    row.refresh_from_db()
    return row


def _write(held: Invitation, event: Event, reply: Reply, at: datetime) -> None:
    """Whoever comes or waits keeps its place in the line while it asks for no more seats."""
    if reply.answer == Answer.NO:
        held.answer, held.answered_at = Answer.NO, at
    else:
        seated = _seat(held, event, reply.people)
        if held.answer not in (Answer.YES, Answer.WAIT) or reply.people > held.people:
            held.answered_at = at
        held.answer, held.people = Answer.YES if seated else Answer.WAIT, reply.people
    held.words = reply.words.strip()[:200]


def _seat(held: Invitation, event: Event, people: int) -> bool:
    """Whether there is room now; nobody goes ahead of those that wait, and nobody loses seats by asking for more."""
    room = has_room(taken_in(event, besides=held.pk), people, event.seats)
    if held.answer == Answer.YES:
        if not room:
            raise Refused(_("没有多的位置了，还是按 %(n)s 个人留着。") % {"n": held.people}, "people", code="full")
        return True
    return room and not Invitation.objects.filter(event=event, answer=Answer.WAIT).exclude(pk=held.pk).exists()


def _open(event: Event, at: datetime) -> Event:
    """The event, held until the end of the transaction. Raises Refused when it is over or called off."""
    held: Event = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if held.stands(at) not in ("planned", "open"):
        raise Refused(_("活动已经办完或取消了。"), code="over")
    return held


def _changed() -> Refused:
    return Refused(_("同事刚处理过，请刷新再看。"), code="changed")


def stays_when_merged(survivor: int) -> Q:
    """Of two families that are one, both asked to an event, the survivor's invitation goes on."""
    return Q(Exists(Invitation.objects.filter(customer=survivor, event=OuterRef("event"))))
