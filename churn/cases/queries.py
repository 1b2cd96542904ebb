"""Reads of the cases: the list as it is narrowed, what one case rests on, who left from the last year before school."""
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from churn import access
from churn.cases.natural import LAST_GRADE, Leaver, likely, natural
from churn.cases.opening import GIVEN
from churn.models import Area, CaseCause, ChurnCase, Trigger
from crm.handover import looked_after_by
from crm.models import Child, Customer, Enrolment, Outcome, Promise
from crm.queries import search
from tenancy.models import Membership

State = ChurnCase.State


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; an empty word narrows nothing. ``state`` empty: open ones; ``all``: every one."""

    words: str = ""
    state: str = ""
    trigger: str = ""
    area: str = ""
    campus: int | None = None
    mine: bool = False
    first: date | None = None
    last: date | None = None


def listed(member: Membership, asked: Asked) -> QuerySet[Any]:
    """The newest first; open ones the oldest first, since they have waited longest."""
    rows = access.cases(member)
    state = asked.state if asked.state in State.values else State.OPEN
    rows = rows if asked.state == "all" else rows.filter(state=state)
    if asked.words.strip():
        rows = rows.filter(customer__in=search(Customer.objects.present(), asked.words).values("pk"))
    if asked.trigger in Trigger.values:
        rows = rows.filter(trigger=asked.trigger)
    if asked.area in Area.values:
        rows = rows.filter(pk__in=CaseCause.objects.filter(cause__area=asked.area).values("case"))
    if asked.campus:
        rows = rows.filter(campus=asked.campus)
    if asked.mine:
        rows = rows.filter(owner__in=looked_after_by(member))
    if asked.first:
        rows = rows.filter(opened_on__gte=asked.first)
    if asked.last:
        rows = rows.filter(opened_on__lte=asked.last)
    order = ("opened_on", "pk") if asked.state != "all" and state == State.OPEN else ("-opened_on", "-pk")
    return rows.prefetch_related("causes__cause").order_by(*order)


def counts(member: Membership, first: date) -> Counter[str]:
    """How many are open, and how many were closed since a day, by what became of them."""
    rows = access.cases(member).filter(Q(state=State.OPEN) | Q(closed_on__gte=first)).order_by()
    return Counter(dict(rows.values_list("state").annotate(n=Count("pk"))))


def proposal(case: ChurnCase, kind: str) -> str:
    """The natural reason that was given or that the facts speak for (B22), for who decides; empty where there is none or it is decided."""
    row = case.enrolment
    if case.state != State.OPEN or row is None or row.until_on is None:
        return ""
    elsewhere = Enrolment.objects.filter(child=row.child_id, from_on__gte=row.until_on).exclude(campus=row.campus_id).exists()
    grade = row.class_group.grade if row.class_group else ""
    leaver = Leaver(row.outcome, row.until_on, row.child.born_on, grade, elsewhere)
    return natural(leaver, GIVEN) or likely(leaver, kind)


def broken_promises(case: ChurnCase, day: date) -> QuerySet[Any]:
    """What was promised to the family and is late (B11)."""
    rows = Promise.objects.filter(customer=case.customer_id, state=Promise.State.OPEN, due_on__lt=day)
    return rows.select_related("owner").order_by("due_on")[:6]


@dataclass(frozen=True)
class Departure:
    """A child that left from the last year before school: when, why, where to. What the authority asks kindergartens for."""

    child: Child
    class_name: str
    campus: str
    left_on: date
    reason: str
    went_to: str


def departures(member: Membership, first: date, last: date) -> list[Departure]:
    """大班流失 (B22): everybody who left a class of the last grade in a period before graduating, by day."""
    mine = member.campus_ids()
    rows = Enrolment.objects.filter(until_on__gte=first, until_on__lte=last, class_group__grade__startswith=LAST_GRADE)
    rows = rows.exclude(outcome__in=[Outcome.PROMOTED, Outcome.GRADUATED]).filter(child__family__customer__in=Customer.objects.present())
    rows = rows if mine is None else rows.filter(campus__in=mine)
    found = list(rows.select_related("child__family", "class_group", "campus").order_by("until_on", "pk"))
    cases = access.cases(member).filter(enrolment__in=found).prefetch_related("causes__cause").order_by("pk")
    told = {case.enrolment_id: case for case in cases}
    return [_departure(row, told.get(row.pk)) for row in found if row.until_on]


def _departure(row: Enrolment, case: ChurnCase | None) -> Departure:
    causes = "、".join(one.cause.name for one in case.causes.all()) if case else ""
    name = row.class_group.name if row.class_group else ""
    assert row.until_on is not None
    return Departure(row.child, name, row.campus.name, row.until_on, causes or str(row.get_outcome_display() if row.outcome else ""),
                     case.went_to if case else "")
