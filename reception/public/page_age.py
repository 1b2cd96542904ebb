"""页面打开多久了: a booking that comes seconds after its page was opened was hardly typed by a person (SPEC B10).

It is not refused: where the school can send codes, it is asked for one. A program that has no page is not judged by it.
"""
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer

from tenancy.scope import current_tenant_id

LONGEST = timedelta(days=2)


def stamp(at: datetime) -> str:
    """When this page was made, signed for this school."""
    return _signer().sign(str(int(at.timestamp())))


def is_odd(stamped: str, at: datetime, *, least: int) -> bool:
    """Whether the page was sent off sooner than in ``least`` seconds, days later, or with a stamp nobody made."""
    if not stamped or not least:
        return False
    try:
        made = int(_signer().unsign(stamped))
    except (BadSignature, ValueError):
        return True
    return not least <= at.timestamp() - made <= LONGEST.total_seconds()


def _signer() -> Signer:
    return Signer(salt=f"booking-page-{current_tenant_id()}")
