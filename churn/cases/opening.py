"""个案怎么开: by rule every night, or by hand; one open case for a child and its enrolment, never two for the same leaving."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions import record
from churn.cases.natural import Leaver, natural
from churn.models import ChurnCase, RiskStanding, Trigger
from churn.risk.facts import gather
from churn.risk.rules import POSITION
from crm.models import NATURAL_OUTCOMES, Attendance, Child, Customer, Enrolment, Outcome
from crm.queries import spend_of_a_year
from tenancy.access import must
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused
from tiering.models import SchemeVersion, Standing

LOOK_BACK = timedelta(days=60)      # a leaving that was entered late still opens its case
SETTLE = timedelta(days=7)          # a child that should have come and has not for so long, did not come
LONG_ABSENCE = 10                   # school days in a row
GIVEN = frozenset(str(outcome) for outcome in NATURAL_OUTCOMES)
State = ChurnCase.State


@dataclass(frozen=True)
class Found:
    """What a rule found: whom a case is to be opened for, and why."""

    trigger: str
    customer: Customer
    child: Child | None = None
    enrolment: Enrolment | None = None
    note: str = ""

    @property
    def campus(self) -> Campus:
        return self.enrolment.campus if self.enrolment else self.customer.campus


def open_by_rule(day: date) -> int:
    """Every rule on one day; returns how many cases it opened. Running it twice opens nothing more."""
    found = [*_left(day), *_never_came(day), *_by_signs(day)]
    opened = [case for one in found if (case := _opened(one, day)) is not None]
    for case in opened:
        record(None, "churn.case_opened", case, trigger=case.trigger)
    return len(opened)


@transaction.atomic
def open_by_hand(customer: Customer, child: Child | None, *, note: str, owner: Membership | None, by: Membership,
                 at: datetime) -> ChurnCase:
    """Somebody has heard or seen that a child may leave."""
    must(by, "churn.case")
    if not note.strip():
        raise Refused(_("请写看到或听到了什么。"), "note")
    if child is not None and child.family.customer_id != customer.pk:
        raise Refused(_("这个孩子不在这一家。"), "child")
    if ChurnCase.objects.open().filter(_the_same(customer, child)).exists():
        raise Refused(_("这个孩子已经有一个在处理的个案，请写在那里面。"), "child", code="open_already")
    enrolment = Enrolment.objects.on(timezone.localdate(at)).filter(child=child).order_by("-from_on").first() if child else None
    case = _opened(Found(Trigger.BY_HAND, customer, child, enrolment, note.strip()), timezone.localdate(at), by=by, owner=owner)
    if case is None:  # somebody opened it in this very moment
        raise Refused(_("这个孩子已经有一个在处理的个案，请写在那里面。"), "child", code="open_already")
    record(by, "churn.case_opened", case, trigger=case.trigger)
    return case


def open_for_refund(customer: Customer, child: Child | None, enrolment: Enrolment | None, *, note: str, by: Membership,
                    at: datetime) -> ChurnCase | None:
    """Who asks for money back may leave (C10b): the open case of the child, or a new one."""
    there = ChurnCase.objects.open().filter(_the_same(customer, child)).order_by("pk").first()
    if there is not None:
        return there
    case = _opened(Found(Trigger.REFUND, customer, child, enrolment, note), timezone.localdate(at), by=by)
    if case is not None:
        record(by, "churn.case_opened", case, trigger=case.trigger)
    return case


def _the_same(customer: Customer, child: Child | None) -> Q:
    """A case of this child; a case of the family as such stands for each of its children."""
    return Q(customer=customer) & (Q(child=None) | Q(child=child) if child else Q())


def stays_when_merged(survivor: int) -> Q:
    """Of two families that are one, both with an open case of the family as such, the survivor's goes on."""
    whole = Q(child=None, enrolment=None, state=State.OPEN)
    return whole & Q(Exists(ChurnCase.objects.filter(whole, customer=survivor)))


def _opened(found: Found, day: date, *, by: Membership | None = None, owner: Membership | None = None) -> ChurnCase | None:
    """The case, or None where one is open already. A natural leaving is closed as it is opened."""
    reason = natural(Leaver(found.enrolment.outcome, day), GIVEN) if found.enrolment and found.trigger == Trigger.WITHDRAWAL else ""
    left_on = found.enrolment.until_on if found.enrolment and found.trigger == Trigger.WITHDRAWAL else None
    case = ChurnCase(customer=found.customer, child=found.child, enrolment=found.enrolment, campus=found.campus, trigger=found.trigger,
                     opened_on=day, by=by, owner=owner or found.customer.owner, note=found.note[:300], left_on=left_on,
                     revenue_fen=max(0, spend_of_a_year(found.customer, day)))
    if reason:
        case.state, case.natural, case.closed_on = State.NATURAL, reason, day
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:
        return None
    return case


def _known(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Enrolments of present families, with what a case copies from them."""
    present = rows.filter(child__family__customer__deleted_at=None, child__family__customer__erased_at=None)
    return present.select_related("child__family__customer__campus", "child__family__customer__owner", "campus").order_by("id")


def _left(day: date) -> Iterable[Found]:
    """退园: an enrolment that has ended, after which the child is nowhere enrolled. A case that was open already notes it."""
    goes_on = Enrolment.objects.filter(child=OuterRef("child"), from_on__gte=OuterRef("from_on")).exclude(pk=OuterRef("pk")).filter(
        Q(until_on=None) | Q(until_on__gt=OuterRef("until_on")))
    seen = ChurnCase.objects.filter(Q(trigger=Trigger.WITHDRAWAL) | Q(left_on__isnull=False), enrolment=OuterRef("pk"))
    ended = Enrolment.objects.filter(until_on__lte=day, until_on__gt=day - LOOK_BACK).exclude(outcome=Outcome.PROMOTED)
    for row in _known(ended.filter(~Exists(goes_on), ~Exists(seen))):
        if not _note_leaving(row):
            yield Found(Trigger.WITHDRAWAL, row.child.family.customer, row.child, row)


def _note_leaving(row: Enrolment) -> bool:
    """The open case of the child learns on which day it left; whoever handles it says what it was.

    A case of the family as such learns of one leaving; a second child that leaves has a case of its own.
    """
    rows = ChurnCase.objects.open().filter(customer=row.child.family.customer_id, left_on=None).filter(Q(child=row.child) | Q(child=None))
    return bool(rows.update(left_on=row.until_on, enrolment=row))


def _never_came(day: date) -> Iterable[Found]:
    """报名未上课 (C8b): enrolled for a week and more and never present, where the campus does mark attendance."""
    came = Attendance.objects.filter(child=OuterRef("child"), day__gte=OuterRef("from_on"), status=Attendance.Status.PRESENT)
    marked = Attendance.objects.filter(child__enrolments__campus=OuterRef("campus"), day__gt=OuterRef("from_on"))
    before = Enrolment.objects.filter(child=OuterRef("child"), from_on__lt=OuterRef("from_on"))
    seen = ChurnCase.objects.filter(enrolment=OuterRef("pk"))
    begun = Enrolment.objects.filter(from_on__lte=day - SETTLE, from_on__gt=day - LOOK_BACK, until_on=None)
    for row in _known(begun.filter(~Exists(came), Exists(marked), ~Exists(before), ~Exists(seen))):
        yield Found(Trigger.NO_SHOW, row.child.family.customer, row.child, row)


def _by_signs(day: date) -> Iterable[Found]:
    """长期缺勤, 课程用完没有续, 末级又想转走: families whose signs say so today, once in a while that the sign lasts."""
    showing = Q()
    for sign in ("run", "lessons", "transfer"):
        showing |= Q(**{f"points__{POSITION[sign]}__gt": 0})
    ids = list(RiskStanding.objects.now().filter(showing).values_list("customer_id", flat=True))
    if not ids:
        return
    lowest = _in_the_last_tier(ids)
    handled = _handled(ids, day)
    people = Customer.objects.present().select_related("campus", "owner").in_bulk(ids)
    for known in gather(day, today=day, only=ids):
        customer = people.get(known.customer)
        trigger = _trigger(known.facts[POSITION["run"]], known.facts[POSITION["lessons"]],
                           known.facts[POSITION["transfer"]] if known.customer in lowest else 0)
        if trigger and customer and (known.customer, trigger) not in handled:
            yield Found(trigger, customer)


def _in_the_last_tier(ids: list[int]) -> set[int]:
    last = Q(pk__in=[])
    for version in SchemeVersion.objects.filter(state=SchemeVersion.State.IN_FORCE):
        last |= Q(scheme=version.scheme_id, tier=version.as_rules().last)
    return set(Standing.objects.now().filter(last, customer__in=ids).values_list("customer_id", flat=True))


def _trigger(run: int | None, lessons: int | None, transfer: int | None) -> str:
    if run is not None and run >= LONG_ABSENCE:
        return Trigger.ABSENCE
    if transfer:
        return Trigger.TRANSFER
    return Trigger.LAPSED if lessons == 0 else ""


def _handled(ids: list[int], day: date) -> set[tuple[int, str]]:
    """Families that have an open case, with every trigger; and what was opened for the same reason within two months."""
    recent = ChurnCase.objects.filter(customer__in=ids).filter(Q(state=State.OPEN) | Q(opened_on__gt=day - LOOK_BACK))
    found = set()
    for customer, trigger, state in recent.values_list("customer_id", "trigger", "state"):
        found |= {(customer, str(code)) for code in Trigger} if state == State.OPEN else {(customer, trigger)}
    return found
