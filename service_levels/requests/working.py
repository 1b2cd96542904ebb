"""What is done with a 服务请求: opened, answered, paused, handed on, settled, opened again, confirmed (K34, K36, K43, S21).

Every act is one event and one transaction; the clocks follow from the events. Two colleagues at one request: the row is held, and
whoever comes second is told what the first one did.
"""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actions import record
from churn.models.departments import Department
from crm import facts
from crm.archive import next_number
from crm.concerns import taking
from crm.models import Channel, Concern, Customer
from notifications.actions import settle, tell
from service_levels.models import Clock, RequestEvent, ServiceRequest
from service_levels.plans.book import People, Plan
from service_levels.plans.queries import entitlement_on, in_force
from service_levels.plans.telling import answer_discreetly
from service_levels.requests import links, telling, timing
from service_levels.requests.files import File, attach
from tenancy.access import holders
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused
from tenancy.sealing import blind_index

Kind, Verb = ServiceRequest.Kind, RequestEvent.Verb
PREFIX = "Q"  # of a request's number
LINK = "service/requests/"
NAMED = (People.TEAM, People.NAMED)  # whose requests go to whoever looks after the family
NEW = gettext_lazy("有一件%(kind)s等您答复")
WATCHES = "crm.survey"  # who looks after how content families are
UNHAPPY = 2  # a score up to this is told at once
BY_HAND = (120, 9 * 60, 3)  # minutes to answer and to settle, and priority, where no plan says it


@dataclass(frozen=True)
class Wish:
    """What somebody wants, and who they say they are; a known family needs neither name nor phone."""

    kind: str
    text: str
    channel: str = ""
    about: str = ""
    campus: Campus | None = None
    caller: str = ""
    phone: str = ""
    files: tuple[File, ...] = ()
    sent_key: str = ""  # of the form it was typed into


@transaction.atomic
def open_request(wish: Wish, *, customer: Customer | None = None, by: Membership | None, at: datetime,
                 concern: Concern | None = None) -> ServiceRequest:
    """Take a request down; its clocks run from ``at``, by the plan of the family or of who is not rated yet."""
    if wish.kind not in Kind.values:
        raise Refused(_("请选是哪一类。"), "kind")
    if not wish.text.strip():
        raise Refused(_("请写是什么事。"), "text")
    row = ServiceRequest(number=next_number(PREFIX, at), kind=wish.kind, channel=wish.channel, about=wish.about, customer=customer,
                         campus=wish.campus, concern=concern, text=wish.text.strip()[:2000], opened_at=at, heard_at=at, by=by,
                         sent_key=wish.sent_key)
    row.token_hash = links.hash_of(row)
    respond, resolve = _promised(row, timezone.localdate(at))
    row.phone_index = blind_index(wish.phone) if wish.phone else ""
    row.caller, row.phone = wish.caller.strip()[:40], wish.phone
    row.save(force_insert=True)
    attach(_happened(row, Verb.OPENED, by=by, at=at, channel=wish.channel, text=row.text), wish.files)
    Clock.objects.bulk_create([Clock(request=row, kind=kind, minutes=minutes) for kind, minutes in (
        (Clock.Kind.FIRST_REPLY, respond), (Clock.Kind.RESOLUTION, resolve))])
    timing.wind(row)
    record(by, "service.request_opened", row, kind=row.kind, customer=customer.pk if customer else None)
    if row.owner and (by is None or row.owner_id != by.pk):
        _tell(row, NEW % {"kind": row.get_kind_display()}, "new", at)
    return row


def _promised(row: ServiceRequest, day: date) -> tuple[int, int]:
    """By which plan it is answered and who does it; returns the two targets in open minutes."""
    plan = _plan(row, day)
    if plan is None:
        respond, resolve, row.priority = BY_HAND
        return respond, resolve
    row.plan, row.priority = plan.code, plan.priority
    if row.customer and plan.people in NAMED and row.customer.owner and row.customer.owner.is_active:
        row.owner = row.customer.owner.stands_in or row.customer.owner
    return plan.respond, plan.resolve


def _plan(row: ServiceRequest, day: date) -> Plan | None:
    entitlement = entitlement_on(row.customer, day) if row.customer else None
    if entitlement is not None:
        row.version = entitlement.version
        return entitlement.version.as_book().plan(entitlement.plan)
    row.version = in_force().first()
    return row.version.as_book().owed("", "") if row.version else None


# -- what is said ------------------------------------------------------------------------------------------------------
@transaction.atomic
def reply(row: ServiceRequest, *, text: str, channel: str, by: Membership, at: datetime) -> None:
    """An answer to the family. The first one stops the first clock; whoever answers has it from then on."""
    held = _open(row)
    _said(text)
    if channel == Channel.ONLINE:
        answer_discreetly(text, "text")
    _happened(held, Verb.REPLIED, by=by, at=at, channel=channel, text=text)
    held.replied_at = held.replied_at or at
    held.owner = held.owner or by
    held.save(update_fields=["replied_at", "owner"])
    if channel == Channel.ONLINE:  # written on the family's own page: it is told to look there
        telling.soon(held, telling.ANSWERED, at=at)
    _rewound(row, held)


@transaction.atomic
def heard(row: ServiceRequest, *, text: str, channel: str, by: Membership | None, at: datetime, files: Sequence[File] = ()) -> None:
    """The family has said something more. Whoever does it is told; a pause does not end by itself, it is flagged (B6)."""
    held = _held(row)
    _said(text)
    attach(_happened(held, Verb.HEARD, by=by, at=at, channel=channel, text=text), files)
    held.heard_at = at
    held.save(update_fields=["heard_at"])
    said = _("家长已经回复，%(number)s 可以接着办了") if held.paused_at else _("%(number)s 的家长又说了一句") if by is None else ""
    if said:
        _tell(held, said % {"number": held.number}, f"heard-{at:%Y%m%d%H%M}", at)
    row.refresh_from_db()


@transaction.atomic
def note(row: ServiceRequest, *, text: str, by: Membership, at: datetime) -> None:
    """A word among colleagues; no family ever reads it."""
    held = _held(row)
    _said(text)
    _happened(held, Verb.NOTED, by=by, at=at, text=text)
    row.refresh_from_db()


# -- who does it -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def take(row: ServiceRequest, *, by: Membership, at: datetime) -> None:
    """接手. Of two who take it at once the first has it."""
    held = _open(row)
    if held.owner is not None and held.owner.pk != by.pk:
        raise Refused(_("%(name)s 已经接手了。") % {"name": held.owner.name}, code="stale")
    _give(held, by)
    _happened(held, Verb.TAKEN, by=by, at=at)
    row.refresh_from_db()


@transaction.atomic
def hand_over(row: ServiceRequest, *, department: str, to: Membership | None, text: str, by: Membership, at: datetime) -> None:
    """转交 (K34c): to a department, to a colleague, or to both; the clocks go on, whose ever it is."""
    held = _open(row)
    if department not in ("", *Department.values) or not (department or to):
        raise Refused(_("请选转给哪个部门或哪位同事。"), "department")
    if to is not None and not to.is_active:
        raise Refused(_("%(name)s 已经离岗，请选一位在岗的同事。") % {"name": to.name}, "to")
    held.department = department or held.department
    _give(held, to)
    place = "、".join(part for part in (str(Department(department).label) if department else "", to.name if to else "") if part)
    _happened(held, Verb.HANDED, by=by, at=at, text=_("转给%(place)s：%(text)s") % {"place": place, "text": text.strip()})
    if to is not None and to.pk != by.pk:
        _tell(held, _("%(who)s转给您一件%(kind)s") % {"who": by.name, "kind": held.get_kind_display()}, f"handed-{at:%Y%m%d%H%M}", at)
    row.refresh_from_db()


def _give(held: ServiceRequest, to: Membership | None) -> None:
    held.owner = to
    held.save(update_fields=["owner", "department"])


@transaction.atomic
def put_to(row: ServiceRequest, customer: Customer, *, by: Membership, at: datetime) -> None:
    """这是哪一家: a request of nobody known is put to a family. Who does it and how urgent it is follow the family's plan; the deadlines
    stay as they were promised.
    """
    held = _held(row)
    if held.customer_id is not None:
        raise Refused(_("已经挂在一家了。"), code="stale")
    if held.concern is not None:  # whose concern it is, is whose request it is
        taking.put_to(held.concern, customer, by=by)
    else:
        known(held, customer, by=by, at=at)
    row.refresh_from_db()


def known(held: ServiceRequest, customer: Customer, *, by: Membership | None, at: datetime) -> None:
    """Whose it is has become known."""
    owner = held.owner
    held.customer = customer
    _promised(held, timezone.localdate(at))
    held.owner = owner or held.owner
    held.save(update_fields=["customer", "version", "plan", "priority", "owner"])
    _happened(held, Verb.KNOWN, by=by, at=at)
    record(by, "service.request_known", held, customer=customer.pk)


# -- standing still and going on ---------------------------------------------------------------------------------------------
@transaction.atomic
def pause(row: ServiceRequest, *, why: str, by: Membership, at: datetime) -> None:
    """暂停: only after an answer, and with a reason that the family could be told."""
    held = _open(row)
    if held.replied_at is None:
        raise Refused(_("先答复家长，再暂停等家长。"), code="changed")
    if held.paused_at:
        raise Refused(_("已经暂停了。"), code="stale")
    if not why.strip():
        raise Refused(_("写一句在等什么。"), "why")
    held.paused_at, held.pause_why = at, why.strip()[:80]
    held.save(update_fields=["paused_at", "pause_why"])
    _happened(held, Verb.PAUSED, by=by, at=at, text=why)
    _rewound(row, held)


@transaction.atomic
def resume(row: ServiceRequest, *, by: Membership, at: datetime) -> None:
    held = _open(row)
    if not held.paused_at:
        raise Refused(_("这一件没有暂停。"), code="stale")
    held.paused_at, held.pause_why = None, ""
    held.save(update_fields=["paused_at", "pause_why"])
    _happened(held, Verb.RESUMED, by=by, at=at)
    _rewound(row, held)


# -- done, and not done after all --------------------------------------------------------------------------------------------
@transaction.atomic
def resolve(row: ServiceRequest, *, result: str, by: Membership, at: datetime, told: bool = False) -> None:
    """办结: what was done about it, in words that the family is told (K43e, S21d); ``told``: by a message, which leads to its page."""
    held = _open(row)
    if not result.strip():
        raise Refused(_("请写怎么处理的，能讲给家长听。"), "result")
    answer_discreetly(result, "result")
    held.resolved_at, held.result, held.paused_at, held.pause_why = at, result.strip()[:2000], None, ""
    held.replied_at, held.owner = held.replied_at or at, held.owner or by
    held.save(update_fields=["resolved_at", "result", "paused_at", "pause_why", "replied_at", "owner"])
    _happened(held, Verb.RESOLVED, by=by, at=at, text=result)
    if told:
        telling.soon(held, telling.SETTLED, at=at)
    _rewound(row, held)
    settle(f"request-{row.pk}-", at=at)
    if held.concern and held.concern.closed_at is None:
        taking.close(held.concern, result, by=by, at=at)
    record(by, "service.request_resolved", held)


@transaction.atomic
def reopen(row: ServiceRequest, *, why: str, by: Membership | None, at: datetime) -> None:
    """Not over after all: the time since it was settled does not count, what was used before does. ``by`` nobody: the family says so."""
    held = _held(row)
    if held.resolved_at is None:
        raise Refused(_("这一件还没办结。"), code="stale")
    if not why.strip():
        raise Refused(_("写一句为什么重开。"), "why")
    held.resolved_at, held.confirmed_at, held.score = None, None, None
    held.save(update_fields=["resolved_at", "confirmed_at", "score"])
    _happened(held, Verb.REOPENED, by=by, at=at, text=why)
    _rewound(row, held)
    if held.concern and held.concern.closed_at is not None:
        taking.reopen(held.concern, by=by)
    if by is None:
        _tell(held, _("家长说 %(number)s 还没解决") % {"number": held.number}, f"again-{at:%Y%m%d%H%M}", at)
    record(by, "service.request_reopened", held)


@transaction.atomic
def confirm(row: ServiceRequest, *, score: int | None, text: str, by: Membership | None, at: datetime) -> None:
    """回访 (K34d–f): the family was asked whether it is settled, or says so itself; how content they are counts as satisfaction."""
    held = _held(row)
    if held.resolved_at is None or held.confirmed_at is not None:
        raise Refused(_("办结以后才回访，一件回访一次。"), code="stale")
    if score is not None and not 1 <= score <= 5:
        raise Refused(_("满意度从 1 到 5。"), "score")
    held.confirmed_at, held.score = at, score
    held.save(update_fields=["confirmed_at", "score"])
    _happened(held, Verb.CONFIRMED, by=by, at=at, channel="" if by else Channel.ONLINE, text=text)
    if score is not None and held.customer:
        facts.answer(held.customer, score=score, channel=Channel.PHONE if by else Channel.ONLINE, comment=text, on=timezone.localdate(at),
                     by=by)
    if by is None and score is not None and score <= UNHAPPY:
        tell(dict.fromkeys([*([held.owner] if held.owner else []), *holders(WATCHES, held.place)]),
             _("%(number)s 办结了，家长只打了 %(score)s 分") % {"number": held.number, "score": score},
             key=f"request-{held.pk}-score-{at:%Y%m%d%H%M}", link=f"{LINK}{held.pk}/", at=at)
    record(by, "service.request_confirmed", held)
    row.refresh_from_db()


# -- shared --------------------------------------------------------------------------------------------------------------------
def _held(row: ServiceRequest) -> ServiceRequest:
    """The row as it is, held until the end of the transaction.

    Held first and read then: what is joined to a row that one had to wait for is joined to what it was before.
    """
    held = ServiceRequest.objects.select_for_update().values_list("pk", flat=True).get(pk=row.pk)
    found: ServiceRequest = ServiceRequest.objects.select_related("customer__campus", "campus", "owner", "concern").get(pk=held)
    return found


def _open(row: ServiceRequest) -> ServiceRequest:
    held = _held(row)
    if held.resolved_at is not None:
        raise Refused(_("同事刚办结了这一件。"), code="stale")
    return held


def _said(text: str) -> None:
    if not text.strip():
        raise Refused(_("请写内容。"), "text")


def _happened(row: ServiceRequest, verb: str, *, by: Membership | None, at: datetime, channel: str = "", text: str = "") -> RequestEvent:
    made: RequestEvent = RequestEvent.objects.create(request=row, at=at, verb=verb, by=by, channel=channel, text=text.strip()[:2000])
    return made


def _rewound(row: ServiceRequest, held: ServiceRequest) -> None:
    timing.wind(held)
    row.refresh_from_db()


def _tell(row: ServiceRequest, title: str, why: str, at: datetime) -> None:
    if row.owner:
        tell([row.owner], title, key=f"request-{row.pk}-{why}", link=f"{LINK}{row.pk}/", at=at)

