"""家长消息: writing to parents. One message for each key, through one way, asked at most once (QUALITY C-4).

write() leaves the filled text in the transaction of what it tells; the worker claims it and asks the gateway after the commit.
Where no gateway reaches the parent, the message waits for a colleague with everything at hand: text, number, code to scan.
"""
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from notifications import gateways, wording
from notifications.actions import AfterCommit, consumer, later
from notifications.channels import CONSOLE, UNKNOWN_AFTER
from notifications.models import MessageTemplate, ParentMessage, SmsAccount
from notifications.providers import providers
from tenancy.models import Campus, Membership, Tenant
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope

SEND = "notifications.parent_message"
State, Way = ParentMessage.State, ParentMessage.Way
TO_DO = (State.BY_HAND, State.REFUSED, State.UNKNOWN)  # what a colleague has to look at
OPEN = (State.WAITING, *TO_DO)
Outcome = tuple[bool | None, str]
console = logging.getLogger("miaopu.console")


@dataclass(frozen=True)
class Recipient:
    """Whom to write to, and in which language."""

    phone: str
    email: str = ""
    language: str = "zh-hans"


@dataclass(frozen=True)
class About:
    """What a message is about: a name by which it is dropped when that ends, where it is seen, whose campus it is."""

    name: str
    link: str = ""
    campus: Campus | None = None
    until: datetime | None = None


def write(kind_code: str, to: Recipient, facts: Mapping[str, str], about: About, *, key: str, at: datetime) -> ParentMessage | None:
    """Fill the school's words and leave them for the worker. A key that was written before writes nothing."""
    kind = wording.kind_of(kind_code)
    assert kind is not None, kind_code
    if ParentMessage.objects.filter(key=key).exists():
        return None
    row = ParentMessage(kind=kind_code, key=key, about=about.name, link=about.link, campus=about.campus, until=about.until,
                        language=to.language, phone_tail=to.phone[-4:], at=at)
    row.phone, row.email = to.phone, to.email
    row.text = wording.fill(worded(kind, to.language)[0], facts)
    row.facts = json.dumps(dict(facts), ensure_ascii=False)
    row.save(force_insert=True)
    later(SEND, message=row.pk)
    return row


def worded(kind: wording.MessageKind, language: str) -> tuple[str, str]:
    """The school's own words for a kind in a language, else those it came with; and the provider's number of the text."""
    own = MessageTemplate.objects.filter(kind=kind.code, language=language).first()
    return (own.text, own.provider_code) if own else (kind.text_in(language), "")


def drop(about: str, *, at: datetime) -> None:
    """What it was about has ended: nothing that waits is sent any more."""
    ParentMessage.objects.filter(about=about, state__in=OPEN).update(state=State.DROPPED, ended_at=at)


# -- on its way ------------------------------------------------------------------------------------------------------------
@consumer(SEND)
def on_send(payload: dict[str, int]) -> AfterCommit | None:
    claimed = claim(payload["message"], at=timezone.now())
    return (lambda tenant: send(tenant, claimed.pk)) if claimed else None


def claim(message_id: int, *, at: datetime) -> ParentMessage | None:
    """Write that sending begins; None when it was dropped, is too late, was begun before, or waits for a colleague."""
    row = ParentMessage.objects.select_for_update().filter(pk=message_id, state=State.WAITING).first()
    if row is None:
        return None
    row.way = way_of(row)
    row.state, row.ended_at = State.SENDING, None
    if row.until and row.until <= at:
        row.state, row.ended_at = State.DROPPED, at
    elif row.way == Way.HAND:
        row.state = State.BY_HAND
    row.save(update_fields=["state", "way", "ended_at"])
    return row if row.state == State.SENDING else None


def way_of(row: ParentMessage) -> Way:
    if row.phone_sealed and _sms_ready(row.kind, row.language):
        return Way.SMS
    if row.email_sealed and settings.MIAOPU_MAIL:
        return Way.EMAIL
    return Way.CONSOLE if CONSOLE in settings.MIAOPU_CHANNELS else Way.HAND


def reaches_phones(kind: str, language: str = "zh-hans") -> bool:
    """Whether such a message arrives at a phone without a colleague: asked before anybody is told to expect a code."""
    return CONSOLE in settings.MIAOPU_CHANNELS or _sms_ready(kind, language)


def sms_account() -> SmsAccount | None:
    row = SmsAccount.objects.filter(is_on=True).first()
    return row if row and row.provider in providers() else None


def _sms_ready(code: str, language: str) -> bool:
    account, kind = sms_account(), wording.kind_of(code)
    if account is None or kind is None:
        return False
    return not providers()[account.provider].by_template or bool(worded(kind, language)[1])


def send(tenant: Tenant, message_id: int) -> None:
    """Ask once, then write what was said. Called outside of a scope: a slow gateway holds no transaction."""
    with tenant_scope(tenant):
        row = ParentMessage.objects.get(pk=message_id)
        ask = {Way.SMS: _by_sms, Way.EMAIL: _by_mail, Way.CONSOLE: _by_console}[Way(row.way)](row, tenant)
    taken, said = ask()
    state = {True: State.SENT, False: State.REFUSED, None: State.UNKNOWN}[taken]
    with tenant_scope(tenant):
        ParentMessage.objects.filter(pk=message_id, state=State.SENDING).update(state=state, said=said[:40], ended_at=timezone.now())
        _forget_secret(message_id)


def _by_sms(row: ParentMessage, tenant: Tenant) -> Callable[[], Outcome]:
    account, kind = sms_account(), wording.kind_of(row.kind)
    if account is None or kind is None:
        return lambda: (False, "switched off")
    text, code = worded(kind, row.language)
    facts = json.loads(row.facts)
    named = tuple((name, facts.get(name, "")) for name in wording.blanks(text))
    who = gateways.Account(account.account, account.secret, account.signature, account.app)
    sms = gateways.Sms(row.phone, row.text, code, named)
    return lambda: gateways.ask(providers()[account.provider], who, sms, at=timezone.now())


def _by_mail(row: ParentMessage, tenant: Tenant) -> Callable[[], Outcome]:
    kind = wording.kind_of(row.kind)
    letter = EmailMessage(f"{tenant.name}：{kind.name}" if kind else tenant.name, row.text, to=[row.email])
    return lambda: _post(letter)


def _post(letter: EmailMessage) -> Outcome:
    try:
        letter.send()
    except SMTPRecipientsRefused as refusal:
        return False, str(next(iter(refusal.recipients.values()), ("",))[0])
    except SMTPResponseException as refusal:
        return False, str(refusal.smtp_code)
    except ConnectionRefusedError:
        return False, "connect"
    except (SMTPException, OSError) as error:
        return None, type(error).__name__
    return True, ""


def _by_console(row: ParentMessage, tenant: Tenant) -> Callable[[], Outcome]:
    """The demo shows in the worker's log what a parent would receive; of the number only its end."""
    console.warning("%s → ****%s：%s", tenant.name, row.phone_tail, row.text)
    return lambda: (True, "")


def _forget_secret(message_id: int) -> None:
    secret = [kind.code for kind in wording.kinds() if kind.is_secret]
    ParentMessage.objects.filter(pk=message_id, kind__in=secret).update(text_sealed=None, facts_sealed=None)


def give_up(at: datetime) -> None:
    """What began long ago and never ended has an outcome nobody knows; what is of no use any more is not asked for."""
    ParentMessage.objects.filter(state=State.SENDING, at__lt=at - UNKNOWN_AFTER).update(state=State.UNKNOWN, ended_at=at)
    ParentMessage.objects.filter(state__in=TO_DO, until__lte=at).update(state=State.DROPPED, ended_at=at)


# -- by a colleague ----------------------------------------------------------------------------------------------------------
def settle(row: ParentMessage, verb: str, *, by: Membership, at: datetime) -> None:
    """done: told by hand; dropped: not needed; again: once more through the gateway. Raises Refused when a colleague was first."""
    to = {"done": State.DONE, "dropped": State.DROPPED, "again": State.WAITING}[verb]
    ended = None if to == State.WAITING else at
    if not ParentMessage.objects.filter(pk=row.pk, state__in=TO_DO).update(state=to, by=by, ended_at=ended, at=row.at if ended else at):
        now = ParentMessage.objects.get(pk=row.pk)
        raise Refused(_("这条消息刚刚有人处理了，现在是“%(state)s”。") % {"state": now.get_state_display()}, code="changed")
    record(by, f"notifications.message_{verb}", row)
    if to == State.WAITING:
        later(SEND, message=row.pk)
