"""B-2: random sequences of booking operations against a model that keeps everything in lists; and mutated models that differ."""
import os
from datetime import timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from reception import places
from reception.booking import accept, book, book_held, cancel, come, confirm, hold, join_waitlist, move
from reception.flow import COMING, TAKING, State
from reception.models import Booking, Slot
from tenancy.refusals import Refused
from tests.reception.makers import MONDAY, NOW, slot, wish

EXAMPLES = int(os.environ.get("MIAOPU_FUZZ", "1")) * 25  # the long run: MIAOPU_FUZZ=80 gives 2,000 sequences
WHEN = {"cutoff": NOW, "channel": "online", "at": NOW}
days = count(1)
some = st.integers(0, 1000)


class Model:
    """The rules in the plainest words: each slot a number of places, each booking a state, who waits in a list."""

    def __init__(self, capacities):
        self.capacity = dict(enumerate(capacities))
        self.slot_of, self.state, self.queue = {}, {}, {n: [] for n in self.capacity}

    def taken(self, here):
        return sum(self.slot_of[row] == here and state in TAKING for row, state in self.state.items())

    def free(self, here):
        return self.capacity[here] - self.taken(here)

    def put(self, row, here, state):
        self.slot_of[row], self.state[row] = here, state

    def serve(self, here):
        while self.queue[here] and self.free(here) > 0:
            self.state[self.next_of(self.queue[here])] = State.OFFERED

    def next_of(self, queue):
        return queue.pop(0)

    def leave(self, row, state):
        here = self.slot_of[row]
        if row in self.queue[here]:
            self.queue[here].remove(row)
        self.state[row] = state
        self.serve(here)

    def go(self, row, there):
        before = self.slot_of[row]
        self.put(row, there, State.BOOKED)
        self.serve(before)


class LastComeFirstServed(Model):
    def next_of(self, queue):
        return queue.pop()


class LosesTheOldPlace(Model):
    def go(self, row, there):
        self.capacity[self.slot_of[row]] -= 1
        super().go(row, there)


class OffersNothing(Model):
    def serve(self, here):
        pass


class HoldsAreFree(Model):
    def taken(self, here):
        return sum(self.slot_of[row] == here and state in TAKING - {State.HELD} for row, state in self.state.items())


class Sequences(RuleBasedStateMachine):
    """Each rule does the same to the tables and to the model; whether it is refused must be the same, too."""

    model_class = Model

    def __init__(self):
        super().__init__()
        day = MONDAY + timedelta(days=next(days))
        self.slots = [slot(n, day + timedelta(hours=n)) for n in (1, 2)]
        self.model = self.model_class([1, 2])
        self.rows = []

    def both(self, allowed, act):
        """Do it; the tables must refuse exactly what the model does not allow."""
        try:
            with transaction.atomic():
                told = act()
        except Refused:
            assert not allowed
            return None
        assert allowed
        return told

    def pick(self, n, *states):
        rows = [row for row in self.rows if self.model.state[row] in states]
        return rows[n % len(rows)] if rows else None

    def row(self, pk):
        return Booking.objects.select_related("slot").get(pk=pk)

    def came(self, made, here, state):
        if made is not None:
            self.rows.append(made.booking.pk)
            self.model.put(made.booking.pk, here, state)

    @rule(n=some)
    def book(self, n):
        here = n % 2
        self.came(self.both(self.model.free(here) > 0, lambda: book(self.slots[here], wish(), **WHEN)), here, State.BOOKED)

    @rule(n=some)
    def hold(self, n):
        here = n % 2
        self.came(self.both(self.model.free(here) > 0, lambda: hold(self.slots[here], **WHEN)), here, State.HELD)

    @rule(n=some)
    def wait(self, n):
        here = n % 2
        told = self.both(self.model.free(here) <= 0, lambda: join_waitlist(self.slots[here], wish(), **WHEN))
        if told:
            self.came(told[0], here, State.WAITING)
            self.model.queue[here].append(told[0].booking.pk)
            assert told[1] == len(self.model.queue[here])

    @precondition(lambda self: self.pick(0, State.HELD))
    @rule(n=some)
    def book_held(self, n):
        row = self.pick(n, State.HELD)
        self.both(True, lambda: book_held(self.row(row), wish(), **WHEN))
        self.model.state[row] = State.BOOKED

    @precondition(lambda self: self.pick(0, State.HELD, State.OFFERED))
    @rule(n=some)
    def expire(self, n):
        row = self.pick(n, State.HELD, State.OFFERED)
        assert places.expire(row, at=self.row(row).expires_at)
        self.model.leave(row, State.EXPIRED)

    @precondition(lambda self: self.rows)
    @rule(n=some)
    def cancel(self, n):
        row = self.rows[n % len(self.rows)]
        allowed = self.model.state[row] in COMING | {State.WAITING, State.OFFERED, State.HELD}
        self.both(allowed, lambda: cancel(self.row(row), reason="", at=NOW))
        if allowed:
            self.model.leave(row, State.CANCELLED)

    @precondition(lambda self: self.rows)
    @rule(n=some, there=st.integers(0, 1))
    def move(self, n, there):
        row = self.rows[n % len(self.rows)]
        if self.model.slot_of[row] == there:
            return
        allowed = self.model.state[row] in COMING and self.model.free(there) > 0
        self.both(allowed, lambda: move(self.row(row), self.slots[there], cutoff=NOW, at=NOW))
        if allowed:
            self.model.go(row, there)

    @precondition(lambda self: self.rows)
    @rule(n=some)
    def accept(self, n):
        row = self.rows[n % len(self.rows)]
        allowed = self.model.state[row] == State.OFFERED
        self.both(allowed, lambda: accept(self.row(row), at=NOW))
        if allowed:
            self.model.state[row] = State.BOOKED

    @precondition(lambda self: self.rows)
    @rule(n=some)
    def confirm(self, n):
        row = self.rows[n % len(self.rows)]
        allowed = self.model.state[row] == State.BOOKED
        self.both(allowed, lambda: confirm(self.row(row), by=None))
        if allowed:
            self.model.state[row] = State.CONFIRMED

    @precondition(lambda self: self.rows)
    @rule(n=some, verb=st.sampled_from(["arrive", "miss", "recall"]))
    def come(self, n, verb):
        row = self.rows[n % len(self.rows)]
        allowed = self.model.state[row] in ({State.ARRIVED, State.NO_SHOW} if verb == "recall" else COMING)
        self.both(allowed, lambda: come(self.row(row), verb, by=None, at=self.row(row).starts_at))
        if allowed:
            self.model.state[row] = {"arrive": State.ARRIVED, "miss": State.NO_SHOW, "recall": State.CONFIRMED}[verb]

    @rule(n=some, capacity=st.integers(0, 4))
    def resize(self, n, capacity):
        here = n % 2
        allowed = capacity >= self.model.taken(here)
        self.both(allowed, lambda: places.resize(self.slots[here].pk, capacity, at=NOW))
        if allowed:
            self.model.capacity[here] = capacity
            self.model.serve(here)

    @invariant()
    def the_tables_say_what_the_model_says(self):
        told = dict(Booking.objects.filter(slot__in=self.slots).values_list("pk", "state"))
        booked = list(Slot.objects.filter(pk__in=[s.pk for s in self.slots]).order_by("pk").values_list("booked",
                flat=True))

        assert told == {row: state.value for row, state in self.model.state.items()}
        assert booked == [self.model.taken(here) for here in (0, 1)]


STEADY = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=False, database=None)


def test_random_sequences_equal_the_model(miao):
    run_state_machine_as_test(Sequences, settings=settings(STEADY, max_examples=EXAMPLES, stateful_step_count=25))


@pytest.mark.parametrize("fault", [LastComeFirstServed, LosesTheOldPlace, OffersNothing, HoldsAreFree])
def test_a_mutated_model_differs(miao, fault):
    machine = type("Mutated", (Sequences,), {"model_class": fault})

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            machine, settings=settings(STEADY, max_examples=2000, stateful_step_count=25,
                    phases=[*settings.default.phases][:3])
        )
