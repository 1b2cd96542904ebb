"""The archive's tables, split by noun."""
from crm.models.anniversaries import Anniversary
from crm.models.calendar import WEEKDAYS, DayKind, SpecialDays, WorkCalendar, WorkShift
from crm.models.changes import Merge, NotDuplicate, Promotion
from crm.models.customers import (
    Child,
    Consent,
    Customer,
    CustomerType,
    ExtraField,
    ExtraValue,
    Family,
    Guardian,
    Partner,
    Relation,
    Sex,
)
from crm.models.facts import (
    INTENT_SCALES,
    Assessment,
    Channel,
    Concern,
    EntryKind,
    IntentRating,
    Referral,
    Satisfaction,
    TimelineEntry,
    WorkingGroup,
    WorkingGroupMember,
)
from crm.models.imports import ColumnMap, ImportChange, ImportKind, ImportRow, ImportRun, Job
from crm.models.improvements import Improvement
from crm.models.leads import CHILD_FIELDS, Lead, LeadChannel
from crm.models.money import FeeKind, Payment
from crm.models.ownership import Dispute, OwnershipRules
from crm.models.promises import Consultation, Promise
from crm.models.search import Counter, SearchToken
from crm.models.studies import CHURN_OUTCOMES, NATURAL_OUTCOMES, Attendance, ClassGroup, Enrolment, LessonPackage, Outcome
from crm.models.surveys import (
    Answer,
    Occasion,
    Question,
    QuestionKind,
    Survey,
    SurveyResponse,
    SurveyVersion,
    Topic,
)
from crm.models.trainings import Training, TrainingAttendance

__all__ = ["Anniversary", "Answer", "Assessment", "Attendance", "CHILD_FIELDS", "CHURN_OUTCOMES", "Channel", "Child", "ClassGroup",
           "ColumnMap", "Concern", "Consent", "Consultation", "Counter", "Customer", "CustomerType", "DayKind", "Dispute", "Enrolment",
           "EntryKind", "ExtraField", "ExtraValue", "Family", "FeeKind", "Guardian", "INTENT_SCALES", "ImportChange", "ImportKind",
           "ImportRow", "ImportRun", "Improvement", "IntentRating", "Job", "Lead", "LeadChannel", "LessonPackage", "Merge",
           "NATURAL_OUTCOMES", "NotDuplicate", "Occasion", "Outcome", "OwnershipRules", "Partner", "Payment", "Promise", "Promotion",
           "Question", "QuestionKind", "Referral", "Relation", "Satisfaction", "SearchToken", "Sex", "SpecialDays", "Survey",
           "SurveyResponse", "SurveyVersion", "TimelineEntry", "Topic", "Training", "TrainingAttendance", "WEEKDAYS", "WorkCalendar",
           "WorkShift", "WorkingGroup", "WorkingGroupMember"]
