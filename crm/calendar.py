"""园历: the work calendar as one kernel (SPEC B5, DESIGN §7). Pure: open spells in UTC, and what follows from them.

Lunch is a gap between shifts; a holiday has no shifts; a 调休 Saturday has a weekday's; a campus may close or open on its own.
A minute is open when the clock on the campus's wall shows a time of one of the day's shifts.
"""
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

DAY = 24 * 60
ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)
ZERO = timedelta(0)
PATIENCE = 400  # days without an open minute after which a calendar counts as one that never opens

Break = tuple[datetime, datetime]


class Kind(StrEnum):
    """Why a day has the shifts it has."""

    ORDINARY = "ordinary"
    HOLIDAY = "holiday"    # 放假
    MAKE_UP = "make_up"    # 调休上班
    BREAK = "break"        # 寒暑假
    CLOSURE = "closure"    # 闭园
    OPENING = "opening"    # 加开


class NeverOpen(ValueError):
    """A deadline was asked of a calendar that has no open time in more than a year."""


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """班次: from one minute of the day up to, not including, another; 0 to 1440."""

    starts: int
    ends: int

    def __str__(self) -> str:
        return f"{clock(self.starts)}–{clock(self.ends)}"


Shifts = tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What a date is: its kind, the name it goes by, its shifts. No shifts: closed."""

    kind: Kind
    name: str
    shifts: Shifts


@dataclass(frozen=True, slots=True)
class Special:
    """What somebody said of a date. ``shifts`` None: none on a closed day, a weekday's on a make-up day."""

    kind: Kind
    name: str = ""
    shifts: Shifts | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """An open stretch of one date, both ends in UTC."""

    day: date
    starts: datetime
    ends: datetime

    @property
    def length(self) -> timedelta:
        return self.ends - self.starts


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum a deadline comes to: days of one sort, how much of them counts, and the sum so far."""

    first: date
    last: date
    plan: DayPlan
    spells: tuple[Spell, ...]
    counted: timedelta
    total: timedelta

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


Plan = Callable[[date], DayPlan]
Layer = Callable[[date], Special | None]


def weekly(week: Sequence[Shifts], layers: Sequence[Layer] = (), make_up_like: int = 0) -> Plan:
    """Days by their weekday (Monday first), unless a layer knows better; the first layer that knows a day decides.

    A make-up day without shifts of its own has those of the weekday ``make_up_like``.
    """
    ordinary = [DayPlan(Kind.ORDINARY, "", tidy(shifts)) for shifts in week]

    def plan(day: date) -> DayPlan:
        said = next((found for layer in layers if (found := layer(day)) is not None), None)
        if said is None:
            return ordinary[day.weekday()]
        usual = ordinary[make_up_like].shifts if said.kind is Kind.MAKE_UP else ()
        return DayPlan(said.kind, said.name, usual if said.shifts is None else tidy(said.shifts))
    return plan


@dataclass(frozen=True)
class Calendar:
    """The open time of one campus. Everything follows from ``spells``; all answers are in UTC."""

    zone: ZoneInfo
    plan: Plan
    _known: dict[date, tuple[Spell, ...]] = field(default_factory=dict, compare=False, repr=False)

    def spells_on(self, day: date) -> tuple[Spell, ...]:
        """The open spells of one date, in order."""
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self._reckon(day)
        return known

    def spells(self, since: datetime, until: datetime | None = None, breaks: Iterable[Break] = ()) -> Iterator[Spell]:
        """Open spells from a moment on, without the breaks, up to ``until``. Raises NeverOpen when none comes for a year."""
        at, day, closed = since.astimezone(UTC), since.astimezone(self.zone).date(), 0
        end = until and until.astimezone(UTC)
        if end is not None and end <= at:
            return
        cuts = sorted((a.astimezone(UTC), b.astimezone(UTC)) for a, b in breaks if a < b)
        last = end and end.astimezone(self.zone).date()
        while last is None or day <= last:
            today = self.spells_on(day)
            for spell in today:
                if spell.ends > at and (end is None or spell.starts < end):
                    whole = spell if at <= spell.starts and (end is None or spell.ends <= end) else Spell(
                        day, max(spell.starts, at), min(spell.ends, end) if end else spell.ends)
                    yield from _without(whole, cuts) if cuts else (whole,)
            closed = 0 if today else closed + 1
            if closed > PATIENCE and last is None:
                raise NeverOpen("这份园历一年多里没有开放的时间")
            day += ONE_DAY

    def is_open(self, at: datetime) -> bool:
        return any(s.starts <= at < s.ends for s in self.spells_on(at.astimezone(self.zone).date()))

    def next_open(self, at: datetime) -> datetime:
        """The moment itself when open, else the first one that is."""
        return next(self.spells(at)).starts

    def due(self, since: datetime, span: timedelta, breaks: Iterable[Break] = ()) -> datetime:
        """When ``span`` of open time has passed since a moment. A deadline may fall on a closing time."""
        left = span
        if left <= ZERO:
            return since.astimezone(UTC)
        for spell in self.spells(since, breaks=breaks):
            if left <= spell.ends - spell.starts:
                return spell.starts + left
            left -= spell.ends - spell.starts
        raise NeverOpen  # spells end only by raising

    def elapsed(self, since: datetime, until: datetime, breaks: Iterable[Break] = ()) -> timedelta:
        """The open time between two moments; none when they are the wrong way round."""
        return sum((spell.length for spell in self.spells(since, until, breaks)), ZERO)

    def explain(self, since: datetime, until: datetime, breaks: Iterable[Break] = ()) -> list[Line]:
        """Line by line what the open time between two moments is made of; like days in a row make one line."""
        cuts = tuple(breaks)
        counted: dict[date, list[Spell]] = {}
        for spell in self.spells(since, until, cuts):
            counted.setdefault(spell.day, []).append(spell)
        first, last = (moment.astimezone(self.zone).date() for moment in (since, until))
        days = [first + ONE_DAY * n for n in range((last - first).days + 1)]
        lines, total = [], ZERO
        for _, run in groupby(days, key=lambda day: self._shape(day, counted.get(day, []))):
            held = list(run)
            spells = tuple(spell for day in held for spell in counted.get(day, []))
            worth = sum((spell.length for spell in spells), ZERO)
            total += worth
            lines.append(Line(held[0], held[-1], self.plan(held[0]), spells, worth, total))
        return lines

    def _shape(self, day: date, counted: list[Spell]) -> tuple[object, ...]:
        """What two neighbouring days must share to stand on one line: a day that counts in part stands alone."""
        plan = self.plan(day)
        whole = tuple(counted) == self.spells_on(day)
        return plan.kind, plan.name, plan.shifts, None if whole else day

    def _reckon(self, day: date) -> tuple[Spell, ...]:
        shifts = self.plan(day).shifts
        midnight = datetime.combine(day, time.min)
        offset = midnight.replace(tzinfo=self.zone).utcoffset() or ZERO
        if offset != (midnight + ONE_DAY).replace(tzinfo=self.zone).utcoffset():
            return self._count_minutes(day, shifts)
        start = (midnight - offset).replace(tzinfo=UTC)
        return tuple(Spell(day, start + ONE_MINUTE * s.starts, start + ONE_MINUTE * s.ends) for s in shifts)

    def _count_minutes(self, day: date, shifts: Shifts) -> tuple[Spell, ...]:
        """A day on which the clocks are changed: minute by minute, as the clock on the wall shows it."""
        first = datetime.combine(day, time.min, UTC) - ONE_DAY
        spells: list[Spell] = []
        for minute in (first + ONE_MINUTE * n for n in range(3 * DAY)):
            wall = minute.astimezone(self.zone)
            shown = wall.hour * 60 + wall.minute
            if wall.date() != day or not any(s.starts <= shown < s.ends for s in shifts):
                continue
            if spells and spells[-1].ends == minute:
                spells[-1] = Spell(day, spells[-1].starts, minute + ONE_MINUTE)
            else:
                spells.append(Spell(day, minute, minute + ONE_MINUTE))
        return tuple(spells)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """静默时段: when nobody is written to. May pass midnight; equal ends mean there is none."""

    starts: time
    ends: time

    def holds(self, at: datetime, zone: ZoneInfo) -> bool:
        now = at.astimezone(zone).time()
        if self.starts <= self.ends:
            return self.starts <= now < self.ends
        return now >= self.starts or now < self.ends

    def over(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The moment itself, or the end of the quiet hours it falls into; in UTC."""
        if not self.holds(at, zone):
            return at.astimezone(UTC)
        here = at.astimezone(zone)
        day = here.date() if here.time() < self.ends else here.date() + ONE_DAY
        return datetime.combine(day, self.ends, zone).astimezone(UTC)

    def before(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The moment itself, or the beginning of the quiet hours it falls into; in UTC."""
        if not self.holds(at, zone):
            return at.astimezone(UTC)
        here = at.astimezone(zone)
        day = here.date() if here.time() >= self.starts else here.date() - ONE_DAY
        return datetime.combine(day, self.starts, zone).astimezone(UTC)


def tidy(shifts: Iterable[Shift]) -> Shifts:
    """In order, those that touch or overlap made one, empty ones dropped."""
    neat: list[Shift] = []
    for shift in sorted(s for s in shifts if s.starts < s.ends):
        if neat and shift.starts <= neat[-1].ends:
            neat[-1] = Shift(neat[-1].starts, max(neat[-1].ends, shift.ends))
        else:
            neat.append(shift)
    return tuple(neat)


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _without(spell: Spell, cuts: Sequence[Break]) -> Iterator[Spell]:
    """What is left of a spell when the cuts, in order, are taken out of it."""
    start = spell.starts
    for begin, end in cuts:
        if begin >= spell.ends:
            break
        if begin > start:
            yield Spell(spell.day, start, begin)
        start = max(start, end)
        if start >= spell.ends:
            return
    if start < spell.ends:
        yield Spell(spell.day, start, spell.ends)
