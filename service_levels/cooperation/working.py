"""What is done with an opinion of a family that helps to shape the school: written down, decided, told back (K18)."""
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.actions import log_contact
from crm.models import Channel, Customer, EntryKind
from notifications.actions import settle, tell
from service_levels.access import EDIT
from service_levels.models import Cooperation
from tenancy.access import holders, must
from tenancy.models import Membership
from tenancy.refusals import Refused

LOG = "crm.log"
Outcome = Cooperation.Outcome


@dataclass(frozen=True)
class Talk:
    """What was talked about, on which day, how, and what the family said."""

    topic: str
    on: date
    text: str
    channel: str = Channel.FACE


@dataclass(frozen=True)
class Decision:
    """What becomes of an opinion, and what is done, or why not."""

    outcome: str
    result: str


@transaction.atomic
def write_down(customer: Customer, talk: Talk, *, by: Membership, at: datetime) -> Cooperation:
    """With a contact on the timeline, since it was one; whoever decides is told."""
    must(by, LOG)
    today = timezone.localdate(at)
    if not talk.text.strip():
        raise Refused(_("请写家长说了什么。"), "text")
    if talk.on > today:
        raise Refused(_("哪天谈的，不能在今天以后。"), "on")
    when = at if talk.on == today else timezone.make_aware(datetime.combine(talk.on, time(12)))
    entry = log_contact(customer, kind=EntryKind.CONTACT, channel=talk.channel, text=talk.text.strip(), by=by, at=when,
                        title=str(Cooperation.Topic(talk.topic).label))
    row: Cooperation = Cooperation.objects.create(customer=customer, topic=talk.topic, on=talk.on, text=talk.text.strip()[:500],
                                                  entry=entry, by=by)
    record(by, "service.opinion_written", row, topic=talk.topic)
    tell([one for one in holders(EDIT, customer.campus) if one.pk != by.pk], _("有一条深度合作的意见等结论"), key=f"opinion-{row.pk}-new",
         link=f"service/cooperation/{row.pk}/", at=at)
    return row


@transaction.atomic
def decide(row: Cooperation, decision: Decision, *, by: Membership, at: datetime) -> None:
    """What is done about it, or why not; whoever talked with the family is told, to tell them."""
    must(by, EDIT)
    if decision.outcome not in Outcome.values or not decision.outcome:
        raise Refused(_("请选采纳没有。"), "outcome")
    if not decision.result.strip():
        raise Refused(_("请写怎么做的，或者为什么不做；家长要听。"), "result")
    changed = Cooperation.objects.open().filter(pk=row.pk).update(outcome=decision.outcome, result=decision.result.strip()[:300],
                                                                  decided_by=by, decided_at=at)
    if not changed:
        raise _changed()
    row.refresh_from_db()
    settle(f"opinion-{row.pk}-new", at=at)
    record(by, "service.opinion_decided", row, outcome=decision.outcome)
    tell([row.by], _("一条深度合作的意见有结论了，回给家长"), key=f"opinion-{row.pk}-decided", link=f"service/cooperation/{row.pk}/", at=at)


@transaction.atomic
def tell_back(row: Cooperation, *, by: Membership, at: datetime) -> None:
    """The family has heard what came of it."""
    must(by, LOG)
    if not Cooperation.objects.exclude(outcome="").filter(pk=row.pk, told_on=None).update(told_on=timezone.localdate(at)):
        raise _changed()
    row.refresh_from_db()
    settle(f"opinion-{row.pk}-", at=at)
    log_contact(row.customer, kind=EntryKind.CONTACT, channel=Channel.FACE, text=row.result, by=by, at=at, title=_("回了深度合作的意见"))
    record(by, "service.opinion_told", row)


@transaction.atomic
def reopen(row: Cooperation, *, by: Membership, at: datetime) -> None:
    """Not settled after all: before the family was told."""
    must(by, EDIT)
    if not Cooperation.objects.exclude(outcome="").filter(pk=row.pk, told_on=None).update(outcome="", result="", decided_by=None,
                                                                                          decided_at=None):
        raise _changed()
    row.refresh_from_db()
    settle(f"opinion-{row.pk}-decided", at=at)
    record(by, "service.opinion_reopened", row)


def _changed() -> Refused:
    return Refused(_("同事刚处理过，请刷新再看。"), code="changed")
