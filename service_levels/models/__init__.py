"""Tables of service levels, split by noun."""
from service_levels.models.plans import Entitlement, PlanVersion, ServiceMeans
from service_levels.models.touches import Touch, TouchRules

__all__ = ["Entitlement", "PlanVersion", "ServiceMeans", "Touch", "TouchRules"]
