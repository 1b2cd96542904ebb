"""What a new school begins with: the shipped plans of each scheme that has any, in force as version 1 (K15)."""
from service_levels.models import PlanVersion
from service_levels.plans.book import as_data
from service_levels.plans.presets import BY_SCHEME
from tenancy.models import Tenant
from tiering.models import Scheme


def furnish(tenant: Tenant) -> None:
    """Safe to repeat: a scheme that has any version of plans keeps its own."""
    at = tenant.created_at
    for scheme in Scheme.objects.filter(code__in=BY_SCHEME, plan_versions=None):
        PlanVersion.objects.create(scheme=scheme, number=1, state=PlanVersion.State.IN_FORCE, book=as_data(BY_SCHEME[scheme.code]),
                                   in_force_since=at, edited_at=at)
