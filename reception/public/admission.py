"""Who may send a form in, from the API or from a page: counted, and asked for a code where one is wanted (SPEC B10)."""
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from reception.codes import can_send, check_code
from reception.models import BookingRules, CodeWanted
from reception.public.limits import Knock, counted
from reception.public.page_age import is_odd


@contextmanager
def admitted(told: Mapping[str, Any], ruled: BookingRules, address: str, at: datetime) -> Iterator[None]:
    """Counts for as long as what is done inside succeeds. Raises TooMany, or CodeRefused for a wrong or missing code."""
    with counted(Knock(told["phone"], address, at), ruled) as wants_code:
        hasty = is_odd(told.get("page", ""), at, least=ruled.page_seconds)
        if wants_code or (hasty and ruled.code != CodeWanted.NEVER and can_send()):
            check_code(told["phone"], told.get("code", ""), at=at)
        yield
