"""逾期升级: who is told of a measure that is due or late, step by step (C17, C21c, C25). Pure."""
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Rung(StrEnum):
    """提醒, 过期, 组长, 管理层"""

    DUE = "due"
    LATE = "late"
    LEADER = "leader"
    MANAGEMENT = "management"


@dataclass(frozen=True)
class Ladder:
    """After how many days past its day each rung is told."""

    late: int = 1
    leader: int = 3
    management: int = 7


SHIPPED = Ladder()


def reached(due_on: date, today: date, ladder: Ladder = SHIPPED) -> list[Rung]:
    """Every rung that has been reached, in order; none before the day itself. A missed night skips nobody."""
    late = (today - due_on).days
    if late < 0:
        return []
    steps = [(0, Rung.DUE), (ladder.late, Rung.LATE), (ladder.leader, Rung.LEADER), (ladder.management, Rung.MANAGEMENT)]
    found = [rung for days, rung in steps if late >= days]
    return found if late == 0 else found[1:]
