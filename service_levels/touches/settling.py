"""兑现应触达: somebody called, sent what was to be sent, could not get through, or it was not needed. One tap each (B7).

What is written down here is a contact like any other: it stands on the timeline and settles whatever the family was owed.
"""
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from crm.actions import log_contact
from crm.models import Channel, Customer, EntryKind, TimelineEntry
from service_levels.market.queries import told
from service_levels.models import Touch
from service_levels.plans.book import Occasion
from service_levels.touches.queries import BY_HAND
from service_levels.touches.sweep import settle_of
from tenancy.models import Membership
from tenancy.refusals import Refused

IN_PERSON = (Channel.FACE, Channel.PHONE, Channel.WECHAT)  # how a colleague tells a family something
TALKS = (Channel.PHONE, Channel.WECHAT, Channel.FACE, Channel.ONLINE)


def contacted(entry: TimelineEntry) -> None:
    """Whenever a contact is written down: it settles what it can."""
    settle_of(entry.customer_id, timezone.localdate(entry.at))


@transaction.atomic
def talked(customer: Customer, touches: Iterable[Touch], *, channel: str, text: str, by: Membership, at: datetime) -> TimelineEntry:
    """Somebody spoke with the family, and said what these touches are for; they are done, and with them all that a contact settles."""
    chosen = _open(customer, touches)
    entry = log_contact(customer, kind=EntryKind.CONTACT, channel=channel, text=text, by=by, at=at, title=_named(chosen))
    _done(chosen, entry)
    return entry


@transaction.atomic
def sent(customer: Customer, touch: Touch, *, by: Membership, at: datetime) -> TimelineEntry:
    """A letter or a gift is on its way. That is no talk: it settles itself only."""
    chosen = _open(customer, [touch])
    if touch.occasion not in BY_HAND:
        raise Refused(_("这一件要联系了才算，点打过电话、微信聊过或当面说了。"))
    note = told(timezone.localdate(at)) if touch.occasion == Occasion.NEWS else None
    title = _("送出：%(what)s") % {"what": (note.title if note else touch.text)[:70]}
    entry = log_contact(customer, kind=EntryKind.NOTE, channel="", text="", by=by, at=at, title=title)
    _done(chosen, entry)
    return entry


@transaction.atomic
def no_answer(customer: Customer, *, by: Membership, at: datetime) -> None:
    """Nobody answered: it is still owed, and goes to the end of today's list."""
    day = timezone.localdate(at)
    if not Touch.objects.shown(day).filter(customer=customer).update(tried_on=day):
        raise _gone()
    log_contact(customer, kind=EntryKind.NOTE, channel=Channel.PHONE, text="", by=by, at=at, title=_("没打通"))


@transaction.atomic
def excuse(customer: Customer, touches: Iterable[Touch], *, why: str, by: Membership, at: datetime) -> int:
    """It is not needed, for a reason that stays; how many."""
    if not why.strip():
        raise Refused(_("写一句为什么不用联系。"), "why")
    chosen = _open(customer, touches)
    Touch.objects.filter(pk__in=[touch.pk for touch in chosen]).update(voided_on=timezone.localdate(at), why=why.strip(), voided_by=by)
    record(by, "service.touches_excused", None, customer=customer.pk, touches=[touch.pk for touch in chosen])
    return len(chosen)


@transaction.atomic
def owe_again(touch: Touch, *, by: Membership) -> None:
    """It is needed after all. What the plan dropped itself is not anybody's to take back."""
    if not Touch.objects.filter(pk=touch.pk).exclude(voided_by=None).update(voided_on=None, why="", voided_by=None):
        raise Refused(_("这一件不是谁免掉的，不用恢复。"), code="stale")
    record(by, "service.touch_owed_again", touch, customer=touch.customer_id)


def _open(customer: Customer, touches: Iterable[Touch]) -> list[Touch]:
    """The chosen ones that are still open, held until the end of the transaction."""
    wanted = [touch.pk for touch in touches]
    chosen = list(Touch.objects.open().select_for_update(of=("self",)).filter(customer=customer, pk__in=wanted))
    if not chosen:
        raise _gone()
    return chosen


def _done(chosen: list[Touch], entry: TimelineEntry) -> None:
    Touch.objects.open().filter(pk__in=[touch.pk for touch in chosen]).update(entry=entry, kept_on=entry.day)


def _named(chosen: list[Touch]) -> str:
    return _("、").join(dict.fromkeys(touch.text for touch in chosen))[:80]


def _gone() -> Refused:
    return Refused(_("这一家现在没有要联系的事，可能同事刚联系过。"), code="stale")
