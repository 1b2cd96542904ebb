"""The columns of a clock are what replaying its events comes to, whatever was done in whatever order (B6)."""
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service_levels.models import Clock
from service_levels.requests import timing, working
from service_levels.requests.clocks import Course
from tenancy.refusals import Refused
from tests.service_levels.conftest import derive, family
from tests.service_levels.requests.test_working import TEN, WISH, at

MINUTE = timedelta(minutes=1)
ACTS = {
    "reply": lambda row, by, now: working.reply(row, text="x", channel="phone", by=by, at=now),
    "heard": lambda row, by, now: working.heard(row, text="x", channel="phone", by=None, at=now),
    "pause": lambda row, by, now: working.pause(row, why="x", by=by, at=now),
    "resume": lambda row, by, now: working.resume(row, by=by, at=now),
    "hand": lambda row, by, now: working.hand_over(row, department="admin", to=None, text="", by=by, at=now),
    "resolve": lambda row, by, now: working.resolve(row, result="x", by=by, at=now),
    "reopen": lambda row, by, now: working.reopen(row, why="x", by=by, at=now),
}
STORY = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(1, 2000)), max_size=8)


@pytest.fixture
def customer(miao, head):
    row = family(1, "A", "low", owner=head)
    derive()
    return row


def columns(clock: Clock) -> tuple:
    return tuple(getattr(clock, name) for name in timing.COLUMNS)


@given(story=STORY)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_columns_are_the_replayed_events(customer, head, story):
    row, now = working.open_request(WISH, customer=customer, by=head, at=TEN), TEN
    for verb, minutes in story:
        now += minutes * MINUTE
        try:
            ACTS[verb](row, head, now)
        except Refused:
            continue
    events, calendar = list(row.events.all()), timing.calendar_of(row)

    running = []
    for clock in row.clocks.all():
        kept, course = columns(clock), timing.course_of(clock.kind, events)
        clock.due_at = None  # reckoned anew, from nothing but the events
        timing.set_by(clock, course, calendar, timing.rules())
        assert columns(clock) == kept
        running += [clock.due_at] if course.stands is None else []
    assert row.due_at == min(running, default=None)
    assert (row.paused_at is not None) == bool(timing.course_of("resolve", events).paused)
    assert (row.resolved_at is not None) == bool(timing.course_of("resolve", events).stopped)


def test_a_pause_does_nothing_to_the_first_clock(customer, head):
    row = working.open_request(WISH, customer=customer, by=head, at=TEN)
    working.reply(row, text="x", channel="phone", by=head, at=at(0.5))
    working.pause(row, why="x", by=head, at=at(1))

    assert timing.course_of("reply", row.events.all()) == Course(TEN, stopped=at(0.5))
    assert timing.course_of("resolve", row.events.all()) == Course(TEN, paused=at(1))


def test_readings_say_how_it_stands(customer, head):
    row = working.open_request(WISH, customer=customer, by=head, at=TEN)
    first, second = timing.readings(row, at(0.5))

    assert (first.clock.kind, second.clock.kind) == ("reply", "resolve")
    assert (first.spent, first.left, first.share, first.span) == (30 * MINUTE, 30 * MINUTE, 0.5, 60 * MINUTE)
    assert first.explained.total == 60 * MINUTE


def test_a_request_without_a_place_counts_by_the_schools_own_calendar(miao, head):
    row = working.open_request(WISH, by=head, at=at(9))  # 19:00

    assert row.place is None
    assert timing.calendar_of(row).spells_on(TEN.date())


def test_who_was_told_is_not_told_again_after_a_pause(customer, head):
    row = working.open_request(WISH, customer=customer, by=head, at=TEN)
    working.reply(row, text="x", channel="phone", by=head, at=at(0.5))
    Clock.objects.filter(request=row, kind="resolve").update(told=1)
    working.pause(row, why="x", by=head, at=at(1))
    working.resume(row, by=head, at=at(1.5))

    found = Clock.objects.get(request=row, kind="resolve")
    assert (found.told, found.next_at) == (1, found.due_at + timedelta(hours=3))  # an open hour after 12:00 is 15:00
