"""留位: the seats that are taken, and who is let in when there are more of them."""
from datetime import timedelta

import pytest

from service_levels.events import inviting, planning, seats
from service_levels.events.inviting import Reply
from service_levels.models import Event
from tests.service_levels.events.makers import NO, TEN, answers, opened, work

MINUTE = timedelta(minutes=1)


@pytest.fixture
def full(chief):
    """Two seats, taken by the first of three families; the others wait."""
    rows = opened(chief, 3, seats=2)
    for number, row in enumerate(rows):
        inviting.answer(row, Reply("yes", 2), by=None, at=TEN + number * MINUTE)
    work()
    return rows


def test_the_seats_taken_are_those_of_who_comes(chief):
    rows = opened(chief, 3)
    inviting.answer(rows[0], Reply("yes", 3), by=None, at=TEN)
    inviting.answer(rows[1], Reply("yes", 2), by=None, at=TEN)
    inviting.answer(rows[2], NO, by=None, at=TEN)

    event = rows[0].event
    assert (seats.taken_in(event), seats.taken_in(event, besides=rows[0].pk)) == (5, 2)


def test_who_waits_takes_none(full):
    assert seats.taken_in(full[0].event) == 2


@pytest.mark.parametrize(("number", "then"), [(3, ["yes", "wait", "wait"]), (4, ["yes", "yes", "wait"]), (6, ["yes", "yes", "yes"]),
                                              (None, ["yes", "yes", "yes"])])
def test_more_seats_let_who_waits_in(chief, full, number, then):
    event = Event.objects.get()
    event.seats = number

    planning.keep(event, by=chief, at=TEN)

    assert answers(event) == then
    assert work() == ["seat"] * (then.count("yes") - 1)


def test_where_nobody_fits_nobody_moves(full):
    assert seats.move_up(full[0].event, at=TEN) == 0 and work() == []


def test_where_nobody_waits_nothing_is_written(chief):
    (row,) = opened(chief, seats=4)
    work()

    assert seats.move_up(row.event, at=TEN) == 0 and work() == []


def test_whoever_knows_is_not_written_to(full):
    event = full[0].event
    event.seats = 6

    assert seats.move_up(event, at=TEN, knows=full[1].pk) == 2
    assert work() == ["seat"]
