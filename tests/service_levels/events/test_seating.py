"""位置: who finds room, who moves up. Never more than there is, nobody passed over without need."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_levels.events.seating import Wish, has_room, moving_up

PEOPLE = st.integers(min_value=1, max_value=9)
WAITING = st.lists(PEOPLE, max_size=12).map(lambda rows: [Wish(number, people) for number, people in enumerate(rows)])
SEATS = st.integers(min_value=1, max_value=60)


@pytest.mark.parametrize(("taken", "people", "seats", "room"), [
    (0, 2, 2, True), (0, 3, 2, False), (18, 2, 20, True), (19, 2, 20, False), (20, 1, 20, False), (500, 9, None, True), (0, 1, None, True)])
def test_there_is_room_up_to_the_last_seat(taken, people, seats, room):
    assert has_room(taken, people, seats) is room


def test_nobody_waits_nobody_moves():
    assert moving_up([], 5, 20) == []


def test_who_waits_longest_goes_first():
    assert moving_up([Wish(7, 2), Wish(3, 2)], 18, 20) == [7]


def test_a_family_too_large_lets_a_smaller_one_go_ahead():
    assert moving_up([Wish(1, 4), Wish(2, 2), Wish(3, 1)], 18, 20) == [2]


def test_several_move_up_at_once():
    assert moving_up([Wish(1, 2), Wish(2, 3), Wish(3, 2)], 14, 20) == [1, 2]


def test_where_seats_are_not_counted_everybody_moves_up():
    assert moving_up([Wish(1, 9), Wish(2, 9)], 400, None) == [1, 2]


@given(WAITING, SEATS, SEATS)
def test_no_seat_is_given_twice(waiting, taken, seats):
    moved = moving_up(waiting, taken, seats)

    sizes = {wish.pk: wish.people for wish in waiting}
    given_now = sum(sizes[pk] for pk in moved)
    assert not moved or taken + given_now <= seats


@given(WAITING, SEATS, SEATS)
def test_whoever_still_waits_would_not_fit(waiting, taken, seats):
    moved = set(moving_up(waiting, taken, seats))

    filled = taken + sum(wish.people for wish in waiting if wish.pk in moved)
    assert [wish.pk for wish in waiting if wish.pk not in moved and filled + wish.people <= seats] == []


@given(WAITING, SEATS, SEATS)
def test_the_order_is_kept(waiting, taken, seats):
    moved = moving_up(waiting, taken, seats)

    assert moved == sorted(moved), "ids were given in the order of waiting"


@given(WAITING, SEATS, SEATS)
def test_whoever_waits_longest_goes_whenever_there_is_room_for_it(waiting, taken, seats):
    moved = moving_up(waiting, taken, seats)

    first_fits = bool(waiting) and has_room(taken, waiting[0].people, seats)
    assert first_fits is (bool(moved) and moved[0] == waiting[0].pk)


@given(WAITING, SEATS)
def test_moving_up_again_moves_nobody(waiting, seats):
    moved = set(moving_up(waiting, 0, seats))

    taken = sum(wish.people for wish in waiting if wish.pk in moved)
    assert moving_up([wish for wish in waiting if wish.pk not in moved], taken, seats) == []
