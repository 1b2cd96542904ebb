"""Controls of the calendar's proof: each planted fault differs from counting minutes, so the comparison would see it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.bench import calendar as bench
from crm.calendar import Calendar, Kind, Shift, Special, Spell, weekly

CASES, SEED = 400, 11


class WithoutLunch(Calendar):
    """The gap between shifts is taken for open time."""

    def spells_on(self, day):
        spells = super().spells_on(day)
        return (Spell(day, spells[0].starts, spells[-1].ends),) if spells else ()


class WithoutClockChanges(Calendar):
    """Every day is taken to last 24 hours from its midnight."""

    def _count_minutes(self, day, shifts):
        start = datetime.combine(day, time.min, self.zone).astimezone(UTC)
        return tuple(
            Spell(day, start + timedelta(minutes=s.starts), start + timedelta(minutes=s.ends)) for s in shifts
        )


class ByTheServersClock(Calendar):
    """Shifts are read as times of UTC."""

    def __init__(self, zone, plan):
        super().__init__(ZoneInfo("UTC"), plan)


class ForgetsTheFirstDay(Calendar):
    """Counting begins on the day after."""

    def spells(self, since, until=None, breaks=()):
        return (
            spell
            for spell in super().spells(since, until, breaks)
            if spell.day > since.astimezone(self.zone).date()
        )


class NeverStops(Calendar):
    """The last spell counts whole."""

    def due(self, since, span, breaks=()):
        at = super().due(since, span, breaks)
        return next(
            (s.ends for s in self.spells_on(at.astimezone(self.zone).date()) if s.starts < at <= s.ends), at
        )


class IgnoresSpecialDays(Calendar):
    """Holidays and openings are as their weekday is."""

    def __init__(self, zone, plan):
        first = date(2001, 1, 1)  # a Monday, long before any special day
        super().__init__(zone, lambda day: plan(first + timedelta(days=day.weekday())))


@pytest.mark.parametrize(
    "fault",
    [
        WithoutLunch,
        WithoutClockChanges,
        ByTheServersClock,
        ForgetsTheFirstDay,
        NeverStops,
        IgnoresSpecialDays,
    ],
)
def test_a_fault_is_seen_by_counting_minutes(monkeypatch, fault):
    monkeypatch.setattr(bench, "Calendar", fault)

    assert bench.disagreements(CASES, SEED) > 0


def test_the_calendar_itself_agrees_on_the_same_cases():
    assert bench.disagreements(CASES, SEED) == 0


def test_the_faults_are_not_seen_where_they_make_no_difference():
    """The control of the controls: a day of one shift in a zone without changes of the clock is the same for all but two."""
    plan = weekly(
        [(Shift(480, 720),)] * 7, [{date(2026, 10, 1): Special(Kind.ORDINARY, "", (Shift(480, 720),))}.get]
    )
    since = datetime(2026, 9, 30, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

    seen = {
        fault.__name__: fault(ZoneInfo("Asia/Shanghai"), plan).due(since, timedelta(hours=5))
        for fault in (Calendar, WithoutLunch, WithoutClockChanges, IgnoresSpecialDays)
    }

    assert set(seen.values()) == {datetime(2026, 10, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))}
