"""The tables of churn, split by noun."""
from churn.models.cases import Area, CaseCause, Cause, ChurnCase, DeepDive, Trigger
from churn.models.departments import ANSWERS_FOR, DEPARTMENT_OF, Department, department_of
from churn.models.measures import EffectRules, Evaluation, Formula, Indicator, Measure, MeasureCheck, MeasureStep
from churn.models.meetings import Item, Meeting, MeetingNote, MeetingPresence
from churn.models.risk import Backtest, RiskNight, RiskStanding, WeightsVersion
from churn.models.voices import Oversight, Voice

__all__ = ["ANSWERS_FOR", "DEPARTMENT_OF", "Area", "Backtest", "CaseCause", "Cause", "ChurnCase", "DeepDive", "Department",
           "EffectRules", "Evaluation", "Formula", "Indicator", "Item", "Measure", "MeasureCheck", "MeasureStep", "Meeting",
           "MeetingNote", "MeetingPresence", "Oversight", "RiskNight", "RiskStanding", "Trigger", "Voice", "WeightsVersion",
           "department_of"]
