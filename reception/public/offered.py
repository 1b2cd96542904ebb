"""What the booking page offers: campuses, kinds of visit, days and times, read with the same eyes as the API."""
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from crm.opening import day_begins, zone
from reception.access import public_slots
from reception.models import Offer, Slot, VisitType
from tenancy.models import Campus

DAYS = 15


@dataclass
class Day:
    """One day to choose: closed, full, or with places."""

    day: date
    slots: list[Slot] = field(default_factory=list)

    @property
    def has_place(self) -> bool:
        return any(slot.free for slot in self.slots)


@dataclass(frozen=True)
class Choice:
    """The page's first step: what can be chosen, and what is."""

    campuses: list[Campus]
    campus: Campus | None
    kinds: list[VisitType]
    kind: VisitType | None
    days: list[Day]
    day: Day | None


def offered(words: Any, at: datetime) -> Choice:
    """From the address's words; what they do not name is the first that has a place."""
    offers = list(Offer.objects.filter(is_open=True, type__is_open=True, type__is_public=True).select_related("type", "campus"))
    campuses = sorted({offer.campus for offer in offers}, key=lambda campus: campus.code)
    campus = _named(campuses, words.get("campus", ""), lambda c: f"c{c.pk}")
    kinds = sorted({offer.type for offer in offers if offer.campus == campus}, key=lambda kind: (kind.order, kind.pk))
    kind = _named(kinds, words.get("type", ""), lambda k: k.code)
    days = _days(campus, kind, at) if campus and kind else []
    chosen = next((d for d in days if d.day.isoformat() == words.get("day")), None)
    return Choice(campuses, campus, kinds, kind, days, chosen or next((d for d in days if d.has_place), None))


def _named(rows: list[Any], word: str, name: Any) -> Any:
    return next((row for row in rows if name(row) == word), rows[0] if rows else None)


def _days(campus: Campus, kind: VisitType, at: datetime) -> list[Day]:
    here = zone()
    first = at.astimezone(here).date()
    days = {first + timedelta(days=n): Day(first + timedelta(days=n)) for n in range(min(DAYS, kind.horizon_days + 1))}
    until = day_begins(max(days) + timedelta(days=1))
    for slot in public_slots(at).filter(campus=campus, type=kind, starts_at__lt=until):
        days[slot.starts_at.astimezone(here).date()].slots.append(slot)
    return list(days.values())
