"""Which days and which campus a page is about: what its address asks for, else what is usual."""
from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone

from crm.opening import zone
from crm.parse import Unreadable, parse_planned
from tenancy.access import campus_for
from tenancy.models import Campus, Membership
from tenancy.refusals import Refused, spoken
from tenancy.typed import as_id

USUAL, MOST = timedelta(days=29), timedelta(days=400)


def today() -> date:
    """The campus's today."""
    return timezone.localdate(timezone=zone())


def day_asked(words: Mapping[str, str], name: str = "day", otherwise: date | None = None) -> date:
    """The day under this name; what cannot be read is the other one, or today."""
    otherwise = otherwise or today()
    try:
        return parse_planned(words.get(name) or otherwise, today())
    except Unreadable:
        return otherwise


def day_typed(words: Mapping[str, str], name: str) -> date:
    """The day that somebody put something off to. Raises Refused at its field when it cannot be read."""
    try:
        return parse_planned(words.get(name, ""), today())
    except Unreadable as doubt:
        raise Refused(spoken(doubt.said), name) from None


def period_asked(words: Mapping[str, str], usual: timedelta = USUAL) -> tuple[date, date]:
    """The last thirty days or what else is usual, unless the address says otherwise; 400 days at most, the right way round."""
    last = day_asked(words, "to")
    first = day_asked(words, "from", last - usual)
    first, last = min(first, last), max(first, last)
    return max(first, last - MOST), last


def campus_asked(member: Membership, words: Mapping[str, str]) -> Campus | None:
    """The campus that is named; None means all of the member's."""
    pk = as_id(words.get("campus", ""))
    return campus_for(member, pk) if pk else None
