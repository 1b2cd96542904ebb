"""时限: a deadline in open time, replayed from what happened (SPEC B6). Pure.

Nothing of a clock is remembered but the moments it was started, paused, resumed, stopped and opened again. Everything else follows
from them and the work calendar, so a changed calendar can be tried before it is used, and any figure can be shown line by line.
"""
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from crm.calendar import Break, Calendar, Line

ONE_MINUTE = timedelta(minutes=1)
ZERO = timedelta(0)


class Verb(StrEnum):
    """What can happen to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a clock."""

    at: datetime
    verb: Verb


@dataclass(frozen=True)
class Course:
    """How a clock has run so far: since when, with what breaks; ``paused`` and ``stopped`` say since when it stands still, if it does.

    The time between being stopped and opened again is a break like a pause: nobody worked on what was done.
    """

    started: datetime
    breaks: tuple[Break, ...] = ()
    paused: datetime | None = None
    stopped: datetime | None = None

    @property
    def stands(self) -> datetime | None:
        """Since when it does not run."""
        return self.stopped or self.paused


@dataclass(frozen=True)
class Rules:
    """When somebody is told: at so many per cent of the span, and so many open minutes after the deadline for each level."""

    warn: int = 80
    levels: tuple[int, ...] = (0, 60, 240)


@dataclass(frozen=True)
class Mark:
    """A moment at which somebody is told: level 0 warns, 1 to 3 say that it is late."""

    level: int
    at: datetime


def replay(moments: Iterable[Moment]) -> Course:
    """The course of a clock from what happened to it, in order. What cannot follow what was before is passed over.

    Raises ValueError where nothing has started it.
    """
    course: Course | None = None
    for moment in sorted(moments, key=lambda one: (one.verb is not Verb.START, one.at)):  # what was started was started first
        course = Course(moment.at) if course is None and moment.verb is Verb.START else course and _next(course, moment)
    if course is None:
        raise ValueError("no clock was started")
    return course


def _next(course: Course, moment: Moment) -> Course:
    running = course.stands is None
    if moment.verb is Verb.PAUSE and running:
        return Course(course.started, course.breaks, paused=moment.at)
    if moment.verb is Verb.STOP and course.stopped is None:
        return Course(course.started, _with(course, course.paused, moment.at), stopped=moment.at)
    if moment.verb is Verb.RESUME and course.paused or moment.verb is Verb.REOPEN and course.stopped:
        return Course(course.started, _with(course, course.stands, moment.at))
    return course


def _with(course: Course, since: datetime | None, until: datetime) -> tuple[Break, ...]:
    return (*course.breaks, (since, until)) if since is not None and since < until else course.breaks


def spent(course: Course, calendar: Calendar, at: datetime) -> timedelta:
    """The open time that has counted up to a moment, or to where the clock stands still."""
    return calendar.elapsed(course.started, min(at, course.stands) if course.stands else at, course.breaks)


def due(course: Course, span: timedelta, calendar: Calendar) -> datetime | None:
    """The deadline; none while it is paused, since nobody knows when it will go on. A stopped clock keeps the one it had."""
    return None if course.paused else calendar.due(course.started, span, course.breaks)


def moved(deadline: datetime, cut: Break, calendar: Calendar) -> datetime:
    """A deadline after a break: later by the open time that the break took, unless it was over when the break began.

    Where the calendar is what it was, that is what reckoning anew comes to; where it has changed, the promise is kept as it was made.
    """
    return deadline if cut[0] >= deadline else calendar.due(deadline, calendar.elapsed(*cut))


def left(course: Course, span: timedelta, calendar: Calendar, at: datetime) -> timedelta:
    """The open time that is left, less than nothing when it is late."""
    return span - spent(course, calendar, at)


def marks(course: Course, span: timedelta, calendar: Calendar, rules: Rules, promised: datetime | None = None) -> tuple[Mark, ...]:
    """When somebody will be told; nobody while it stands still. All in open time: nobody is woken at midnight or on a Sunday.

    The levels follow the deadline that was ``promised``, where there is one: a calendar that changed since does not move it, until
    somebody approves that.
    """
    if course.stands:
        return ()
    deadline = promised or calendar.due(course.started, span, course.breaks)
    warning = min(calendar.due(course.started, span * rules.warn / 100, course.breaks), deadline)
    after = (calendar.due(deadline, ONE_MINUTE * minutes, course.breaks) for minutes in rules.levels)
    return tuple(Mark(level, at) for level, at in enumerate((warning, *after)))


def next_mark(course: Course, span: timedelta, calendar: Calendar, rules: Rules, told: int,
              promised: datetime | None = None) -> Mark | None:
    """The first mark that has not been told yet; ``told`` is the last level that was, -1 for none."""
    return next((mark for mark in marks(course, span, calendar, rules, promised) if mark.level > told), None)


@dataclass(frozen=True)
class Sum:
    """Why the deadline is what it is: the lines of open time that add up to the span, and the breaks taken out of them."""

    lines: tuple[Line, ...]
    breaks: tuple[tuple[Break, timedelta], ...] = field(default=())

    @property
    def total(self) -> timedelta:
        return self.lines[-1].total if self.lines else ZERO


def explain(course: Course, span: timedelta, calendar: Calendar) -> Sum:
    """Line by line from the start to the deadline, or to where a paused clock stands; each break with the open time it took."""
    until = due(course, span, calendar) or course.paused or course.started
    cuts = [one for one in course.breaks if one[0] < until]
    return Sum(tuple(calendar.explain(course.started, until, cuts)), tuple((one, calendar.elapsed(*one)) for one in cuts))


def during(moments: Iterable[datetime], cut: Break) -> tuple[datetime, ...]:
    """Of some moments those that fell into a break: the parent had answered, and the clock stood still (B6)."""
    begin, end = cut
    return tuple(one for one in moments if begin <= one < end)
