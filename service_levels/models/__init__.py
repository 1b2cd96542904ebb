"""Tables of service levels, split by noun."""
from service_levels.models.plans import Entitlement, PlanVersion, ServiceMeans
from service_levels.models.requests import Clock, RequestEvent, ServiceRequest
from service_levels.models.touches import Touch, TouchRules

__all__ = ["Clock", "Entitlement", "PlanVersion", "RequestEvent", "ServiceMeans", "ServiceRequest", "Touch", "TouchRules"]
