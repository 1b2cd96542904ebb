"""The tier engine's doors."""
from typing import Any

from crm.access import customers
from tenancy.access import find
from tenancy.models import Membership
from tiering.models import Batch, Override, Scheme, SchemeVersion


def batch_for(member: Membership, pk: Any, right: str = "tiering.view") -> Batch:
    rows = Batch.objects.select_related("version__scheme__customer_type", "computed_by", "proposed_by", "published_by", "previous")
    return find(member, rows, pk, right)


def scheme_for(member: Membership, pk: Any, right: str = "tiering.view") -> Scheme:
    return find(member, Scheme.objects.select_related("customer_type"), pk, right)


def version_for(member: Membership, pk: Any, right: str = "tiering.view") -> SchemeVersion:
    return find(member, SchemeVersion.objects.select_related("scheme__customer_type", "proposed_by"), pk, right)


def override_for(member: Membership, pk: Any, right: str) -> Override:
    rows = Override.objects.filter(customer__in=customers(member))
    return find(member, rows.select_related("customer", "scheme", "proposed_by"), pk, right)
