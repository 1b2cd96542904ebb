"""查询链接: by which whoever asked looks what has become of it, without a sign-in (K43d–e)."""
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import record
from service_levels.models import ServiceRequest
from tenancy.links import token_for, token_hash
from tenancy.models import Membership
from tenancy.refusals import Absent

KEPT = timedelta(days=60)  # how long a settled request can still be looked at


def token_of(row: ServiceRequest) -> str:
    """The link that is in force."""
    return token_for(f"request|{row.number}|{row.link_serial}")


def link_of(row: ServiceRequest) -> str:
    return f"{settings.MIAOPU_ORIGIN}/f/{token_of(row)}/"


def hash_of(row: ServiceRequest) -> str:
    return token_hash(token_of(row))


def request_by_token(token: str, at: datetime) -> ServiceRequest:
    """The request of a link that is in force. Raises Absent for every other."""
    rows = ServiceRequest.objects.filter(token_hash=token_hash(token))
    row = rows.select_related("customer__campus", "campus", "owner", "concern").first()
    gone = row is not None and row.customer and row.customer.deleted_at
    if row is None or gone or row.resolved_at and row.resolved_at < at - KEPT:
        raise Absent(_("没有找到。链接可能输错了，或者已经过期。"), code="not_found")
    return row  # type: ignore[no-any-return]


@transaction.atomic
def renew(row: ServiceRequest, *, by: Membership) -> None:
    """换一个链接: the old one, which went to somebody it was not for, opens nothing any more."""
    held = ServiceRequest.objects.select_for_update().get(pk=row.pk)
    held.link_serial += 1
    held.token_hash = hash_of(held)
    held.save(update_fields=["link_serial", "token_hash"])
    record(by, "service.request_link_renewed", held)
    row.refresh_from_db()


def furnish(_tenant: object) -> None:
    """Requests from before there were links get theirs. Safe to repeat."""
    for row in ServiceRequest.objects.filter(token_hash="").only("number", "link_serial"):
        ServiceRequest.objects.filter(pk=row.pk).update(token_hash=hash_of(row))
