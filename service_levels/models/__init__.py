from service_levels.models.plans import Entitlement, PlanVersion, ServiceMeans

__all__ = ["Entitlement", "PlanVersion", "ServiceMeans"]
