"""Tables of service levels, split by noun."""
from service_levels.models.plans import Entitlement, PlanVersion, ServiceMeans
from service_levels.models.recounts import Recount
from service_levels.models.requests import Clock, RequestEvent, ServiceRequest
from service_levels.models.touches import Touch, TouchRules

__all__ = ["Clock", "Entitlement", "PlanVersion", "Recount", "RequestEvent", "ServiceMeans", "ServiceRequest", "Touch", "TouchRules"]
