"""A visit goes on: one tap one step, whoever is too late is told what happened, a tap sent twice counts once."""

from datetime import timedelta

import pytest

from audit.models import Entry
from reception import visiting
from reception.booking import book, come
from reception.models import Area, AreaShown, Booking, Visit, VisitStep, VisitType
from reception.stages import Step
from reception.visiting import (
    Moved,
    Tap,
    leave,
    marks_of,
    put_right,
    show_area,
    take_back,
    take_step,
    visit_of,
)
from reception.walkins import walk_in
from tenancy.refusals import Refused
from tests import makers
from tests.conftest import make_member
from tests.reception.makers import MONDAY, NOW, slot, wish

WHEN = {"cutoff": NOW, "channel": "online", "at": NOW}


@pytest.fixture
def fang(school):
    return make_member(school, "frontdesk", "方老师")


@pytest.fixture
def liang(school):
    return make_member(school, "teacher", "梁老师")


@pytest.fixture
def row(fang, liang, miao) -> Booking:
    return book(slot(), wish(), **WHEN).booking


def again(row: Booking) -> Booking:
    return Booking.objects.get(pk=row.pk)


def at(minutes: int, seconds: int = 0):
    return MONDAY + timedelta(minutes=minutes, seconds=seconds)


def go(row, to: str, minutes: int, by, seen: str | None = None, key: str = ""):
    """One tap at so many minutes after nine."""
    seen = seen or visit_of(row).step
    return take_step(
        again(row), Tap(to, seen, at(minutes), key or f"{row.pk}-{to}-{minutes}"), by=by, now=at(minutes)
    )


def test_a_whole_visit_is_walked_through_and_every_time_kept(row, fang):
    for minutes, step in enumerate(
        ("prepared", "arrived", "greeted", "seated", "tour", "consultation", "left", "feedback")
    ):
        visit = go(row, step, minutes, fang)

    assert visit.step == "feedback" and again(row).state == "arrived"
    assert [(s.step, s.at) for s in visit.steps.all()] == [
        (step, at(n))
        for n, step in enumerate(
            ("prepared", "arrived", "greeted", "seated", "tour", "consultation", "left", "feedback")
        )
    ]
    assert Entry.objects.filter(verb="reception.step_taken", actor=fang).count() == 8


def test_arriving_makes_the_booking_one_that_came(row, fang):
    go(row, "prepared", 0, fang)
    before = again(row).state
    go(row, "arrived", 1, fang)

    assert (before, again(row).state) == ("booked", "arrived")


def test_steps_between_may_be_left_out(row, fang):
    assert go(row, "tour", 0, fang).step == "tour" and again(row).state == "arrived"


@pytest.mark.parametrize("to", ["booked", "arrived", "tour"])
def test_nobody_goes_backwards(row, fang, to):
    go(row, "tour", 0, fang)

    with pytest.raises(Refused, match="撤回"):
        go(row, to, 1, fang)


def test_whoever_looks_at_an_old_picture_is_told_what_has_happened(row, fang, liang):
    go(row, "arrived", 0, fang)
    go(row, "tour", 14, liang, seen="arrived")

    with pytest.raises(Moved, match="梁老师 09:14 已经点了“参观”。") as refusal:
        go(row, "greeted", 15, fang, seen="arrived")

    assert refusal.value.status == 409 and set(marks_of(visit_of(row))) == {"arrived", "tour"}


def test_a_tap_that_was_sent_twice_counts_once(row, fang):
    first = go(row, "arrived", 0, fang, seen="booked", key="tap-1")
    second = go(row, "arrived", 3, fang, seen="booked", key="tap-1")

    assert first.version == second.version and marks_of(second) == {"arrived": at(0)}
    assert Entry.objects.filter(verb="reception.step_taken").count() == 1


def test_taps_that_waited_for_the_network_keep_their_own_times(row, fang):
    for n, (to, seen) in enumerate((("arrived", "booked"), ("greeted", "arrived"), ("seated", "greeted"))):
        take_step(again(row), Tap(to, seen, at(n), f"tap-{n}"), by=fang, now=at(5))

    assert marks_of(visit_of(row)) == {"arrived": at(0), "greeted": at(1), "seated": at(2)}


@pytest.mark.parametrize(
    ("tapped", "kept"), [(at(99), at(10)), (at(-9999), at(10) - visiting.EARLIER), (at(3), at(3))]
)
def test_a_tablet_whose_clock_is_wrong_does_not_write_the_future_or_last_week(row, fang, tapped, kept):
    take_step(again(row), Tap("arrived", "booked", tapped, "tap"), by=fang, now=at(10))

    assert marks_of(visit_of(row)) == {"arrived": kept}


def test_a_clock_that_is_behind_does_not_turn_the_order_round(row, fang):
    go(row, "arrived", 10, fang)
    take_step(again(row), Tap("greeted", "arrived", at(2), "tap"), by=fang, now=at(11))

    assert marks_of(visit_of(row))["greeted"] == at(10)


# -- back, and put right -----------------------------------------------------------------------------------------------------
def test_a_wrong_tap_is_taken_back(row, fang):
    go(row, "arrived", 0, fang)
    go(row, "tour", 1, fang)

    visit = take_back(again(row), seen="tour", by=fang, now=NOW)

    assert visit.step == "arrived"
    assert set(marks_of(visit)) == {"arrived"}
    assert again(row).state == "arrived"


def test_whoever_had_not_come_after_all_is_expected_again(row, fang):
    go(row, "arrived", 0, fang)

    visit = take_back(again(row), seen="arrived", by=fang, now=NOW)

    assert (visit.step, again(row).state) == ("booked", "confirmed")


def test_nothing_is_left_to_take_back(row, fang):
    with pytest.raises(Refused, match="没有可以撤回"):
        take_back(row, seen="booked", by=fang, now=NOW)


def test_taking_back_what_a_colleague_has_taken_further_is_refused(row, fang, liang):
    go(row, "arrived", 0, fang)
    go(row, "greeted", 1, liang)

    with pytest.raises(Moved):
        take_back(again(row), seen="arrived", by=fang, now=NOW)


def test_a_time_is_put_right_between_its_neighbours(row, fang):
    for minutes, step in ((0, "arrived"), (10, "greeted"), (12, "seated")):
        go(row, step, minutes, fang)

    put_right(again(row), "greeted", at(4), by=fang, now=at(20))

    assert marks_of(visit_of(row))["greeted"] == at(4)


@pytest.mark.parametrize(("step", "minutes"), [("greeted", -1), ("greeted", 13), ("seated", 21), ("tour", 5)])
def test_a_time_that_cannot_be_is_refused(row, fang, step, minutes):
    for n, taken in ((0, "arrived"), (10, "greeted"), (12, "seated")):
        go(row, taken, n, fang)

    with pytest.raises(Refused, match="前后两步之间"):
        put_right(again(row), step, at(minutes), by=fang, now=at(20))


# -- leaving, areas, walking in --------------------------------------------------------------------------------------------
def test_why_a_family_goes_no_further_is_written_down(row, fang):
    go(row, "arrived", 0, fang)

    visit = leave(
        again(row), "price", " 想先问问爷爷 ", Tap("left", "arrived", at(9), "tap"), by=fang, now=at(9)
    )

    assert (visit.step, visit.exit, visit.exit_note) == ("left", "price", "想先问问爷爷") and marks_of(visit)[
        "left"
    ] == at(9)
    with pytest.raises(Refused):
        go(row, "feedback", 10, fang)


def test_the_reason_can_be_added_after_leaving_and_only_once(row, fang):
    go(row, "arrived", 0, fang)
    go(row, "left", 30, fang)
    leave(again(row), "distance", "", Tap("left", "left", at(31), "tap"), by=fang, now=at(31))

    assert marks_of(visit_of(row))["left"] == at(30)
    with pytest.raises(Moved):
        leave(again(row), "price", "", Tap("left", "left", at(32), "tap2"), by=fang, now=at(32))


def test_taking_leaving_back_takes_its_reason_back(row, fang):
    go(row, "arrived", 0, fang)
    leave(again(row), "price", "贵", Tap("left", "arrived", at(9), "tap"), by=fang, now=at(9))

    visit = take_back(again(row), seen="left", by=fang, now=NOW)

    assert (visit.step, visit.exit, visit.exit_note) == ("arrived", "", "")


def test_areas_are_ticked_once_and_can_be_unticked(row, fang):
    area = Area.objects.get(name="餐厅")
    for _ in range(2):
        visit = show_area(row, area, seen=True, by=fang, at=at(1))
    ticked = AreaShown.objects.filter(visit=visit).count()

    show_area(row, area, seen=False, by=fang, at=at(2))

    assert (ticked, AreaShown.objects.count()) == (1, 0)


def test_a_new_campus_has_the_seven_areas(miao):
    assert list(Area.objects.filter(campus=makers.campus()).values_list("name", flat=True)) == [
        "接待区",
        "游戏区",
        "休息区",
        "教学区",
        "餐厅",
        "卫生间",
        "安全出口",
    ]
    assert all(area.purpose and (area.safety or area.hygiene) for area in Area.objects.all())


def test_a_family_at_the_door_is_received_at_once(fang, miao):
    kind = VisitType.objects.get(code="tour")

    row = walk_in(makers.campus(), kind, key="tap-1", by=fang, at=NOW)
    same = walk_in(makers.campus(), kind, key="tap-1", by=fang, at=NOW)

    row.refresh_from_db()
    assert same.pk == row.pk and Booking.objects.count() == 1
    assert (row.state, row.channel, row.starts_at, row.slot.extra, row.slot.booked) == (
        "arrived",
        "walk_in",
        NOW,
        True,
        1,
    )
    assert (
        marks_of(Visit.objects.get()) == {"arrived": NOW}
        and Entry.objects.filter(verb="reception.walked_in").count() == 1
    )


def test_two_families_at_the_door_in_one_second_are_two(fang, miao):
    kind = VisitType.objects.get(code="tour")

    rows = {
        walk_in(makers.campus(), kind, key=f"tap-{n}", by=fang, at=NOW + timedelta(microseconds=n)).pk
        for n in range(2)
    }

    assert len(rows) == 2 and VisitStep.objects.count() == 2


def test_a_booking_that_the_list_called_arrived_goes_on_from_there(row, fang):
    come(row, "arrive", by=fang, at=MONDAY)

    assert go(row, Step.GREETED, 3, fang).step == "greeted"
