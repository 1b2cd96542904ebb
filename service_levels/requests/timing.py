"""请求的时限怎么写进列里: replayed from its events, by the calendar of its campus; the columns are what that comes to (B6)."""
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.calendar import Break, Calendar
from crm.opening import calendars_for
from service_levels.models import Clock, ClockRules, RequestEvent, ServiceRequest
from service_levels.requests import clocks
from service_levels.requests.clocks import Course, Moment, Rules, Verb

Kind, Happened = Clock.Kind, RequestEvent.Verb
# what an event does to each clock; what is not named does nothing
MEANS: Mapping[str, Mapping[str, Verb]] = {
    Kind.FIRST_REPLY: {Happened.OPENED: Verb.START, Happened.REPLIED: Verb.STOP, Happened.RESOLVED: Verb.STOP},
    Kind.RESOLUTION: {Happened.OPENED: Verb.START, Happened.PAUSED: Verb.PAUSE, Happened.RESUMED: Verb.RESUME,
                      Happened.RESOLVED: Verb.STOP, Happened.REOPENED: Verb.REOPEN},
}
COLUMNS = ["due_at", "stopped_at", "spent", "breached_at", "told", "next_at"]


def told_by() -> ClockRules:
    """The school's rules, or what a school begins with."""
    return ClockRules.objects.first() or ClockRules()


def rules(row: ClockRules | None = None) -> Rules:
    """When somebody is told, for the reckoning."""
    row = row or told_by()
    return Rules(row.warn, tuple(minutes for minutes in (0, row.second_after, row.third_after) if minutes is not None))


def span_of(clock: Clock) -> timedelta:
    return timedelta(minutes=clock.minutes)


@dataclass(frozen=True)
class Reading:
    """A clock at a moment: how it ran, what it may take, what has counted and what is left of it."""

    clock: Clock
    course: Course
    calendar: Calendar
    at: datetime

    @property
    def span(self) -> timedelta:
        return span_of(self.clock)

    @property
    def spent(self) -> timedelta:
        return clocks.spent(self.course, self.calendar, self.at)

    @property
    def left(self) -> timedelta:
        return self.span - self.spent

    @property
    def paused(self) -> bool:
        return self.course.paused is not None

    @property
    def share(self) -> float:
        """How much of the span has been used; more than 1 when it is late."""
        return self.spent / self.span

    @property
    def explained(self) -> clocks.Sum:
        return clocks.explain(self.course, self.span, self.calendar)


def course_of(kind: str, events: Iterable[RequestEvent]) -> Course:
    """How a clock of this kind ran, by what happened to its request."""
    means = MEANS[kind]
    return clocks.replay([Moment(event.at, means[event.verb]) for event in events if event.verb in means])


def courses(rows: Sequence[Clock]) -> Iterator[tuple[Clock, Course, Calendar]]:
    """Many clocks, each with its course and its campus's calendar; the number of queries does not grow with them."""
    requests = ServiceRequest.objects.select_related("customer__campus", "campus", "owner").in_bulk({row.request_id for row in rows})
    events: dict[int, list[RequestEvent]] = {pk: [] for pk in requests}
    for event in RequestEvent.objects.filter(request__in=requests).only("request_id", "at", "verb").order_by("at", "id"):
        events[event.request_id].append(event)
    calendars = calendars_for({row.place.pk if row.place else None for row in requests.values()})
    for clock in rows:
        clock.request = requests[clock.request_id]
        place = clock.request.place
        yield clock, course_of(clock.kind, events[clock.request_id]), calendars[place.pk if place else None]


def calendar_of(request: ServiceRequest) -> Calendar:
    place = request.place.pk if request.place else None
    return calendars_for([place])[place]


def readings(request: ServiceRequest, at: datetime) -> list[Reading]:
    """Both clocks of a request as they stand."""
    events, calendar = list(request.events.all()), calendar_of(request)
    return [Reading(clock, course_of(clock.kind, events), calendar, at) for clock in request.clocks.order_by("kind")]


def wind(request: ServiceRequest) -> None:
    """Write what the last event came to into the columns of both clocks and the request's next deadline."""
    events, calendar = list(request.events.order_by("id")), calendar_of(request)  # the clocks of two servers may differ a little
    rows, running, ruled = list(request.clocks.select_for_update()), [], rules()
    for clock in rows:
        course = course_of(clock.kind, events)
        before = course_of(clock.kind, events[:-1]).breaks if len(events) > 1 else ()
        set_by(clock, course, calendar, ruled, new=course.breaks[len(before):])
        if course.stands is None and clock.due_at is not None:
            running.append(clock.due_at)
    Clock.objects.bulk_update(rows, COLUMNS)
    request.due_at = min(running, default=None)
    request.save(update_fields=["due_at"])


def set_by(clock: Clock, course: Course, calendar: Calendar, ruled: Rules, *, new: Iterable[Break] = ()) -> None:
    """The columns of one clock by its course. A deadline that was promised moves by ``new`` breaks and by nothing else (B6).

    What somebody was told stays told: a level is never said twice.
    """
    span = span_of(clock)
    deadline = clock.due_at or calendar.due(course.started, span, course.breaks)
    for cut in new if clock.due_at else ():
        deadline = clocks.moved(deadline, cut, calendar)
    clock.due_at, clock.stopped_at = deadline, course.stopped
    clock.spent = int(clocks.spent(course, calendar, course.stopped).total_seconds()) if course.stopped else None
    if course.stopped:  # the events have the last word: an answer at the very moment is in time
        clock.breached_at = deadline if course.stopped > deadline else None
    mark = clocks.next_mark(course, span, calendar, ruled, clock.told, deadline)
    clock.next_at = mark.at if mark else None
