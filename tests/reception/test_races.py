"""B-1 in small: workers over real connections, mixed operations, rollbacks and repeated keys; and mutants that are caught."""
import threading

import pytest
from django.db import connection, transaction

from config.bench.races import MUTANTS, race
from reception import places
from reception.booking import SlotFull, accept, book, book_held, cancel, confirm, hold, join_waitlist, move
from reception.models import Booking, Slot
from reception.once import once
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests.reception.makers import MONDAY, NOW, counted, slot, states, wish

pytestmark = pytest.mark.django_db(transaction=True)
WHEN = {"cutoff": NOW, "channel": "online", "at": NOW}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_oversold_doubled_or_left_unsold(school, seed):
    verdict = race(school, workers=8, operations=400, seed=seed)

    assert verdict.is_clean and verdict.operations > 60, verdict


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_caught(school, name):
    verdicts = (race(school, workers=8, operations=320, seed=50 + n, verbs=MUTANTS[name]) for n in range(6))

    assert any(not verdict.is_clean for verdict in verdicts)


def at_once(tenant, *acts) -> list[str]:
    """Each act in a scope and thread of its own, let go together; what each came to."""
    gate, told = threading.Barrier(len(acts)), [""] * len(acts)

    def run(number, act):
        gate.wait()
        try:
            with tenant_scope(tenant):
                act()
            told[number] = "done"
        except Refused as refusal:
            told[number] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def put(tenant, *capacities, taken=()) -> list:
    """Slots an hour apart, and bookings in them by their number."""
    with tenant_scope(tenant):
        slots = [slot(capacity, MONDAY.replace(hour=1 + n)) for n, capacity in enumerate(capacities)]
        rows = [book(slots[n], wish(number), **WHEN).booking for number, n in enumerate(taken)]
    return [*slots, *rows]


def test_the_last_place_goes_to_one_of_twelve(school):
    (here,) = put(school, 1)

    told = at_once(school, *(lambda n=n: book(here, wish(n), **WHEN) for n in range(12)))

    assert told == ["done"] + ["slot_full"] * 11


def test_one_key_sent_eight_times_at_once_is_one_booking(school):
    (here,) = put(school, 5)
    answers = []

    def ask():
        def act():
            return {"reference": book(here, wish(), **WHEN).booking.reference}

        answers.append(once("one-and-the-same-key", {"slot": here.pk}, act, at=NOW)[0]["reference"])

    told = at_once(school, *[ask] * 8)

    with tenant_scope(school):
        assert told == ["done"] * 8 and len(set(answers)) == 1 and counted(here) == (1, 1)


def test_two_confirms_at_once_are_one(school):
    _here, row = put(school, 1, taken=[0])

    assert at_once(school, *[lambda: confirm(row, by=None)] * 2) == ["changed", "done"]


def test_two_cancels_at_once_give_one_place_back(school):
    here, row = put(school, 2, taken=[0])

    told = at_once(school, *[lambda: cancel(row, reason="", at=NOW)] * 2)

    with tenant_scope(school):
        assert told == ["changed", "done"] and counted(here) == (0, 0)


def test_an_offer_accepted_twice_at_once_is_one_booking(school):
    here, row = put(school, 1, taken=[0])
    with tenant_scope(school):
        waits = join_waitlist(here, wish(9), **WHEN)[0].booking
        cancel(row, reason="", at=NOW)
        waits.refresh_from_db()

    told = at_once(school, *[lambda: accept(waits, at=NOW)] * 2)

    with tenant_scope(school):
        assert told == ["changed", "done"] and counted(here) == (1, 1)


def test_an_offer_accepted_as_it_runs_out_is_either_taken_or_gone(school):
    here, row = put(school, 1, taken=[0])
    with tenant_scope(school):
        waits = join_waitlist(here, wish(9), **WHEN)[0].booking
        cancel(row, reason="", at=NOW)
        waits.refresh_from_db()

    at_once(school, lambda: accept(waits, at=NOW), lambda: places.expire(waits.pk, at=waits.expires_at))

    with tenant_scope(school):
        state = Booking.objects.get(pk=waits.pk).state
        assert counted(here) == ((1, 1) if state == "booked" else (0, 0))
        assert state in ("booked", "expired")


def test_two_move_into_the_last_place_and_one_of_them_stays_where_it_was(school):
    first, second, last, a, b = put(school, 1, 1, 1, taken=[0, 1])

    told = at_once(school, lambda: move(a, last, cutoff=NOW, at=NOW), lambda: move(b, last, cutoff=NOW, at=NOW))

    with tenant_scope(school):
        assert told == ["done", "slot_full"] and counted(last) == (1, 1)
        assert counted(first)[0] + counted(second)[0] == 1


def test_two_who_change_places_do_not_block_each_other(school):
    first, second, a, b = put(school, 2, 2, taken=[0, 1])

    told = at_once(school, lambda: move(a, second, cutoff=NOW, at=NOW), lambda: move(b, first, cutoff=NOW, at=NOW))

    with tenant_scope(school):
        assert told == ["done", "done"] and (counted(first), counted(second)) == ((1, 1), (1, 1))


def test_who_joins_the_queue_as_a_place_comes_free_gets_it_or_is_told(school):
    here, row = put(school, 1, taken=[0])

    told = at_once(school, lambda: cancel(row, reason="", at=NOW), lambda: join_waitlist(here, wish(9), **WHEN))

    with tenant_scope(school):
        offered = states(here) == ["cancelled", "offered"] and counted(here) == (1, 1)
        refused = told == ["changed", "done"] and counted(here) == (0, 0)
        assert offered or refused


def test_fewer_places_and_one_more_booking_at_once_never_oversell(school):
    here, _row = put(school, 2, taken=[0])

    told = at_once(school, lambda: places.resize(here.pk, 1, at=NOW), lambda: book(here, wish(9), **WHEN))

    with tenant_scope(school):
        row = Slot.objects.get(pk=here.pk)
        assert told in (["done", "slot_full"], ["capacity_below", "done"])
        assert row.booked <= row.capacity


def test_a_booking_that_is_rolled_back_leaves_nothing(school):
    (here,) = put(school, 1)

    with pytest.raises(ZeroDivisionError), tenant_scope(school):
        book(here, wish(), **WHEN)
        raise ZeroDivisionError
    with tenant_scope(school):
        assert counted(here) == (0, 0)
        with pytest.raises(SlotFull), transaction.atomic():
            Slot.objects.filter(pk=here.pk).update(state="blocked")
            book(here, wish(), **WHEN)


@pytest.mark.parametrize("round_", range(6))
def test_a_hold_that_is_booked_as_it_runs_out_is_one_or_the_other_and_nobody_waits_for_ever(school, round_):
    here, _row = put(school, 2, taken=[0])
    with tenant_scope(school):
        kept = hold(here, **WHEN).booking

    told = at_once(
        school,
        lambda: book_held(kept, wish(7), **WHEN),
        lambda: places.expire(kept.pk, at=kept.expires_at),
        lambda: places.expire(kept.pk, at=kept.expires_at),
    )

    with tenant_scope(school):
        taken = counted(here)
        assert told == ["done"] * 3 and taken == (2, 2)
