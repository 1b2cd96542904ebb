"""B-1: many workers book, move, cancel, wait, resize at once, each over a connection of its own; then the rows are counted.

``verbs`` says how each operation is done, so that a mutant can be raced beside the real one and must be caught.
"""
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F

from config.bench.figures import figure, stopwatch
from reception import booking, places
from reception.booking import Wish
from reception.flow import State
from reception.models import Booking, BookingRules, Slot, VisitType
from reception.once import once
from tenancy.actions import create_tenant
from tenancy.models import Campus, Tenant
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FIRST = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
WHEN: dict[str, Any] = {"cutoff": NOW, "channel": "online", "at": NOW}
ROLLBACK, REPEATED = 0.10, 0.25
LONG_AGO = NOW - timedelta(hours=2)


class Undone(Exception):
    """The worker's transaction is rolled back on purpose."""


@dataclass(frozen=True)
class Verbs:
    """How the race's operations are done; the real ones unless a mutant replaces one."""

    book: Callable[..., Any] = booking.book
    cancel: Callable[..., Any] = booking.cancel
    once: Callable[..., Any] = once


@dataclass
class Tally:
    """What the workers were told: the bookings of each key, errors that are no refusals, how often each operation went through."""

    by_key: dict[str, set[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Verdict:
    """What the tables say after a race; everything but ``operations`` must be nothing."""

    operations: int
    overbooked: int
    miscounted: int
    unsold: int
    doubled: int
    errors: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        return (self.overbooked, self.miscounted, self.unsold, self.doubled, self.errors) == (0, 0, 0, 0, ())


def race(tenant: Tenant, *, workers: int, operations: int, seed: int, slots: int = 4, verbs: Verbs | None = None) -> Verdict:
    """Let the workers loose on a few fresh slots of the school, then count."""
    with tenant_scope(tenant):
        pks = _fresh_slots(slots, seed)
    tally, gate = Tally(), threading.Barrier(workers)
    share = operations // workers
    shared = (verbs or Verbs(), tally, gate)
    threads = [threading.Thread(target=_work, args=(tenant, pks, share, seed * 1000 + n, *shared)) for n in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant_scope(tenant):
        return _count(pks, tally)


def _fresh_slots(count: int, seed: int) -> list[int]:
    kind, campus = VisitType.objects.order_by("id")[:1].get(), Campus.objects.order_by("id")[:1].get()
    BookingRules.objects.get_or_create(tenant=kind.tenant_id)
    begin = FIRST + timedelta(days=seed)
    times = [begin + timedelta(hours=n) for n in range(count)]
    rows = [Slot(type=kind, campus=campus, starts_at=at, ends_at=at + timedelta(minutes=50), capacity=1 + n % 3)
            for n, at in enumerate(times)]
    return [row.pk for row in Slot.objects.bulk_create(rows)]


def _work(tenant: Tenant, pks: list[int], share: int, seed: int, verbs: Verbs, tally: Tally, gate: threading.Barrier) -> None:
    """One worker: its own random choices, its own connection, every operation in a scope of its own."""
    rng = random.Random(seed)
    gate.wait()
    try:
        for _ in range(share):
            name, act = rng.choices(OPERATIONS, WEIGHTS)[0]
            try:
                with tenant_scope(tenant):
                    told = act(rng, pks, verbs)
                    if rng.random() < ROLLBACK:
                        raise Undone
                tally.done[name] += 1
                if isinstance(told, tuple):
                    tally.by_key.setdefault(told[0], set()).add(told[1])
            except (Refused, Undone):
                pass
            except Exception as error:  # a deadlock, a broken promise: whatever is no refusal has no business here
                tally.errors.append(f"{name}: {error}"[:200])
    finally:
        connection.close()


# -- the operations -----------------------------------------------------------------------------------------------------
def _slot(rng: random.Random, pks: list[int]) -> Slot:
    return Slot.objects.select_related("type").get(pk=rng.choice(pks))


def _any(rng: random.Random, pks: list[int], *states: State) -> Booking | None:
    rows = list(Booking.objects.filter(slot__in=pks, state__in=states).values_list("pk", flat=True)[:50])
    return Booking.objects.get(pk=rng.choice(rows)) if rows else None


def _wish(rng: random.Random) -> Wish:
    return Wish("罗女士", f"139{rng.randrange(10**8):08d}")


def _book(rng: random.Random, pks: list[int], verbs: Verbs) -> Any:
    """A quarter of the keys come again, from whichever worker."""
    here = _slot(rng, pks)
    again = rng.random() < REPEATED
    key = f"shared-key-{here.pk}-{rng.randrange(6):04d}" if again else f"fresh-key-{rng.getrandbits(64):020d}"
    wish = Wish("罗女士", "13900000000") if again else _wish(rng)

    def act() -> dict[str, Any]:
        return {"reference": verbs.book(here, wish, **WHEN).booking.reference}
    answer, _ = verbs.once(key, {"slot": here.pk, "phone": wish.phone}, act, at=NOW)
    return key, answer["reference"]


def _hold(rng: random.Random, pks: list[int], _: Verbs) -> None:
    booking.hold(_slot(rng, pks), **WHEN)


def _book_held(rng: random.Random, pks: list[int], _: Verbs) -> None:
    if held := _any(rng, pks, State.HELD):
        booking.book_held(held, _wish(rng), **WHEN)


def _expire(rng: random.Random, pks: list[int], _: Verbs) -> None:
    if kept := _any(rng, pks, State.HELD, State.OFFERED):
        places.expire(kept.pk, at=kept.expires_at or NOW)


def _cancel(rng: random.Random, pks: list[int], verbs: Verbs) -> None:
    if row := _any(rng, pks, State.BOOKED, State.CONFIRMED, State.OFFERED, State.WAITING):
        verbs.cancel(row, reason="", at=NOW)


def _move(rng: random.Random, pks: list[int], _: Verbs) -> None:
    if row := _any(rng, pks, State.BOOKED, State.CONFIRMED):
        booking.move(row, _slot(rng, pks), cutoff=NOW, at=NOW)


def _confirm(rng: random.Random, pks: list[int], _: Verbs) -> None:
    if row := _any(rng, pks, State.BOOKED):
        booking.confirm(row, by=None)


def _wait(rng: random.Random, pks: list[int], _: Verbs) -> None:
    booking.join_waitlist(_slot(rng, pks), _wish(rng), **WHEN)


def _accept(rng: random.Random, pks: list[int], _: Verbs) -> None:
    if row := _any(rng, pks, State.OFFERED):
        booking.accept(row, at=NOW)


def _resize(rng: random.Random, pks: list[int], _: Verbs) -> None:
    places.resize(rng.choice(pks), rng.randint(0, 4), at=NOW)


OPERATIONS = [("book", _book), ("hold", _hold), ("book_held", _book_held), ("expire", _expire), ("cancel", _cancel), ("move", _move),
              ("confirm", _confirm), ("wait", _wait), ("accept", _accept), ("resize", _resize)]
WEIGHTS = [30, 6, 5, 5, 18, 9, 5, 10, 6, 6]


# -- what must be nothing -----------------------------------------------------------------------------------------------
def _count(pks: list[int], tally: Tally) -> Verdict:
    taken = dict(Booking.objects.taking().filter(slot__in=pks).order_by().values_list("slot").annotate(n=Count("pk")))
    waiting = set(Booking.objects.filter(slot__in=pks, state=State.WAITING).values_list("slot_id", flat=True))
    slots = list(Slot.objects.filter(pk__in=pks))
    return Verdict(
        operations=sum(tally.done.values()),
        overbooked=sum(taken.get(s.pk, 0) > s.capacity for s in slots),
        miscounted=sum(taken.get(s.pk, 0) != s.booked for s in slots),
        unsold=sum(s.booked < s.capacity and s.pk in waiting for s in slots),
        doubled=sum(len(references) > 1 for references in tally.by_key.values()),
        errors=tuple(tally.errors[:5]))


# -- mutants: each must be caught ---------------------------------------------------------------------------------------
def count_then_insert(slot: Slot, wish: Wish, **words: Any) -> Any:
    """Looks whether a place is free, then writes what it saw: two who look at once both find the last place."""
    taken = Booking.objects.taking().filter(slot=slot).count()
    if taken >= Slot.objects.get(pk=slot.pk).capacity:
        raise booking.SlotFull([])
    lead = booking.write_lead(slot.campus_id, wish, words["channel"], words["at"], None)
    made = booking.insert_booking(slot, lead, State.BOOKED, channel=words["channel"], at=words["at"], by=None)
    Slot.objects.filter(pk=slot.pk, capacity__gt=taken).update(booked=taken + 1)
    return made


def forgets_who_waits(row: Booking, *, reason: str, at: datetime) -> None:
    """Gives the place back to the counter and never to somebody who waits."""
    took = row.state in (State.BOOKED, State.CONFIRMED, State.OFFERED)
    if booking._move(row, "cancel", expires_at=None) and took:
        Slot.objects.filter(pk=row.slot_id).update(booked=F("booked") - 1)


def without_key(key: str, body: Any, act: Callable[[], dict[str, Any]], *, at: datetime) -> tuple[dict[str, Any], bool]:
    """Does it again for every request with the same key."""
    return act(), False


MUTANTS = {"count_then_insert": replace(Verbs(), book=count_then_insert), "forgets_who_waits": replace(Verbs(), cancel=forgets_who_waits),
           "without_key": replace(Verbs(), once=without_key)}


def run(operations: int) -> None:
    """The long run: 32 and 64 workers, then every mutant twenty times."""
    tenant = create_tenant("races", kind="kindergarten", name="比赛", campuses={"main": "本部"})
    for number, workers in enumerate((32, 64)):
        with stopwatch() as taken:
            verdict = race(tenant, workers=workers, operations=operations // 2, seed=number + 1, slots=8)
        figure("booking.races", workers=workers, asked=operations // 2, seconds=round(taken[0], 1), **asdict(verdict))
    for number, (name, mutant) in enumerate(MUTANTS.items()):
        seeds = range(100 + 20 * number, 120 + 20 * number)  # each race lays slots of its own
        caught = sum(not race(tenant, workers=16, operations=960, slots=8, seed=seed, verbs=mutant).is_clean for seed in seeds)
        figure("booking.mutant", mutant=name, caught=caught, of=20)
