"""接待简报 (R12, B12): what the host should know before a family comes, made from what the parent asked for. Pure."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


class Point(Protocol):
    """A rule of the school: who asks for this is told that, with this at hand, there."""

    need: str
    say: str
    bring: str
    area: str


@dataclass(frozen=True)
class Briefing:
    """In order of importance: points to speak of, what to take along, areas to stress, and what no rule of the school answers."""

    points: tuple[Any, ...]
    bring: tuple[str, ...]
    areas: tuple[str, ...]
    unanswered: tuple[str, ...]


def brief(told: Mapping[str, Any], points: Iterable[Point]) -> Briefing:
    """Health first: what stands under 特殊要求 comes before what was ticked."""
    special, course = str(told.get("special", "")), str(told.get("course", ""))
    asked = [special, *map(str, told.get("needs", ())), course]
    known = list(points)
    found = [point for text in asked if text for point in known if point.need in text]
    met = tuple(dict.fromkeys(found))
    unanswered = tuple(text for text in asked if text and not any(point.need in text for point in known))
    return Briefing(met, _once(point.bring for point in met), _once(point.area for point in met), unanswered)


def age_at(birth_month: str, day: date) -> tuple[int, int] | None:
    """Years and months, from the month a parent told; None where nothing sensible was."""
    year, _dash, month = birth_month.partition("-")
    if not (year.isdecimal() and month.isdecimal()):
        return None
    months = (day.year - int(year)) * 12 + day.month - int(month)
    return divmod(months, 12) if 0 <= months < 12 * 19 else None


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
