"""The steps of a batch, taken together: each must be called inside a tenant scope."""
from datetime import date, datetime

from tenancy.models import Membership
from tiering.actions import compute, in_force, publish, review, submit
from tiering.models import Batch, Scheme, SchemeVersion

TODAY = date(2026, 11, 20)
JUNE, SEPTEMBER = date(2026, 6, 30), date(2026, 9, 30)


def scheme(code: str = "kg-ad") -> Scheme:
    return Scheme.objects.get(code=code)


def current(code: str = "kg-ad") -> SchemeVersion:
    return in_force(scheme(code))


def computed(by: Membership, at: datetime, as_of: date = SEPTEMBER, code: str = "kg-ad", **values) -> Batch:
    return compute(current(code), as_of=as_of, today=TODAY, by=by, at=at, **values)


def in_review(by: Membership, at: datetime, as_of: date = SEPTEMBER, code: str = "kg-ad") -> Batch:
    batch = computed(by, at, as_of, code)
    submit(batch, by=by, at=at)
    return batch


def published(head: Membership, deputy: Membership, at: datetime, as_of: date = SEPTEMBER, code: str = "kg-ad") -> Batch:
    """Computed and submitted by one, looked at and approved by the other."""
    batch = in_review(head, at, as_of, code)
    review(batch, by=deputy, agrees=True, note="", at=at)
    publish(batch, by=deputy, at=at)
    return batch
