"""预约的状态: which states a booking has, which verb leads from where to where. Pure.

A place of a slot is taken by a hold, an offer to somebody who waited, a booking, and by whoever came or did not.
"""
from enum import StrEnum


class State(StrEnum):
    WAITING = "waiting"      # 候补: no place taken
    OFFERED = "offered"      # a place kept for somebody who waited, until it expires
    HELD = "held"            # 暂留: a place kept while a form is filled in
    BOOKED = "booked"        # 已预约
    CONFIRMED = "confirmed"  # 已确认
    ARRIVED = "arrived"      # 已到访
    NO_SHOW = "no_show"      # 未到
    CANCELLED = "cancelled"  # 已取消
    EXPIRED = "expired"      # 过期


S = State
TAKING = frozenset({S.OFFERED, S.HELD, S.BOOKED, S.CONFIRMED, S.ARRIVED, S.NO_SHOW})
COMING = frozenset({S.BOOKED, S.CONFIRMED})  # somebody is expected
KEPT = frozenset({S.OFFERED, S.HELD})        # ends by itself

MOVES: dict[str, tuple[frozenset[State], State]] = {
    "book": (frozenset({S.HELD}), S.BOOKED),
    "offer": (frozenset({S.WAITING}), S.OFFERED),
    "accept": (frozenset({S.OFFERED}), S.BOOKED),
    "expire": (KEPT, S.EXPIRED),
    "confirm": (frozenset({S.BOOKED}), S.CONFIRMED),
    "arrive": (COMING, S.ARRIVED),
    "miss": (COMING, S.NO_SHOW),
    "recall": (frozenset({S.ARRIVED, S.NO_SHOW}), S.CONFIRMED),  # marked by mistake
    "cancel": (COMING | {S.WAITING, S.OFFERED, S.HELD}, S.CANCELLED),
}


def may(verb: str, state: str) -> bool:
    return State(state) in MOVES[verb][0]


def leads_to(verb: str) -> State:
    return MOVES[verb][1]


def from_states(verb: str) -> frozenset[State]:
    return MOVES[verb][0]
