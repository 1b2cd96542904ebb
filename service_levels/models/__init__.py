from service_levels.models.plans import Entitlement, PlanVersion

__all__ = ["Entitlement", "PlanVersion"]
