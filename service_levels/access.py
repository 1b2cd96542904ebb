"""The doors of service levels."""
from typing import Any

from crm.access import customers
from service_levels.models import Entitlement, PlanVersion
from tenancy.access import find, must
from tenancy.models import Membership

VIEW = "service.view"


def entitlements(member: Membership) -> Any:
    """应享服务 of today, of the customers the member works for."""
    must(member, VIEW)
    return Entitlement.objects.now().filter(customer__in=customers(member)).select_related("customer__campus", "customer__owner")


def version_for(member: Membership, pk: Any, right: str = VIEW) -> PlanVersion:
    return find(member, PlanVersion.objects.select_related("scheme__customer_type", "proposed_by", "approved_by"), pk, right)
