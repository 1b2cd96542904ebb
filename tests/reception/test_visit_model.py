"""A visit against a model in the plainest words: random taps, wrong pictures, taps sent twice, steps taken back, reasons, times."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from reception.booking import book
from reception.models import Booking, Visit, VisitStep
from reception.stages import ORDER, Step
from reception.visiting import Tap, leave, put_right, take_back, take_step
from tenancy.refusals import Refused
from tests.conftest import make_member
from tests.reception.makers import MONDAY, NOW, slot, wish
from tests.reception.test_model import EXAMPLES

STEPS = [str(step) for step in ORDER]


class Model:
    """Steps in a list with their minutes; the keys of the taps that counted; why it went no further."""

    def __init__(self):
        self.taken, self.keys, self.exit, self.clock = [], set(), "", 0

    @property
    def now(self):
        return self.taken[-1][0] if self.taken else "booked"

    def tap(self, to, seen, key):
        """Whether it is taken; None for one that was sent before."""
        if key in self.keys:
            return None
        if seen != self.now or STEPS.index(to) <= STEPS.index(self.now) or self.exit:
            return False
        self.keys.add(key)
        self.taken.append((to, self.clock, key))
        return True

    def back(self, seen):
        if seen != self.now or not self.taken:
            return False
        self.keys.discard(self.taken.pop()[2])
        self.exit = ""
        return True

    def leave(self, reason, seen, key):
        if self.exit:
            return False
        if STEPS.index(self.now) < STEPS.index("left") and self.tap("left", seen, key) is False:
            return False
        self.exit = reason
        return True

    def right(self, step, minute):
        known = {taken: n for n, (taken, _at, _key) in enumerate(self.taken)}
        if step not in known or minute > self.clock:
            return False
        n = known[step]
        least = self.taken[n - 1][1] if n else minute
        most = self.taken[n + 1][1] if n + 1 < len(self.taken) else minute
        if not least <= minute <= most:
            return False
        self.taken[n] = (step, minute, self.taken[n][2])
        return True


class GoesBackwards(Model):
    """A mutant: any step may follow any other."""

    def tap(self, to, seen, key):
        if (
            seen != self.now
            or key in self.keys
            or self.exit
            or to in [step for step, _at, _key in self.taken]
        ):
            return super().tap(to, seen, key)
        self.keys.add(key)
        self.taken.append((to, self.clock, key))
        return True


class CountsTwice(Model):
    """A mutant: what was sent before is refused instead of answered."""

    def tap(self, to, seen, key):
        return False if key in self.keys else super().tap(to, seen, key)


class KeepsTheReason(Model):
    """A mutant: taking leaving back leaves its reason standing."""

    def back(self, seen):
        kept = self.exit
        done = super().back(seen)
        self.exit = kept if done else self.exit
        return done


def at(minute):
    return MONDAY + timedelta(minutes=minute)


def stored(pk):
    """What the tables say of a visit: its steps in order with their times, where it is, why it ended, whether the family came."""
    visit = Visit.objects.filter(booking=pk).first()
    steps = [(one.step, one.at) for one in VisitStep.objects.filter(visit__booking=pk)]
    steps.sort(key=lambda one: STEPS.index(one[0]))
    assert [moment for _step, moment in steps] == sorted(moment for _step, moment in steps)
    row = Booking.objects.get(pk=pk)
    return steps, visit.step if visit else "booked", visit.exit if visit else "", row.state == "arrived"


class Visits(RuleBasedStateMachine):
    model_class, by = Model, None

    def __init__(self):
        super().__init__()
        self.model = self.model_class()
        # far from any other sequence's: a host or a slot is never shared
        place = Booking.objects.count()
        start = MONDAY - timedelta(days=place, hours=place % 5)
        before = start - timedelta(days=1)
        self.pk = book(slot(1, start), wish(), cutoff=before, channel="phone", at=before).booking.pk

    @property
    def row(self):
        return Booking.objects.get(pk=self.pk)

    def agree(self, told, act):
        try:
            act()
            done = True
        except Refused:
            done = False
        assert (told is not False) == done

    @rule(
        to=st.sampled_from(STEPS),
        right=st.booleans(),
        other=st.sampled_from(STEPS),
        key=st.integers(0, 30),
        later=st.integers(0, 9),
    )
    def tap(self, to, right, other, key, later):
        self.model.clock += later
        seen, name = self.model.now if right else other, f"{self.pk}-{key}"
        told = self.model.tap(to, seen, name)
        self.agree(
            told,
            lambda: take_step(
                self.row, Tap(to, seen, at(self.model.clock), name), by=self.by, now=at(self.model.clock)
            ),
        )

    @rule(right=st.booleans(), other=st.sampled_from(STEPS))
    def back(self, right, other):
        seen = self.model.now if right else other
        self.agree(self.model.back(seen), lambda: take_back(self.row, seen=seen, by=self.by, now=NOW))

    @rule(reason=st.sampled_from(["price", "distance"]), key=st.integers(0, 30))
    def leave(self, reason, key):
        seen, name = self.model.now, f"{self.pk}-{key}"
        if name in self.model.keys:
            return  # a key is drawn for each tap
        told = self.model.leave(reason, seen, name)
        tap = Tap(Step.LEFT, seen, at(self.model.clock), name)
        self.agree(told, lambda: leave(self.row, reason, "", tap, by=self.by, now=at(self.model.clock)))

    @rule(step=st.sampled_from(STEPS), minute=st.integers(0, 60))
    def right(self, step, minute):
        told = self.model.right(step, minute)
        self.agree(told, lambda: put_right(self.row, step, at(minute), by=self.by, now=at(self.model.clock)))

    @invariant()
    def the_same(self):
        taken = [(step, at(minute)) for step, minute, _key in self.model.taken]
        came = STEPS.index(self.model.now) >= STEPS.index("arrived")
        assert stored(self.pk) == (taken, self.model.now, self.model.exit, came)


def walked(model_class, by, examples):
    steady = settings(deadline=None, suppress_health_check=list(HealthCheck), print_blob=False, database=None)
    few = settings(
        steady, max_examples=examples, stateful_step_count=20, phases=[Phase.generate]
    )  # what differs is not made smaller
    run_state_machine_as_test(type("Walked", (Visits,), {"model_class": model_class, "by": by}), settings=few)


@pytest.fixture
def by(school):
    return make_member(school, "frontdesk", "方老师")


def test_random_days_at_the_desk_equal_the_model(by, miao):
    walked(Model, by, EXAMPLES)


@pytest.mark.parametrize("mutant", [GoesBackwards, CountsTwice, KeepsTheReason])
def test_a_mutated_model_differs(by, miao, mutant):
    with pytest.raises(AssertionError):
        walked(mutant, by, 60)
