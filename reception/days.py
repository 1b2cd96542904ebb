"""Which day a page is about: the campus's today, unless the address says another that can be read."""
from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from crm.opening import zone
from crm.parse import Unreadable, parse_planned


def today() -> date:
    return timezone.localdate(timezone=zone())


def day_asked(words: Mapping[str, str], name: str = "day", otherwise: date | None = None) -> date:
    """The day under this name; what cannot be read is the other one."""
    otherwise = otherwise or today()
    try:
        return parse_planned(words.get(name) or otherwise, today())
    except Unreadable:
        return otherwise
