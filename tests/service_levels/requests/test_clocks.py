"""时限: replayed from what happened; in open time alone; and the known bugs of others (SPEC §3, rows 10 to 16)."""
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.calendar import Calendar, Kind, Shift, Special, weekly
from service_levels.requests.clocks import (
    Course,
    Mark,
    Moment,
    Rules,
    Verb,
    due,
    during,
    explain,
    left,
    marks,
    moved,
    next_mark,
    replay,
    spent,
)

HERE = ZoneInfo("Asia/Shanghai")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SHIFTS = (Shift(480, 720), Shift(840, 1050))  # 8:00–12:00, 14:00–17:30
START, PAUSE, RESUME, STOP, REOPEN = Verb


def at(day: int, hour: int, minute: int = 0, month: int = 9) -> datetime:
    """A moment of autumn 2026 at the campus; 18 September is a Friday, the 20th a make-up Sunday."""
    return datetime(2026, month, day, hour, minute, tzinfo=HERE)


def office(**special: Special) -> Calendar:
    """Weekdays with a lunch break; Sunday 20 September is worked, 1 to 7 October is off."""
    def layer(day: date) -> Special | None:
        if day == date(2026, 9, 20):
            return Special(Kind.MAKE_UP)
        return Special(Kind.HOLIDAY, "国庆节") if date(2026, 10, 1) <= day <= date(2026, 10, 7) else None
    return Calendar(HERE, weekly([SHIFTS] * 5 + [(), ()], [layer]))


OFFICE = office()
ALWAYS = Calendar(HERE, weekly([(Shift(0, 1440),)] * 7))


def ran(*moments: tuple[datetime, Verb]) -> Course:
    return replay([Moment(*one) for one in moments])


# -- replay ----------------------------------------------------------------------------------------------------------------------
def test_a_clock_runs_from_its_start():
    assert ran((at(18, 9), START)) == Course(at(18, 9))


def test_a_pause_stands_still_and_a_resume_is_a_break():
    assert ran((at(18, 9), START), (at(18, 10), PAUSE)).paused == at(18, 10)
    assert ran((at(18, 9), START), (at(18, 10), PAUSE), (at(18, 11), RESUME)) == Course(at(18, 9), ((at(18, 10), at(18, 11)),))


def test_being_done_and_opened_again_is_a_break_too():
    course = ran((at(18, 9), START), (at(18, 10), STOP), (at(18, 15), REOPEN))

    assert course == Course(at(18, 9), ((at(18, 10), at(18, 15)),))


def test_what_is_done_while_paused_ends_the_pause():
    course = ran((at(18, 9), START), (at(18, 10), PAUSE), (at(18, 11), STOP))

    assert course == Course(at(18, 9), ((at(18, 10), at(18, 11)),), stopped=at(18, 11))


@pytest.mark.parametrize("odd", [
    (at(18, 10), RESUME),
    (at(18, 10), REOPEN),
    (at(18, 10), START),
])
def test_what_cannot_follow_is_passed_over(odd):
    assert ran((at(18, 9), START), odd) == Course(at(18, 9))


def test_a_clock_that_nobody_started_is_none():
    with pytest.raises(ValueError, match="no clock"):
        replay([Moment(at(18, 9), PAUSE)])


def test_the_order_of_writing_does_not_matter():
    rows = [Moment(at(18, 11), RESUME), Moment(at(18, 9), START), Moment(at(18, 10), PAUSE)]

    assert replay(rows) == replay(rows[::-1])


# -- the properties ----------------------------------------------------------------------------------------------------------------
STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda one: one.replace(second=0, microsecond=0, tzinfo=UTC))
SPANS = st.integers(1, 6000).map(lambda n: n * MINUTE)
CALENDARS = st.sampled_from([OFFICE, ALWAYS])


@given(start=STARTS, span=SPANS, calendar=CALENDARS)
def test_what_has_passed_at_the_deadline_is_the_span(start, span, calendar):
    course = Course(start)

    assert spent(course, calendar, due(course, span, calendar)) == span
    assert left(course, span, calendar, due(course, span, calendar)) == timedelta(0)


@given(start=STARTS, span=SPANS, more=st.integers(0, 3000), later=st.integers(0, 3000), calendar=CALENDARS)
def test_a_longer_span_and_a_later_start_are_never_due_earlier(start, span, more, later, calendar):
    first = due(Course(start), span, calendar)

    assert due(Course(start), span + more * MINUTE, calendar) >= first
    assert due(Course(start + later * MINUTE), span, calendar) >= first


@given(start=STARTS, span=SPANS, after=st.integers(0, 5000), length=st.integers(1, 20_000), calendar=CALENDARS)
def test_a_pause_moves_the_deadline_by_exactly_its_open_time(start, span, after, length, calendar):
    begin = start + after * MINUTE
    end = begin + length * MINUTE
    before = due(Course(start), span, calendar)
    paused = due(Course(start, ((begin, end),)), span, calendar)

    if begin >= before:
        assert paused == before
    else:
        assert calendar.elapsed(before, paused) == calendar.elapsed(begin, end)
    assert calendar.elapsed(start, paused, [(begin, end)]) == span


@given(start=STARTS, span=SPANS, after=st.integers(0, 5000), length=st.integers(1, 20_000), calendar=CALENDARS)
def test_moving_a_deadline_by_a_break_is_reckoning_it_anew(start, span, after, length, calendar):
    cut = (start + after * MINUTE, start + (after + length) * MINUTE)

    assert moved(due(Course(start), span, calendar), cut, calendar) == due(Course(start, (cut,)), span, calendar)


@given(start=STARTS, span=SPANS, gaps=st.lists(st.integers(1, 900), min_size=2, max_size=8), calendar=CALENDARS)
def test_the_sum_of_the_lines_is_the_span(start, span, gaps, calendar):
    """However often it was paused and gone on with."""
    moments, moment = [Moment(start, START)], start
    for place, gap in enumerate(gaps):
        moment += gap * MINUTE
        moments.append(Moment(moment, PAUSE if place % 2 == 0 else RESUME))
    course = replay([*moments, Moment(moment + MINUTE, RESUME)])

    assert explain(course, span, calendar).total == span


@given(start=STARTS, span=SPANS, calendar=CALENDARS, warn=st.integers(1, 100), steps=st.lists(st.integers(0, 600), max_size=3))
def test_marks_come_in_their_order_and_never_on_a_closed_day(start, span, calendar, warn, steps):
    rules = Rules(warn, tuple(sorted(steps)))
    found = marks(Course(start), span, calendar, rules)

    assert [mark.level for mark in found] == list(range(len(steps) + 1))
    assert [mark.at for mark in found] == sorted(mark.at for mark in found)
    assert all(calendar.spells_on(mark.at.astimezone(HERE).date()) for mark in found)


# -- the known bugs of others --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("bug", "start", "minutes", "deadline"), [
    ("10: a badge that shows calendar hours", at(18, 16, 40), 360, at(20, 15, 10)),
    ("11: business hours ignored over the weekend", at(25, 17, 0), 60, at(28, 8, 30)),
    ("12: the clock runs through lunch", at(18, 11, 30), 60, at(18, 14, 30)),
    ("12: written outside of hours", at(18, 20, 0), 60, at(20, 9, 0)),
    ("13: an odd holiday feed: the make-up Sunday counts", at(19, 12, 0), 240, at(20, 12, 0)),
    ("13: eight days of holiday do not", at(30, 17, 0), 60, at(8, 8, 30, month=10)),
    ("15: a deadline on closing time is met at closing time", at(18, 14, 0), 210, at(18, 17, 30)),
])
def test_a_deadline_is_in_open_time(bug, start, minutes, deadline):
    assert due(Course(start), minutes * MINUTE, OFFICE) == deadline, bug


def test_a_changed_span_keeps_the_pauses():
    """14: changing the agreement forgets pause time."""
    course = ran((at(18, 9), START), (at(18, 10), PAUSE), (at(18, 11), RESUME))

    assert due(course, 2 * HOUR, OFFICE) == at(18, 12)
    assert due(course, 3 * HOUR, OFFICE) == at(18, 15)


def test_the_deadline_is_reckoned_anew_after_a_pause():
    """12: resolution not recalculated after a pause."""
    course = ran((at(18, 9), START), (at(18, 9, 30), PAUSE))
    assert due(course, HOUR, OFFICE) is None

    assert due(ran((at(18, 9), START), (at(18, 9, 30), PAUSE), (at(20, 10), RESUME)), HOUR, OFFICE) == at(20, 10, 30)


def test_a_pause_over_lunch_takes_no_lunch_away():
    course = ran((at(18, 11), START), (at(18, 11, 30), PAUSE), (at(18, 14, 30), RESUME))

    assert spent(course, OFFICE, at(18, 15)) == HOUR
    assert explain(course, 2 * HOUR, OFFICE).breaks == (((at(18, 11, 30), at(18, 14, 30)), HOUR),)


def test_warnings_and_levels_come_in_working_hours():
    """10: no alert before the breach; 13: reminders at midnight; 14: escalation set to 00:00 instead of working hours."""
    found = marks(Course(at(18, 16, 40)), HOUR, OFFICE, Rules(80, (0, 60, 240)))

    assert found == (Mark(0, at(18, 17, 28)), Mark(1, at(20, 8, 10)), Mark(2, at(20, 9, 10)), Mark(3, at(20, 14, 10)))


def test_nobody_is_told_while_it_stands_still():
    assert marks(ran((at(18, 9), START), (at(18, 10), PAUSE)), HOUR, OFFICE, Rules()) == ()
    assert marks(ran((at(18, 9), START), (at(18, 10), STOP)), HOUR, OFFICE, Rules()) == ()


@pytest.mark.parametrize(("told", "level"), [
    (-1, 0),
    (0, 1),
    (1, 2),
    (2, 3),
    (3, None),
])
def test_each_level_is_told_once(told, level):
    mark = next_mark(Course(at(18, 9)), HOUR, OFFICE, Rules(), told)

    assert (mark.level if mark else None) == level


def test_lateness_is_less_than_nothing_left():
    assert left(Course(at(18, 9)), HOUR, OFFICE, at(18, 10, 18)) == -18 * MINUTE


def test_it_says_line_by_line_why():
    """16: "why is my clock paused?" needs a page of help."""
    found = explain(ran((at(18, 16, 40), START), (at(20, 8, 35), PAUSE), (at(20, 8, 55), RESUME)), 6 * HOUR, OFFICE)

    assert [(line.first.day, line.plan.kind, line.counted) for line in found.lines] == [
        (18, Kind.ORDINARY, 50 * MINUTE), (19, Kind.ORDINARY, timedelta(0)), (20, Kind.MAKE_UP, 310 * MINUTE)]
    assert (found.total, found.breaks) == (6 * HOUR, (((at(20, 8, 35), at(20, 8, 55)), 20 * MINUTE),))


def test_a_paused_clock_says_what_has_counted_so_far():
    found = explain(ran((at(18, 9), START), (at(18, 10), PAUSE)), 6 * HOUR, OFFICE)

    assert found.total == HOUR


def test_an_answer_that_came_while_it_was_paused_is_found():
    """Pause abuse (B6): paused although the parent had answered."""
    spoken = [at(18, 9, 30), at(18, 10), at(18, 10, 30), at(18, 11), at(21, 9)]

    assert during(spoken, (at(18, 10), at(18, 11))) == (at(18, 10), at(18, 10, 30))


def test_what_started_it_came_first_whatever_the_stamps_say():
    course = replay([Moment(at(18, 9), STOP), Moment(at(18, 9, 1), START)])

    assert (course.started, course.stopped) == (at(18, 9, 1), at(18, 9))
