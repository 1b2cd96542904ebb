"""请求的时限怎么写进列里: replayed from its events, by the calendar of its campus; the columns are what that comes to (B6)."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.calendar import Calendar
from crm.opening import calendars_for
from service_levels.models import Clock, RequestEvent, ServiceRequest
from service_levels.requests import clocks
from service_levels.requests.clocks import Course, Moment, Rules, Verb

Kind, Happened = Clock.Kind, RequestEvent.Verb
# what an event does to each clock; what is not named does nothing
MEANS: Mapping[str, Mapping[str, Verb]] = {
    Kind.FIRST_REPLY: {Happened.OPENED: Verb.START, Happened.REPLIED: Verb.STOP, Happened.RESOLVED: Verb.STOP},
    Kind.RESOLUTION: {Happened.OPENED: Verb.START, Happened.PAUSED: Verb.PAUSE, Happened.RESUMED: Verb.RESUME,
                      Happened.RESOLVED: Verb.STOP, Happened.REOPENED: Verb.REOPEN},
}
RULES = Rules()
COLUMNS = ["due_at", "stopped_at", "spent", "breached_at", "told", "next_at"]


@dataclass(frozen=True)
class Reading:
    """A clock at a moment: how it ran, what it may take, what has counted and what is left of it."""

    clock: Clock
    course: Course
    calendar: Calendar
    at: datetime

    @property
    def span(self) -> timedelta:
        return timedelta(minutes=self.clock.minutes)

    @property
    def spent(self) -> timedelta:
        return clocks.spent(self.course, self.calendar, self.at)

    @property
    def left(self) -> timedelta:
        return self.span - self.spent

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


def calendar_of(request: ServiceRequest) -> Calendar:
    place = request.place.pk if request.place else None
    return calendars_for([place])[place]


def readings(request: ServiceRequest, at: datetime) -> list[Reading]:
    """Both clocks of a request as they stand."""
    events, calendar = list(request.events.all()), calendar_of(request)
    return [Reading(clock, course_of(clock.kind, events), calendar, at) for clock in request.clocks.order_by("kind")]


def wind(request: ServiceRequest) -> None:
    """Write what the events come to into the columns of both clocks and the request's next deadline."""
    events, calendar = list(request.events.all()), calendar_of(request)
    rows = list(request.clocks.select_for_update())
    for clock in rows:
        set_by(clock, course_of(clock.kind, events), calendar)
    Clock.objects.bulk_update(rows, COLUMNS)
    request.due_at = min((clock.due_at for clock in rows if clock.due_at and not clock.stopped_at), default=None)
    request.save(update_fields=["due_at"])


def set_by(clock: Clock, course: Course, calendar: Calendar) -> None:
    """The columns of one clock by its course. What somebody was told stays told: a level is never said twice (SPEC B6)."""
    span = timedelta(minutes=clock.minutes)
    clock.due_at, clock.stopped_at = clocks.due(course, span, calendar), course.stopped
    clock.spent = int(clocks.spent(course, calendar, course.stopped).total_seconds()) if course.stopped else None
    if course.stopped and clock.due_at:  # the events have the last word: an answer at the very moment is in time
        clock.breached_at = clock.due_at if course.stopped > clock.due_at else None
    mark = clocks.next_mark(course, span, calendar, RULES, clock.told)
    clock.next_at = mark.at if mark else None
