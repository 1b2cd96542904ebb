"""位置: who finds room at an event, and who moves up when somebody stays away (SPEC S12e, K35a). Pure."""
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """A family that waits, and how many people would come."""

    pk: int
    people: int


def has_room(taken: int, people: int, seats: int | None) -> bool:
    """Whether so many people more find room; without ``seats`` everybody does."""
    return seats is None or taken + people <= seats


def moving_up(waiting: Sequence[Wish], taken: int, seats: int | None) -> list[int]:
    """Who of those that wait finds room now, in their order; a family too large for what is left lets a smaller one go ahead."""
    found = []
    for wish in waiting:
        if has_room(taken, wish.people, seats):
            found.append(wish.pk)
            taken += wish.people
    return found
