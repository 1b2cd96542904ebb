"""What is done with a 投诉 or 意见: taken down from the hotline, received from the box, put to its family, answered, opened again."""
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.actions import log_contact
from crm.models import Channel, Concern, Customer, EntryKind, TimelineEntry
from notifications.actions import settle, tell
from tenancy import panels
from tenancy.access import holders, must
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused
from tenancy.sealing import blind_index

Kind, Source, About = Concern.Kind, Concern.Source, Concern.About
CHANNEL = {Source.HOTLINE: Channel.PHONE, Source.BOX: Channel.ONLINE, Source.PAPER: Channel.OTHER, Source.TALK: Channel.OTHER}
LINK = "concerns/"
# places where later apps hear of a concern: that there is one or whose it is, that it is over, that it is not
CONCERNED, CLOSED, REOPENED = "concerned", "concern_closed", "concern_reopened"
SOON = timedelta(minutes=10)


@dataclass(frozen=True)
class Said:
    """What somebody says, and who they say they are; name and phone may be left out."""

    kind: str
    about: str
    text: str
    campus: Campus | None = None
    caller: str = ""
    phone: str = ""


@transaction.atomic
def take(said: Said, source: str, *, customer: Customer | None = None, by: Membership, at: datetime) -> Concern:
    """A colleague writes down a call to the hotline or a slip from the box; where the family is known, on its timeline too."""
    must(by, "crm.log")
    if source not in Source.values:
        raise Refused(_("请选从哪里来的。"), "source")
    row = _written(said, source, customer, by=by, at=at)
    record(by, "crm.concern_taken", row, source=source)
    _tell_watchers(row, by=by, at=at)
    return row


@transaction.atomic
def receive(said: Said, *, at: datetime) -> Concern:
    """A parent writes into the suggestion box. A number that is typed there proves nothing, so no family is named by it."""
    since = at - SOON
    again = Concern.objects.filter(source=Source.BOX, opened_at__gt=since, text=said.text.strip(), kind=said.kind, by=None).first()
    if again is not None:  # sent twice by an impatient finger
        return again
    return take_in(said, at=at)


@transaction.atomic
def take_in(said: Said, *, at: datetime) -> Concern:
    """One that a parent wrote on a page which knows itself whether it was sent twice."""
    row = _written(said, Source.BOX, None, by=None, at=at)
    record(None, "crm.concern_received", row, kind=said.kind)
    _tell_watchers(row, by=None, at=at)
    return row


def _written(said: Said, source: str, customer: Customer | None, *, by: Membership | None, at: datetime) -> Concern:
    _sound(said)
    if customer is not None and by is not None:
        row: Concern = log_contact(customer, kind=said.kind, channel=CHANNEL[Source(source)], text=said.text, by=by, at=at).concern
    else:
        row = Concern(kind=said.kind, opened_at=at, text=said.text.strip()[:2000])
    row.campus, row.source, row.about, row.by = said.campus, source, said.about, by
    row.phone_index = blind_index(said.phone) if said.phone else ""
    row.caller, row.phone = said.caller.strip()[:40], said.phone
    row.save()
    panels.build(CONCERNED, row)
    return row


def _sound(said: Said) -> None:
    if said.kind not in Kind.values:
        raise Refused(_("请选是投诉还是意见。"), "kind")
    if said.about not in About.values:
        raise Refused(_("请选关于什么。"), "about")
    if not said.text.strip():
        raise Refused(_("请写是什么事。"), "text")


def _tell_watchers(row: Concern, *, by: Membership | None, at: datetime) -> None:
    """Whoever watches over the families' contentment learns of it."""
    people = [one for one in holders("crm.survey", row.place) if by is None or one.pk != by.pk]
    said = _("%(source)s来了一件%(kind)s") % {"source": row.get_source_display(), "kind": row.get_kind_display()}
    tell(people, said, key=f"concern-{row.pk}-taken", link=f"{LINK}#c{row.pk}", at=at)


@transaction.atomic
def put_to(row: Concern, customer: Customer, *, by: Membership) -> None:
    """这是哪一家: a concern of nobody known is put to a family, and stands on its timeline on the day it was said."""
    must(by, "crm.log")
    if row.customer_id is not None:
        raise Refused(_("已经挂在一家了。"), code="changed")
    channel = CHANNEL[Source(row.source)]
    entry = TimelineEntry.objects.create(customer=customer, kind=EntryKind(row.kind), channel=channel, at=row.opened_at, by=by,
                                         day=timezone.localdate(row.opened_at), text=row.text)
    if not Concern.objects.filter(pk=row.pk, customer=None).update(customer=customer, entry=entry):
        raise Refused(_("已经挂在一家了。"), code="changed")
    row.refresh_from_db()
    record(by, "crm.concern_put", row, customer=customer.pk)
    panels.build(CONCERNED, row)


@transaction.atomic
def close(row: Concern, answer: str, *, by: Membership, at: datetime) -> None:
    """办结: what was done about it, in words that the family can be told."""
    must(by, "crm.log")
    if not answer.strip():
        raise Refused(_("请写怎么处理的，能讲给家长听。"), "answer")
    told = {"answer": answer.strip()[:2000], "closed_at": at, "answered_by": by}
    if not Concern.objects.open().filter(pk=row.pk).update(**told):
        raise Refused(_("同事刚办结了这一件。"), code="changed")
    row.refresh_from_db()
    settle(f"concern-{row.pk}-", at=at)
    record(by, "crm.concern_closed", row)
    panels.build(CLOSED, row)


@transaction.atomic
def reopen(row: Concern, *, by: Membership | None) -> None:
    """Not over after all; the answer stays to be written on. ``by`` nobody: whoever said it says so."""
    if by is not None:
        must(by, "crm.log")
    if not Concern.objects.filter(pk=row.pk).exclude(closed_at=None).update(closed_at=None, answered_by=None):
        raise Refused(_("这一件还没办结。"), code="changed")
    row.refresh_from_db()
    record(by, "crm.concern_reopened", row)
    panels.build(REOPENED, row, by)
