"""The states of a booking: every verb from every state, against a table written by hand."""
import pytest

from reception.flow import COMING, KEPT, MOVES, TAKING, State, from_states, leads_to, may
from reception.models import WORDS

S = State
ALLOWED = {
    "book": {S.HELD},
    "offer": {S.WAITING},
    "accept": {S.OFFERED},
    "expire": {S.HELD, S.OFFERED},
    "confirm": {S.BOOKED},
    "arrive": {S.BOOKED, S.CONFIRMED},
    "miss": {S.BOOKED, S.CONFIRMED},
    "recall": {S.ARRIVED, S.NO_SHOW},
    "cancel": {S.BOOKED, S.CONFIRMED, S.WAITING, S.OFFERED, S.HELD},
}


@pytest.mark.parametrize("verb", MOVES)
@pytest.mark.parametrize("state", list(State))
def test_a_verb_is_allowed_from_these_states_and_no_others(verb, state):
    assert may(verb, state) == (state in ALLOWED[verb]) and from_states(verb) == ALLOWED[verb]


def test_the_table_names_every_verb():
    assert set(MOVES) == set(ALLOWED)


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("book", S.BOOKED),
        ("offer", S.OFFERED),
        ("accept", S.BOOKED),
        ("expire", S.EXPIRED),
        ("confirm", S.CONFIRMED),
        ("arrive", S.ARRIVED),
        ("miss", S.NO_SHOW),
        ("recall", S.CONFIRMED),
        ("cancel", S.CANCELLED),
    ],
)
def test_a_verb_leads_to_one_state(verb, state):
    assert leads_to(verb) == state


def test_who_takes_a_place_and_who_does_not():
    assert set(State) - {S.WAITING, S.CANCELLED, S.EXPIRED} == TAKING
    assert COMING < TAKING and KEPT < TAKING and not COMING & KEPT


def test_what_is_over_stays_over():
    assert [verb for verb in MOVES for state in (S.CANCELLED, S.EXPIRED) if may(verb, state)] == []


def test_every_state_has_its_word():
    assert set(WORDS) == set(State) and len({str(word) for word in WORDS.values()}) == len(WORDS)
