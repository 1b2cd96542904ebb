"""Tables of service levels, split by noun."""
from service_levels.models.answers import AnswerTemplate, Faq, FaqDay
from service_levels.models.concessions import Concession, ConcessionBudget, ConcessionPolicy
from service_levels.models.cooperation import Cooperation
from service_levels.models.events import CustomerInterest, Event, EventTask, Interest, Invitation
from service_levels.models.findings import Finding
from service_levels.models.market import MarketNote
from service_levels.models.notices import ServiceNotice
from service_levels.models.plans import Entitlement, PlanVersion, ServiceMeans
from service_levels.models.points import PointsEntry, PointsRules, Prize
from service_levels.models.recommending import CourseOffer, Recommendation
from service_levels.models.recounts import Recount
from service_levels.models.requests import Attachment, Clock, RequestEvent, ServiceRequest
from service_levels.models.rules import ClockRules
from service_levels.models.team import Leave, StaffProfile, StaffRules, TrainingPlan, TrainingSession
from service_levels.models.touches import Touch, TouchRules
from service_levels.models.winback import WinBack, WinBackStep

__all__ = ["AnswerTemplate", "Attachment", "Clock", "ClockRules", "Concession", "ConcessionBudget", "ConcessionPolicy", "Cooperation",
           "CourseOffer", "CustomerInterest", "Entitlement", "Event", "EventTask", "Faq", "FaqDay", "Finding", "Interest", "Invitation",
           "Leave", "MarketNote", "PlanVersion", "PointsEntry", "PointsRules", "Prize", "Recommendation", "Recount", "RequestEvent",
           "ServiceMeans", "ServiceNotice", "ServiceRequest", "StaffProfile", "StaffRules", "Touch", "TouchRules", "TrainingPlan",
           "TrainingSession", "WinBack", "WinBackStep"]
