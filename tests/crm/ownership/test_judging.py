"""Whose a family is by what is on record: by hand, and against a slow walk through every day."""
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.ownership.judging import Claim, Proposal, Touch, claims, propose
from crm.ownership.words import WHY

DAY = date(2026, 11, 1)
A, B, C = 1, 2, 3


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def touch(who: int, days: int, *, visit: bool = False) -> Touch:
    return Touch(who, on(days), visit)


@pytest.mark.parametrize(("touches", "who", "why"), [
    ([], None, "none"),
    ([touch(A, 0)], A, "only"),
    ([touch(A, 0), touch(B, 3)], A, "first"),
    ([touch(B, 3), touch(A, 0)], A, "first"),
    ([touch(A, 0), touch(B, 14)], A, "first"),
    ([touch(A, 0), touch(B, 15)], B, "lapsed"),
    ([touch(A, 0), touch(A, 10), touch(B, 20)], A, "first"),
    ([touch(A, 0), touch(A, 40), touch(B, 20)], B, "lapsed"),
    ([touch(A, 0), touch(B, 20), touch(C, 40)], C, "lapsed"),
    ([touch(A, 0), touch(B, 20), touch(B, 30), touch(C, 40)], B, "lapsed"),
    ([touch(A, 0), touch(B, 0)], None, "even"),
    ([touch(A, 0), touch(B, 0), touch(B, 2)], B, "often"),
    ([touch(A, 0), touch(B, 0), touch(B, 2), touch(A, 3, visit=True)], A, "visit"),
    ([touch(A, 0), touch(B, 0), touch(A, 3, visit=True), touch(B, 2, visit=True)], B, "visit"),
    ([touch(A, 0), touch(B, 0), touch(A, 3, visit=True), touch(B, 3, visit=True)], None, "even"),
])
def test_who_reached_it_first_holds_it_for_as_long_as_they_keep_in_touch(touches, who, why):
    found = propose(touches, silent_days=14)

    assert (found.who, found.why) == (who, why)


def test_from_whom_it_passed_is_said():
    assert propose([touch(A, 0), touch(B, 20)], silent_days=14) == Proposal(B, "lapsed", A)


@pytest.mark.parametrize(("silent", "who"), [(1, B), (9, B), (10, A), (365, A)])
def test_the_school_says_how_long_a_silence_is(silent, who):
    assert propose([touch(A, 0), touch(B, 10)], silent_days=silent).who == who


def test_claims_stand_by_their_first_day():
    assert claims([touch(B, 5), touch(A, 7), touch(B, 2, visit=True)]) == [Claim(B, (on(2), on(5)), on(2)),
            Claim(A, (on(7),))]


@pytest.mark.parametrize("why", ["first", "lapsed", "visit", "often", "only", "even", "none"])
def test_every_reason_has_its_sentence(why):
    assert str(WHY[why]) != ""


TOUCHES = st.lists(st.builds(touch, st.integers(1, 4), st.integers(0, 60)), max_size=14)


def slowly(touches, silent: int) -> int | None:
    """Day by day: the first holds it; whoever appears anew takes it from a holder who has been silent for too long."""
    first = min(one.on for one in touches)
    known = {one.who for one in touches if one.on == first}
    if len(known) > 1:
        return None
    (holder,) = known
    for days in range(1, 62):
        day = first + timedelta(days=days)
        for who in sorted({one.who for one in touches if one.on == day} - known):
            known.add(who)
            last = max(one.on for one in touches if one.who == holder and one.on <= day)
            if (day - last).days > silent and min(one.on for one in touches if one.who == holder) < day:
                holder = who
    return holder


@given(TOUCHES.filter(bool), st.integers(1, 30))
def test_it_agrees_with_a_walk_through_every_day(touches, silent):
    found, slow = propose(touches, silent_days=silent), slowly(touches, silent)

    assert slow is None or found.who == slow


@given(TOUCHES, st.integers(1, 30), st.randoms())
def test_the_order_in_which_records_are_read_changes_nothing(touches, silent, shuffler):
    shuffled = list(touches)
    shuffler.shuffle(shuffled)

    assert propose(touches, silent_days=silent) == propose(shuffled, silent_days=silent)


@given(TOUCHES.filter(bool), st.integers(1, 30))
def test_whoever_it_names_was_in_touch(touches, silent):
    found = propose(touches, silent_days=silent)

    assert found.who is None or found.who in {one.who for one in touches}
