"""今天的到访: what the board shows of a day at a campus, read in a handful of statements however many families come."""
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Prefetch, Sum

from reception import flow, stages, stopwatch
from reception.access import bookings
from reception.briefing import Briefing, age_at, brief
from reception.flow import State
from reception.models import Area, Booking, BriefingPoint, Check, Visit, VisitStep
from reception.models.manual import STAGE_CHOICES
from reception.models.visits import STEP_WORDS
from reception.preparing import Ready, readiness
from reception.queries import of_day, row_of
from reception.stages import Step
from tenancy.models import Campus, Membership

SHOWN = (*flow.COMING, State.ARRIVED, State.OFFERED, State.NO_SHOW)
TARGET = timedelta(minutes=5)  # how long a family should wait at most


@dataclass(frozen=True)
class Card:
    """One family on the board."""

    booking: Booking
    visit: Visit | None
    guardian: str
    child: str
    age: tuple[int, int] | None
    needs: str
    steps: tuple[VisitStep, ...]
    is_early: bool  # the day is still to come: it can be made ready for, and nobody has come

    @property
    def step(self) -> Step:
        """Where the visit is; a booking marked as arrived on the list has arrived."""
        known = Step(self.visit.step) if self.visit else Step.BOOKED
        return Step.ARRIVED if known in (Step.BOOKED, Step.PREPARED) and self.booking.state == State.ARRIVED else known

    @property
    def word(self) -> Any:
        return STEP_WORDS[self.step]

    @property
    def marks(self) -> dict[str, datetime]:
        return {one.step: one.at for one in self.steps}

    @property
    def since(self) -> datetime | None:
        return self.marks.get(self.step)

    @property
    def is_here(self) -> bool:
        return self.step in stages.HERE

    @property
    def waits(self) -> bool:
        return self.step == Step.ARRIVED

    @property
    def next(self) -> Step | None:
        if self.is_early:
            return None
        return stages.usually_next(self.step) if self.booking.state in (*flow.COMING, State.ARRIVED) else None

    @property
    def next_word(self) -> Any:
        return STEP_WORDS[self.next] if self.next else ""

    @property
    def stayed(self) -> str:
        span = stopwatch.stayed(self.marks)
        return "" if span is None else str(int(span.total_seconds() // 60))


@dataclass(frozen=True)
class Column:
    """One of the nine stages as a column: the step that a card takes when it is dropped here, and who is at it."""

    word: Any
    to: Step
    cards: list[Card]


@dataclass(frozen=True)
class Watched:
    """One step of the stopwatch as it is drawn."""

    step: Step
    word: Any
    at: datetime | None
    lasted: str
    is_now: bool


def cards_of(member: Membership, day: date, campus: Campus | None, today: date) -> list[Card]:
    """The day's families by the hour."""
    rows = of_day(bookings(member), day).filter(state__in=SHOWN)
    rows = rows.filter(slot__campus=campus) if campus else rows
    steps = Prefetch("visit__steps", VisitStep.objects.select_related("by").order_by("at", "id"))
    return [card_of(row, day, today) for row in rows.prefetch_related("visit", steps).order_by("starts_at", "id")]


def card_of(row: Booking, day: date, today: date) -> Card:
    visit = getattr(row, "visit", None)
    told = row.lead.told() if row.lead else {}
    shown = row_of(row)
    steps = tuple(visit.steps.all()) if visit else ()
    return Card(row, visit, shown.guardian, shown.child, age_at(str(told.get("birth_month", "")), day), shown.needs, steps, day > today)


def columns_of(cards: list[Card]) -> list[Column]:
    """The day as a board of columns, in the order of the stages."""
    words = dict(STAGE_CHOICES)
    return [Column(words[name], steps[0], [card for card in cards if card.step in steps]) for name, steps in stages.STAGES]


def stamp_of(member: Membership, day: date, campus: Campus | None) -> str:
    """Changes with everything the board shows of a day: asked every few seconds, so that the board itself is read only then."""
    rows = of_day(bookings(member), day)
    rows = rows.filter(slot__campus=campus) if campus else rows
    seen = rows.order_by().aggregate(n=Count("pk"), v=Sum("version"), w=Sum("visit__version"))
    checks = Check.objects.filter(day=day, **({"campus": campus} if campus else {})).aggregate(n=Count("pk"), at=Max("changed_at"))
    told = [seen["n"], seen["v"], seen["w"], checks["n"], checks["at"].timestamp() if checks["at"] else 0]
    return "-".join(str(part or 0) for part in told)


def watch_of(card: Card) -> list[Watched]:
    """The stopwatch; signing only where it took place."""
    lasted = {one.step: one for one in stopwatch.lengths(card.marks)}
    return [Watched(step, STEP_WORDS[step], card.marks.get(step), stopwatch.clock(lasted[step].lasted) if step in lasted else "",
                    step == card.step)
            for step in stages.WATCHED if step != Step.SIGNING or step in card.marks]


def areas_of(card: Card) -> list[tuple[Area, bool]]:
    """Every area of the campus, and whether this family has seen it."""
    seen = set(card.visit.shown.values_list("area_id", flat=True)) if card.visit else set()
    return [(area, area.pk in seen) for area in Area.objects.filter(campus=card.booking.slot.campus_id, is_open=True)]


def briefing_of(card: Card) -> Briefing:
    return brief(card.booking.lead.told() if card.booking.lead else {}, BriefingPoint.objects.all())


def ready_of(cards: list[Card], campus: Campus, day: date) -> Ready:
    first = next((card.booking.starts_at for card in cards if card.booking.channel != "walk_in"), None)
    return readiness(campus, day, first)


def figures_of(cards: list[Card]) -> dict[str, Any]:
    """How many are expected, are in the house, wait; and how long people waited today."""
    wait = stopwatch.spread(stopwatch.waited(card.marks) for card in cards)
    return {"total": sum(card.booking.state != State.NO_SHOW for card in cards), "here": sum(card.is_here for card in cards),
            "waiting": sum(card.waits for card in cards), "wait": stopwatch.clock(wait.median) if wait else "",
            "target": stopwatch.clock(TARGET), "too_long": wait is not None and wait.median > TARGET}
