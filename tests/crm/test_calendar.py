"""The calendar kernel: open spells, deadlines and their sums, against counting minutes; in other zones, too."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crm.calendar import Calendar, DayPlan, Kind, NeverOpen, QuietHours, Shift, Special, clock, tidy, weekly

CHINA = ZoneInfo("Asia/Shanghai")
MORNING, AFTERNOON = Shift(480, 720), Shift(840, 1050)
OFFICE = [(MORNING, AFTERNOON)] * 5 + [(), ()]
ZONES = [
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
]
MINUTE = timedelta(minutes=1)


def here(text: str, zone: ZoneInfo = CHINA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def told(calendar: Calendar, since: str, until: str) -> list[tuple]:
    return [
        (line.first.isoformat(), line.days, line.plan.kind.value, line.counted, line.total)
        for line in calendar.explain(here(since), here(until))
    ]


@pytest.fixture
def office() -> Calendar:
    return Calendar(CHINA, weekly(OFFICE))


@pytest.fixture
def autumn() -> Calendar:
    """National Day of 2026 with its make-up Saturday, as in a kindergarten."""
    days = {date(2026, 10, n): Special(Kind.HOLIDAY, "国庆节") for n in range(1, 8)} | {
        date(2026, 10, 10): Special(Kind.MAKE_UP)
    }
    return Calendar(CHINA, weekly(OFFICE, [days.get]))


# -- what is open ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-27T07:59", False),
        ("2026-11-27T08:00", True),
        ("2026-11-27T11:59", True),
        ("2026-11-27T12:00", False),
        ("2026-11-27T13:59", False),
        ("2026-11-27T14:00", True),
        ("2026-11-27T17:29", True),
        ("2026-11-27T17:30", False),
        ("2026-11-28T10:00", False),
        ("2026-11-30T10:00", True),
    ],
)
def test_lunch_is_a_gap_and_the_weekend_has_no_shifts(office, at, is_open):
    assert office.is_open(here(at)) == is_open


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-27T09:00", "2026-11-27T09:00"),
        ("2026-11-27T12:10", "2026-11-27T14:00"),
        ("2026-11-27T17:30", "2026-11-30T08:00"),
        ("2026-11-28T00:00", "2026-11-30T08:00"),
    ],
)
def test_the_next_open_moment_is_now_or_when_the_next_shift_begins(office, at, opens):
    assert office.next_open(here(at)) == here(opens)


def test_a_holiday_has_no_shifts_and_a_make_up_saturday_has_a_weekdays(autumn):
    assert [autumn.is_open(here(f"2026-10-{day:02d}T10:00")) for day in (1, 7, 8, 10, 11)] == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert autumn.plan(date(2026, 10, 10)) == DayPlan(Kind.MAKE_UP, "", (MORNING, AFTERNOON))


def test_a_make_up_day_follows_the_weekday_that_the_school_names():
    week = [(), (AFTERNOON,), *[(MORNING,)] * 5]

    plan = weekly(week, [{date(2026, 10, 10): Special(Kind.MAKE_UP)}.get], make_up_like=1)

    assert plan(date(2026, 10, 10)).shifts == (AFTERNOON,)


def test_the_first_layer_that_knows_a_day_decides():
    campus = {date(2026, 10, 10): Special(Kind.CLOSURE, "修水管")}
    state = {date(2026, 10, 10): Special(Kind.MAKE_UP)}

    plan = weekly(OFFICE, [campus.get, state.get])

    assert plan(date(2026, 10, 10)) == DayPlan(Kind.CLOSURE, "修水管", ())


def test_an_opening_has_the_hours_it_says():
    plan = weekly(OFFICE, [{date(2026, 11, 28): Special(Kind.OPENING, "开放日", (Shift(540, 660),))}.get])

    calendar = Calendar(CHINA, plan)

    assert calendar.next_open(here("2026-11-27T18:00")) == here("2026-11-28T09:00")


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ([], ()),
        ([Shift(10, 20)], (Shift(10, 20),)),
        ([Shift(20, 30), Shift(10, 20)], (Shift(10, 30),)),
        ([Shift(10, 25), Shift(20, 30)], (Shift(10, 30),)),
        ([Shift(10, 40), Shift(20, 30)], (Shift(10, 40),)),
        ([Shift(10, 10)], ()),
        ([Shift(30, 20)], ()),
        ([Shift(10, 15), Shift(20, 30)], (Shift(10, 15), Shift(20, 30))),
    ],
)
def test_shifts_are_put_in_order_and_those_that_touch_become_one(given_, kept):
    assert tidy(given_) == kept


@pytest.mark.parametrize(
    ("minute", "shown"), [(0, "00:00"), (59, "00:59"), (480, "08:00"), (1439, "23:59"), (1440, "24:00")]
)
def test_a_minute_of_the_day_is_written_as_on_a_clock(minute, shown):
    assert clock(minute) == shown


# -- deadlines --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("since", "hours", "due"),
    [
        ("2026-11-27T09:00", 0, "2026-11-27T09:00"),  # nothing to wait for
        ("2026-11-27T09:00", 1, "2026-11-27T10:00"),
        ("2026-11-27T11:30", 1, "2026-11-27T14:30"),  # over lunch
        ("2026-11-27T08:00", 7.5, "2026-11-27T17:30"),  # the whole day, to the minute it closes
        ("2026-11-27T17:00", 1, "2026-11-30T08:30"),  # over the weekend
        ("2026-11-28T03:00", 1, "2026-11-30T09:00"),  # begun while closed
    ],
)
def test_a_deadline_counts_open_time_only(office, since, hours, due):
    assert office.due(here(since), timedelta(hours=hours)) == here(due)


def test_a_deadline_runs_over_a_holiday_into_the_make_up_saturday(autumn):
    assert autumn.due(here("2026-09-30T17:00"), timedelta(hours=16)) == here("2026-10-10T08:30")


def test_a_deadline_is_explained_line_by_line_and_the_lines_add_up(autumn):
    assert told(autumn, "2026-09-30T16:30", "2026-10-10T09:00") == [
        ("2026-09-30", 1, "ordinary", timedelta(hours=1), timedelta(hours=1)),
        ("2026-10-01", 7, "holiday", timedelta(0), timedelta(hours=1)),
        ("2026-10-08", 2, "ordinary", timedelta(hours=15), timedelta(hours=16)),
        ("2026-10-10", 1, "make_up", timedelta(hours=1), timedelta(hours=17)),
    ]


def test_days_of_one_sort_in_a_row_make_one_line(office):
    assert told(office, "2026-11-02T08:00", "2026-11-13T17:30") == [
        ("2026-11-02", 5, "ordinary", timedelta(hours=37.5), timedelta(hours=37.5)),
        ("2026-11-07", 2, "ordinary", timedelta(0), timedelta(hours=37.5)),
        ("2026-11-09", 5, "ordinary", timedelta(hours=37.5), timedelta(hours=75)),
    ]


def test_a_pause_takes_the_time_out_of_the_sum(office):
    paused = [(here("2026-11-27T09:00"), here("2026-11-27T10:00"))]

    assert office.due(here("2026-11-27T08:00"), timedelta(hours=3), paused) == here("2026-11-27T12:00")
    assert office.elapsed(here("2026-11-27T08:00"), here("2026-11-27T12:00"), paused) == timedelta(hours=3)


def test_pauses_that_overlap_or_lie_in_closed_time_count_once():
    calendar = Calendar(CHINA, weekly(OFFICE))
    pauses = [
        (here("2026-11-27T09:00"), here("2026-11-27T10:00")),
        (here("2026-11-27T09:30"), here("2026-11-27T10:30")),
        (here("2026-11-27T12:00"), here("2026-11-27T14:00")),
        (here("2026-11-27T16:00"), here("2026-11-27T16:00")),
    ]

    assert calendar.elapsed(here("2026-11-27T08:00"), here("2026-11-27T17:30"), pauses) == timedelta(hours=6)


def test_nothing_passes_between_two_moments_the_wrong_way_round(office):
    assert office.elapsed(here("2026-11-27T10:00"), here("2026-11-27T09:00")) == timedelta(0)


def test_a_calendar_that_never_opens_says_so_instead_of_searching_for_ever():
    shut = Calendar(CHINA, weekly([()] * 7))

    with pytest.raises(NeverOpen):
        shut.due(here("2026-11-27T10:00"), timedelta(hours=1))
    with pytest.raises(NeverOpen):
        shut.next_open(here("2026-11-27T10:00"))
    assert shut.elapsed(here("2026-11-27T10:00"), here("2028-11-27T10:00")) == timedelta(0)


FRIDAY = date(2026, 11, 27)


def opening_after(closed: int, *, opened_before: bool = False) -> Calendar:
    """Closed for so many days from that Friday on, or from the day after it, then open for a morning."""
    days = [FRIDAY + timedelta(days=closed + opened_before), *([FRIDAY] if opened_before else [])]
    return Calendar(CHINA, weekly([()] * 7, [dict.fromkeys(days, Special(Kind.OPENING, shifts=(MORNING,))).get]))


def test_a_calendar_is_waited_for_four_hundred_closed_days_and_no_longer():
    with pytest.raises(NeverOpen, match="^这份园历一年多里没有开放的时间$"):
        opening_after(401).next_open(here("2026-11-27T00:00"))

    assert opening_after(400).next_open(here("2026-11-27T00:00")) == here("2026-11-27T08:00") + timedelta(days=400)


def test_an_open_day_begins_the_waiting_anew():
    calendar = opening_after(400, opened_before=True)

    assert calendar.due(here("2026-11-27T00:00"), timedelta(hours=5)) == here("2026-11-27T09:00") + timedelta(days=401)


def test_a_span_of_nothing_is_over_at_once_even_while_closed(office):
    assert office.due(here("2026-11-28T10:00"), timedelta(0)) == here("2026-11-28T10:00")


@pytest.mark.parametrize(("since", "until"), [("10:00", "10:00"), ("12:00", "14:00"), ("07:00", "08:00"), ("17:30",
        "23:00")])
def test_no_spell_lies_between_two_moments_that_only_touch_open_time(office, since, until):
    assert list(office.spells(here(f"2026-11-27T{since}"), here(f"2026-11-27T{until}"))) == []


@pytest.mark.parametrize(("pause", "left"), [
    (("08:00", "09:00"), [("09:00", "12:00")]), (("11:00", "12:00"), [("08:00", "11:00")]), (("08:00", "12:00"), []),
    (("09:00", "10:00"), [("08:00", "09:00"), ("10:00", "12:00")]), (("10:00", "10:00"), [("08:00", "12:00")]),
    (("07:00", "08:00"), [("08:00", "12:00")]), (("12:00", "13:00"), [("08:00", "12:00")])])
def test_what_a_pause_leaves_of_a_morning_has_no_empty_ends(office, pause, left):
    cut = tuple(here(f"2026-11-27T{end}") for end in pause)

    spells = office.spells(here("2026-11-27T00:00"), here("2026-11-27T13:00"), [cut])

    assert [(s.starts, s.ends) for s in spells] == [tuple(here(f"2026-11-27T{end}") for end in pair) for pair in left]


def test_a_calendar_is_told_by_its_zone_and_plan_not_by_what_it_has_worked_out_so_far(office):
    same = Calendar(office.zone, office.plan)
    office.spells_on(FRIDAY)

    assert office == same and repr(office) == repr(same)


def test_a_make_up_day_has_mondays_shifts_unless_the_school_says_otherwise():
    week = [(Shift(60 * n, 60 * n + 30),) for n in range(1, 8)]
    plan = weekly(week, [{FRIDAY: Special(Kind.MAKE_UP, "补课")}.get])

    assert plan(FRIDAY) == DayPlan(Kind.MAKE_UP, "补课", week[0])


def test_an_ordinary_day_has_no_name_and_shifts_read_as_on_a_clock():
    plan = weekly(OFFICE)(FRIDAY)

    assert (plan.kind, plan.name, [str(shift) for shift in plan.shifts]) == (Kind.ORDINARY, "",
            ["08:00–12:00", "14:00–17:30"])


def test_the_kinds_of_days_are_what_is_stored():
    assert [str(kind) for kind in Kind] == ["ordinary", "holiday", "make_up", "break", "closure", "opening"]


# -- days on which the clocks are changed --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 7, 1), 24),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),  # midnight itself is left out
        ("America/Sao_Paulo", date(2018, 2, 17), 25),  # the last hour of the day comes twice
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Asia/Shanghai", date(2026, 10, 25), 24),
        ("Pacific/Apia", date(2011, 12, 30), 0),  # a date that never was
    ],
)
def test_a_day_that_is_open_round_the_clock_lasts_as_long_as_it_does(zone, day, hours):
    calendar = Calendar(ZoneInfo(zone), weekly([(Shift(0, 1440),)] * 7))

    assert sum((s.length for s in calendar.spells_on(day)), timedelta(0)) == timedelta(hours=hours)


def test_an_hour_that_comes_twice_is_open_twice():
    berlin = ZoneInfo("Europe/Berlin")
    calendar = Calendar(berlin, weekly([(Shift(120, 150),)] * 7))

    spells = calendar.spells_on(date(2026, 10, 25))

    assert [(s.starts.time(), s.ends.time()) for s in spells] == [
        (time(0, 0), time(0, 30)),
        (time(1, 0), time(1, 30)),
    ]


# -- against counting minutes ---------------------------------------------------------------------------------------------------
shifts = st.lists(st.tuples(st.integers(0, 95), st.integers(1, 40)), max_size=3).map(
    lambda pairs: tidy(Shift(start * 15, min(1440, (start + length) * 15)) for start, length in pairs)
)
weeks = st.lists(shifts, min_size=7, max_size=7)
specials = st.dictionaries(
    st.integers(0, 20), st.tuples(st.sampled_from(list(Kind)[1:]), st.none() | shifts), max_size=6
)
BEGINS = [
    date(2026, 3, 25),
    date(2026, 10, 20),
    date(2018, 10, 30),
    date(2026, 4, 1),
    date(2026, 2, 10),
]  # near changes of the clocks


class Counted:
    """The slow reference: three weeks of minutes, each asked whether the clock on the wall shows a time of a shift."""

    def __init__(self, zone: ZoneInfo, plan, begin: date) -> None:
        self.first = datetime.combine(begin, time.min, UTC)
        self.open = []
        for number in range(21 * 1440):
            wall = (self.first + MINUTE * number).astimezone(zone)
            shown = wall.hour * 60 + wall.minute
            self.open.append(any(s.starts <= shown < s.ends for s in plan(wall.date()).shifts))
        self.sums = [0, *accumulate(self.open)]

    def elapsed(self, since: int, until: int) -> int:
        return max(0, self.sums[until] - self.sums[since])

    def due(self, since: int, minutes: int) -> int:
        """The first minute by whose beginning so many open ones have passed."""
        return bisect_left(self.sums, self.sums[since] + minutes, lo=since)


def both(zone: str, week, special, begin: date) -> tuple[Calendar, Counted]:
    days = {begin + timedelta(days=n): Special(kind, "", shifts_) for n, (kind, shifts_) in special.items()}
    plan = weekly(week, [days.get])
    return Calendar(ZoneInfo(zone), plan), Counted(ZoneInfo(zone), plan, begin)


@settings(max_examples=30)
@given(
    st.sampled_from(ZONES),
    weeks,
    specials,
    st.sampled_from(BEGINS),
    st.lists(st.tuples(st.integers(0, 20 * 1440), st.integers(0, 4000)), min_size=20, max_size=20),
)
def test_open_time_and_deadlines_are_what_counting_minutes_gives(zone, week, special, begin, asked):
    calendar, counted = both(zone, week, special, begin)

    for since, span in asked:
        start, until = counted.first + MINUTE * since, min(since + span, 20 * 1440)
        assert calendar.elapsed(start, counted.first + MINUTE * until) == MINUTE * counted.elapsed(
            since, until
        )
        assert calendar.is_open(start) == counted.open[since]
        if 0 < span <= counted.elapsed(since, 20 * 1440):
            assert calendar.due(start, MINUTE * span) == counted.first + MINUTE * counted.due(since, span)


spans = st.integers(0, 6000).map(lambda n: timedelta(minutes=n))
moments = st.datetimes(datetime(2018, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(st.sampled_from(ZONES), weeks, moments, spans)
def test_as_much_has_passed_at_the_deadline_as_was_asked_for(zone, week, since, span):
    assume(any(week))
    calendar = Calendar(ZoneInfo(zone), weekly(week))

    assert calendar.elapsed(since, calendar.due(since, span)) == span


@given(st.sampled_from(ZONES), weeks, moments, spans, spans)
def test_a_later_start_or_a_longer_span_never_ends_sooner(zone, week, since, span, more):
    assume(any(week))
    calendar = Calendar(ZoneInfo(zone), weekly(week))

    assert calendar.due(since, span) <= calendar.due(since, span + more)
    assert calendar.due(since, span) <= calendar.due(since + more, span)


@given(weeks, moments, spans, spans, spans)
def test_a_pause_moves_the_deadline_by_the_open_time_it_covers(week, since, span, into, length):
    assume(any(week) and span)
    calendar = Calendar(CHINA, weekly(week))
    pause = (since + into, since + into + length)

    paused = calendar.due(since, span, [pause])

    assert calendar.elapsed(since, paused) == span + calendar.elapsed(
        pause[0], min(pause[1], max(paused, pause[0]))
    )


@given(st.sampled_from(ZONES), weeks, moments, spans)
def test_the_lines_of_an_explanation_follow_each_other_and_add_up(zone, week, since, span):
    assume(any(week))
    calendar = Calendar(ZoneInfo(zone), weekly(week))
    until = calendar.due(since, span)

    lines = calendar.explain(since, until)

    assert lines[-1].total == sum((line.counted for line in lines), timedelta(0)) == span
    assert all(a.last + timedelta(days=1) == b.first for a, b in zip(lines, lines[1:], strict=False))


@given(weeks, moments, spans)
def test_spells_are_in_order_and_none_is_empty(week, since, length):
    calendar = Calendar(CHINA, weekly(week))

    spells = list(calendar.spells(since, since + length))

    assert all(s.starts < s.ends for s in spells) and all(
        a.ends <= b.starts for a, b in zip(spells, spells[1:], strict=False)
    )
    assert all(since <= s.starts and s.ends <= since + length for s in spells)


# -- quiet hours ------------------------------------------------------------------------------------------------------------------
NIGHT = QuietHours(time(21), time(8))


@pytest.mark.parametrize(
    ("at", "over", "before"),
    [
        ("2026-11-27T20:59", "2026-11-27T20:59", "2026-11-27T20:59"),
        ("2026-11-27T21:00", "2026-11-28T08:00", "2026-11-27T21:00"),
        ("2026-11-28T02:00", "2026-11-28T08:00", "2026-11-27T21:00"),
        ("2026-11-28T08:00", "2026-11-28T08:00", "2026-11-28T08:00"),
    ],
)
def test_nobody_is_written_to_at_night(at, over, before):
    assert NIGHT.over(here(at), CHINA) == here(over)
    assert NIGHT.before(here(at), CHINA) == here(before)


@pytest.mark.parametrize(
    ("quiet", "at", "holds"),
    [
        (QuietHours(time(12), time(14)), "2026-11-27T13:00", True),
        (QuietHours(time(12), time(14)), "2026-11-27T12:00", True),
        (QuietHours(time(12), time(14)), "2026-11-27T11:59", False),
        (QuietHours(time(12), time(14)), "2026-11-27T14:00", False),
        (QuietHours(time(8), time(8)), "2026-11-27T08:00", False),
        (NIGHT, "2026-11-27T23:59", True),
    ],
)
def test_quiet_hours_may_lie_within_a_day_or_be_none(quiet, at, holds):
    assert quiet.holds(here(at), CHINA) == holds


@given(st.times(), st.times(), moments)
def test_outside_of_the_quiet_hours_is_where_a_message_goes(starts, ends, at):
    quiet = QuietHours(starts.replace(tzinfo=None), ends.replace(tzinfo=None))

    later, sooner = quiet.over(at, CHINA), quiet.before(at, CHINA)

    assert sooner <= at <= later and not quiet.holds(later, CHINA)
