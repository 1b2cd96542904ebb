"""变化通知的账: which families have more or less of what they may know of since a day, derived anew; running twice changes nothing more.

A change that was not told yet is measured from where it began, so what comes and goes again is never told.
"""
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from service_levels.models import Entitlement, PlanVersion, ServiceNotice
from service_levels.plans.book import Plan
from service_levels.plans.discreet import difference

Kind, State = ServiceNotice.Kind, ServiceNotice.State
Key = tuple[int, str]  # a customer and a kind


@dataclass(frozen=True)
class Move:
    """A family whose plan is another one since the day: what it may know of, before and after."""

    customer: int
    version: int
    plan: str
    had: list[str]
    has: list[str]


@transaction.atomic
def note(day: date) -> int:
    """Write what is to be told of plans that changed on a day; the number of notices that wait because of it."""
    moves = list(_moves(day))
    customers = [move.customer for move in moves]
    waiting = {(row.customer_id, row.kind): row for row in ServiceNotice.objects.waiting().filter(customer__in=customers)}
    told = _told_on(day, customers)
    fresh, changed, over = [], [], []
    for move in moves:
        for kind in Kind:
            key, row = (move.customer, str(kind)), waiting.get((move.customer, str(kind)))
            had = row.had if row else told.get(key, move.had)
            lines = _lines(kind, had, move.has)
            if not lines:
                over += [row.pk] if row else []
            elif row is None:
                fresh.append(ServiceNotice(customer_id=move.customer, kind=kind, on=day, version_id=move.version, plan=move.plan, had=had,
                                           has=move.has, lines=lines))
            else:
                row.on, row.version_id, row.plan, row.has, row.lines = day, move.version, move.plan, move.has, lines
                changed.append(row)
    ServiceNotice.objects.filter(pk__in=over).delete()
    ServiceNotice.objects.bulk_update(changed, ["on", "version", "plan", "has", "lines"], batch_size=500)
    ServiceNotice.objects.bulk_create(fresh, batch_size=2000)
    _let_go()
    return len(fresh) + len(changed)


def stays_when_merged(survivor: int) -> Q:
    """Of two families that are one, both to be told something, the survivor's goes on."""
    return Q(state=State.WAITING) & Q(Exists(ServiceNotice.objects.waiting().filter(customer=survivor, kind=OuterRef("kind"))))


def _lines(kind: str, had: list[str], has: list[str]) -> list[str]:
    found = difference(had, has)
    return list(found.came if kind == Kind.MORE else found.gone)


def _moves(day: date) -> Iterator[Move]:
    """Who is served by another plan since the day; who is new to the school is welcomed, not told of a change."""
    before = {row.customer_id: row for row in Entitlement.objects.filter(until_on=day)}
    books = {version.pk: version.as_book() for version in PlanVersion.objects.filter(state__in=["in_force", "retired"])}
    for row in Entitlement.objects.now().filter(from_on=day, customer__in=list(before)):
        was = before[row.customer_id]
        had, has = _words(books[was.version_id].plan(was.plan)), _words(books[row.version_id].plan(row.plan))
        yield Move(row.customer_id, row.version_id, row.plan, had, has)


def _words(plan: Plan) -> list[str]:
    return [line.text for line in plan.told]


def _told_on(day: date, customers: Iterable[int]) -> dict[Key, list[str]]:
    """What families were told or not on this very day: a plan that changes once more is measured from there."""
    rows = ServiceNotice.objects.filter(customer__in=list(customers), on=day).exclude(state=State.WAITING).order_by("id")
    return {(row.customer_id, row.kind): row.has for row in rows}


def _let_go() -> None:
    """Who is not with the school any more is told nothing."""
    served = Entitlement.objects.now().filter(customer=OuterRef("customer"))
    ServiceNotice.objects.waiting().exclude(Exists(served)).delete()
