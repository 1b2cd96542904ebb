"""What may be a minute old (QUALITY E-3): names and figures over a whole school, kept in the cache.

Whether somebody may see them is asked on every request, before they are looked up.
"""
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max

from tenancy.models import Membership

SECONDS = 60
Found = TypeVar("Found")


def remembered(key: str, build: Callable[[], Found]) -> Found:
    """What was built under this key within the last minute, else built now."""
    known: Found | None = cache.get(key)
    if known is None:
        known = build()
        cache.set(key, known, SECONDS)
    return known


def forget(key: str) -> None:
    """Built anew from now on, and again once the change is committed, for whoever built it in between."""
    cache.delete(key)
    transaction.on_commit(lambda: cache.delete(key))


def seen_by(member: Membership, what: str, *stamps: Any) -> str:
    """The key of what one member sees: another school, member, choice of campuses or stamp is another key.

    A stamp is what the figures hang on, such as the newest row they count: where it changes they are built at once.
    """
    campuses = member.campus_ids()
    scope = "all" if campuses is None else "+".join(map(str, sorted(campuses)))
    return ":".join([what, str(member.tenant_id), str(member.pk), scope, *map(str, stamps)])


def newest(model: Any) -> int:
    """The number of the school's newest row, 0 where there is none: one step in the (tenant, id) index."""
    return model.objects.aggregate(newest=Max("id"))["newest"] or 0
