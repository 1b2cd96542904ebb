"""The tables of churn, split by noun."""
from churn.models.cases import Area, CaseCause, Cause, ChurnCase, DeepDive, Trigger
from churn.models.departments import (
           ANSWERS_FOR,
           COLLECTORS,
           DEPARTMENT_OF,
           MATTERS_OF,
           Confirmation,
           Department,
           Finding,
           Matter,
           department_of,
)
from churn.models.measures import EffectRules, Evaluation, Formula, Indicator, Measure, MeasureCheck, MeasureStep
from churn.models.meetings import Item, Meeting, MeetingNote, MeetingPresence
from churn.models.policies import Policy, PolicyReceipt
from churn.models.refunds import RefundLine, RefundRequest, RefundRules, SaveOffer
from churn.models.reports import Analysis
from churn.models.risk import Backtest, RiskNight, RiskStanding, WeightsVersion
from churn.models.voices import Oversight, Voice

__all__ = ["ANSWERS_FOR", "COLLECTORS", "DEPARTMENT_OF", "MATTERS_OF", "Analysis", "Area", "Backtest", "CaseCause", "Cause",
           "ChurnCase", "Confirmation", "DeepDive", "Department", "EffectRules", "Evaluation", "Finding", "Formula", "Indicator",
           "Item", "Matter", "Measure", "MeasureCheck", "MeasureStep", "Meeting", "MeetingNote", "MeetingPresence", "Oversight",
           "Policy", "PolicyReceipt", "RefundLine", "RefundRequest", "RefundRules", "RiskNight", "RiskStanding", "SaveOffer",
           "Trigger", "Voice", "WeightsVersion", "department_of"]
