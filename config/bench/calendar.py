"""E-7: the work calendar against businesstimedelta on the same spans, and against counting minutes.

Both reckon the same week with a lunch break and the same year's holidays; our side begins with an empty memory in each round.
"""
import random
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

import businesstimedelta
import pytz

from config.bench.figures import figure, stopwatch
from crm.calendar import DAY, Calendar, Kind, Plan, Shift, Special, tidy, weekly
from crm.publicdays import public_days

# zones with a day on which their clocks were changed, and one that has none
CHANGES = [("Asia/Shanghai", date(2026, 10, 1)), ("Europe/Berlin", date(2026, 3, 29)), ("Europe/Berlin", date(2026, 10, 25)),
           ("America/New_York", date(2026, 3, 8)), ("America/New_York", date(2026, 11, 1)), ("America/Sao_Paulo", date(2018, 2, 17)),
           ("America/Sao_Paulo", date(2018, 11, 4)), ("Australia/Lord_Howe", date(2026, 4, 5)), ("Australia/Lord_Howe", date(2026, 10, 4))]
MORNING, AFTERNOON = Shift(480, 720), Shift(840, 1050)
MINUTE = timedelta(minutes=1)
SPAN_DAYS, CASES_EACH = 21, 40


def run(cases: int, seed: int = 7) -> None:
    figure("calendar.agreed", cases=cases, seed=seed, wrong=disagreements(cases, seed))
    _race(min(cases, 2000), seed)


def disagreements(cases: int, seed: int) -> int:
    """How many random deadlines and open times differ from counting minutes; other zones' changes of the clock among them."""
    rng, wrong, done = random.Random(seed), 0, 0
    while done < cases:
        name, change = rng.choice(CHANGES)
        zone, begin = ZoneInfo(name), change - timedelta(days=rng.randint(2, 9))
        plan = weekly([_shifts(rng) for _ in range(7)], [_days(rng, begin).get])
        calendar, sums, first = Calendar(zone, plan), _counted(zone, plan, begin), datetime.combine(begin, time.min, UTC)
        for _ in range(min(CASES_EACH, cases - done)):
            since, span = rng.randrange(SPAN_DAYS * DAY * 2 // 3), rng.randint(1, 6000)
            due = bisect_left(sums, sums[since] + span, lo=since)
            if due < len(sums):
                wrong += calendar.due(first + MINUTE * since, MINUTE * span) != first + MINUTE * due
                wrong += calendar.elapsed(first + MINUTE * since, first + MINUTE * due) != MINUTE * span
            done += 1
    return wrong


def _shifts(rng: random.Random) -> tuple[Shift, ...]:
    starts = [rng.randrange(0, DAY - 60) for _ in range(rng.choice((0, 1, 2, 2)))]
    return tidy(Shift(start, min(DAY, start + rng.randint(30, 400))) for start in starts)


def _days(rng: random.Random, begin: date) -> dict[date, Special]:
    return {begin + timedelta(days=rng.randrange(SPAN_DAYS)): Special(rng.choice(list(Kind)[1:]), "", _shifts(rng)) for _ in range(4)}


def _counted(zone: ZoneInfo, plan: Plan, begin: date) -> list[int]:
    """Open minutes up to each minute, counted one by one on the clock of the wall."""
    first = datetime.combine(begin, time.min, UTC)
    walls = ((first + MINUTE * n).astimezone(zone) for n in range(SPAN_DAYS * DAY))
    return [0, *accumulate(any(s.starts <= w.hour * 60 + w.minute < s.ends for s in plan(w.date()).shifts) for w in walls)]


def _race(cases: int, seed: int) -> None:
    """Spans of one hour to ten working days from random moments of 2026."""
    rng, zone = random.Random(seed), ZoneInfo("Asia/Shanghai")
    asked = [(datetime(2026, 1, 1, tzinfo=zone) + MINUTE * rng.randrange(300 * DAY), rng.randint(60, 4500)) for _ in range(cases)]
    holidays = {day: "off" for year in range(2026, 2033) for day, said in public_days(year).items() if said.kind is Kind.HOLIDAY}
    tz = pytz.timezone(zone.key)
    rules = businesstimedelta.Rules([_rule(MORNING, tz), _rule(AFTERNOON, tz), businesstimedelta.HolidayRule(holidays, tz=tz)])
    with stopwatch() as theirs:
        others = [since + businesstimedelta.BusinessTimeDelta(rules, timedelta=MINUTE * span) for since, span in asked]
    days = {day: Special(Kind.HOLIDAY) for day in holidays}
    with stopwatch() as ours:
        calendar = Calendar(zone, weekly([(MORNING, AFTERNOON)] * 5 + [(), ()], [days.get]))
        mine = [calendar.due(since, MINUTE * span) for since, span in asked]
    figure("calendar.due", cases=cases, ratio=round(theirs[0] / ours[0], 1), microseconds=round(ours[0] / cases * 1e6, 1),
           theirs_microseconds=round(theirs[0] / cases * 1e6, 1), different=sum(a != b for a, b in zip(mine, others, strict=True)))


def _rule(shift: Shift, tz: Any) -> Any:
    return businesstimedelta.WorkDayRule(start_time=time(*divmod(shift.starts, 60)), end_time=time(*divmod(shift.ends, 60)),
                                         working_days=[0, 1, 2, 3, 4], tz=tz)
