"""Keeping the 园历: the week, special days, a notice, a campus of its own; each act recorded, told, and refused where it must be."""

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from crm.calendar import Kind, Shift
from crm.hours import Run
from crm.models import SpecialDays, WorkCalendar, WorkShift
from crm.opening import week_of, work_calendar
from crm.timetable import CHANGED, add_days, come_back, enter_notice, go_own_way, keep_week, remove_days
from notifications.models import Outbox
from tenancy.promises import broken_promise
from tenancy.refusals import Refused
from tests import makers

WEEK = [(Shift(540, 1020),)] * 5 + [(), ()]
RULES = {
    "keeps_holidays": True,
    "works_make_up": True,
    "make_up_like": 0,
    "quiet_from": time(20, 30),
    "quiet_until": time(7),
}


def keep(calendar: WorkCalendar, by, week=WEEK, version=1, **rules) -> None:
    keep_week(calendar, week, **(RULES | rules), version=version, by=by)


def days(first="2026-12-24", last="2026-12-25", kind="closure", name="检修", hours="") -> dict:
    return {
        "first": date.fromisoformat(first),
        "last": date.fromisoformat(last),
        "kind": kind,
        "name": name,
        "hours": hours,
    }


def test_a_week_is_kept_recorded_and_told(miao):
    calendar = work_calendar()

    keep(calendar, miao.head)

    assert week_of(work_calendar()) == tuple(WEEK) and work_calendar().quiet_until == time(7)
    assert Entry.objects.get(verb="crm.week_kept").actor == miao.head
    assert list(Outbox.objects.filter(topic=CHANGED).values_list("payload", flat=True)) == [{"campus": None}]


def test_who_saves_an_older_version_is_refused_and_nothing_changes(miao):
    calendar = work_calendar()
    keep(calendar, miao.head)

    with pytest.raises(Refused) as refusal:
        keep(calendar, miao.head, [()] * 7, works_make_up=False)

    assert refusal.value.code == "stale" and week_of(work_calendar()) == tuple(WEEK)


def test_a_make_up_day_cannot_follow_a_closed_one(miao):
    with pytest.raises(Refused) as refusal:
        keep(work_calendar(), miao.head, make_up_like=6)

    assert refusal.value.field == "make_up_like"
    keep(work_calendar(), miao.head, make_up_like=6, works_make_up=False)


@pytest.mark.parametrize(("starts", "ends"), [(600, 700), (480, 720), (719, 800), (0, 1440)])
def test_the_database_keeps_shifts_of_a_day_apart(miao, starts, ends):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        WorkShift.objects.create(calendar=work_calendar(), weekday=0, starts=starts, ends=ends)

    assert broken_promise(error.value) == "同一天的班次不能重叠。"


@pytest.mark.parametrize(("starts", "ends"), [(700, 600), (600, 600), (1400, 1441)])
def test_the_database_takes_no_shift_that_ends_before_it_begins_or_after_midnight(miao, starts, ends):
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkShift.objects.create(calendar=work_calendar(), weekday=6, starts=starts, ends=ends)


def test_shifts_may_touch(miao):
    WorkShift.objects.create(calendar=work_calendar(), weekday=0, starts=720, ends=840)

    assert week_of(work_calendar())[0] == (Shift(480, 720), Shift(720, 840), Shift(840, 1050))


def test_special_days_are_added_and_taken_away_with_what_it_takes_to_put_them_back(miao):
    row = add_days(work_calendar(), **days(), by=miao.head)

    was = remove_days(row, by=miao.head)

    assert was == days() and not SpecialDays.objects.exists()
    assert list(
        Entry.objects.filter(verb__startswith="crm.days_").order_by("id").values_list("verb", flat=True)
    ) == ["crm.days_added", "crm.days_removed"]
    assert Outbox.objects.filter(topic=CHANGED).count() == 2


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (days(last="2026-12-23"), "last"),
        (days(last="2028-01-01"), "last"),
        (days(kind="opening"), "hours"),
        (days(kind="closure", hours="8:00-12:00"), "hours"),
        (days(kind="break", hours="8:00-12:00"), "hours"),
        (days(kind="holiday", hours="8:00-12:00"), "hours"),
    ],
)
def test_days_that_make_no_sense_are_refused_at_their_field(miao, told, field):
    with pytest.raises(Refused) as refusal:
        add_days(work_calendar(), **told, by=miao.head)

    assert refusal.value.field == field and not SpecialDays.objects.exists()


def test_a_make_up_day_may_have_hours_of_its_own(miao):
    row = add_days(work_calendar(), **days(kind="make_up", hours="8:00-12:00"), by=miao.head)

    assert row.hours == "8:00-12:00"


def test_the_database_takes_no_run_that_ends_before_it_begins(miao):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        SpecialDays.objects.create(calendar=work_calendar(), **days(last="2026-12-01"))

    assert broken_promise(error.value) == "最后一天不能早于第一天。"


def test_a_campus_goes_its_own_way_with_a_copy_and_comes_back(miao):
    campus = makers.campus()
    own = go_own_way(campus, by=miao.head)
    keep(own, miao.head)
    add_days(own, **days(), by=miao.head)

    apart = (week_of(work_calendar(campus)), week_of(work_calendar()) == week_of(work_calendar(campus)))
    come_back(work_calendar(campus), by=miao.head)

    assert apart == (tuple(WEEK), False)
    assert (
        work_calendar(campus) == work_calendar()
        and not SpecialDays.objects.exists()
        and WorkCalendar.objects.count() == 1
    )


def test_a_campus_has_one_calendar_of_its_own_and_the_schools_cannot_be_dropped(miao):
    campus = makers.campus()
    go_own_way(campus, by=miao.head)

    with pytest.raises(Refused):
        go_own_way(campus, by=miao.head)
    with pytest.raises(Refused):
        come_back(WorkCalendar.objects.get(campus=None), by=miao.head)


@pytest.mark.parametrize("of_campus", [True, False])
def test_the_database_keeps_one_calendar_for_each(miao, of_campus):
    campus = makers.campus() if of_campus else None
    if campus:
        WorkCalendar.objects.create(campus=campus)

    with pytest.raises(IntegrityError), transaction.atomic():
        WorkCalendar.objects.create(campus=campus)


def test_a_notice_replaces_what_was_entered_for_its_year_and_leaves_the_rest(miao):
    hand = add_days(work_calendar(), **days("2027-03-01", "2027-03-01"), by=miao.head)
    first = [
        Run(date(2027, 2, 5), date(2027, 2, 11), Kind.HOLIDAY, "春节"),
        Run(date(2027, 2, 13), date(2027, 2, 13), Kind.MAKE_UP, ""),
    ]
    enter_notice(2027, first, by=miao.head)
    enter_notice(2028, [Run(date(2028, 1, 1), date(2028, 1, 3), Kind.HOLIDAY, "元旦")], by=miao.head)

    count = enter_notice(2027, first[:1], by=miao.head)

    assert count == 1 and hand in SpecialDays.objects.all()
    assert list(SpecialDays.objects.filter(source="file").values_list("first__year", "name")) == [
        (2027, "春节"),
        (2028, "元旦"),
    ]
    assert Entry.objects.filter(verb="crm.notice_entered").order_by("id").last().data == {
        "year": 2027,
        "runs": 1,
    }
