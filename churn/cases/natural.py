"""自然流失 (SPEC B22): leaving that no school can help — graduation, age, a move, policy, another campus — told apart from churn. Pure."""
from dataclasses import dataclass
from datetime import date

LAST_GRADE = "大"             # 大班, the year before school
SUMMER = ((6, 15), (9, 5))    # when a 大班 graduates: from the last weeks of term to the first days of primary school
OF_AGE = {"kindergarten": 6, "nursery": 3}  # in years; a training centre has no age at which one is done
GRADUATED, AGED_OUT, CAMPUS = "graduated", "aged_out", "campus"


@dataclass(frozen=True)
class Leaver:
    """What is known of a child that has left: the reason given, if any, and what speaks for a natural one."""

    outcome: str
    left_on: date
    born_on: date | None = None
    grade: str = ""
    is_elsewhere: bool = False  # enrolled at another of the school's campuses


def natural(leaver: Leaver, given: frozenset[str]) -> str:
    """The natural reason that was given, one of ``given``; empty where the reason is another or none."""
    return leaver.outcome if leaver.outcome in given else ""


def likely(leaver: Leaver, kind: str) -> str:
    """The natural reason that the facts speak for where none was given; empty where they speak for none.

    Being enrolled at another campus speaks louder than a graduation, and a graduation than age.
    """
    if leaver.outcome:
        return ""
    if leaver.is_elsewhere:
        return CAMPUS
    if leaver.grade.startswith(LAST_GRADE) and SUMMER[0] <= (leaver.left_on.month, leaver.left_on.day) <= SUMMER[1]:
        return GRADUATED
    return AGED_OUT if leaver.born_on and kind in OF_AGE and years(leaver.born_on, leaver.left_on) >= OF_AGE[kind] else ""


def years(born_on: date, on: date) -> int:
    """Completed years of age; a child of 29 February completes them on 1 March."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
