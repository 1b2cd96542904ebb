"""The tables of churn, split by noun."""
from churn.models.cases import Area, CaseCause, Cause, ChurnCase, DeepDive, Trigger
from churn.models.risk import Backtest, RiskNight, RiskStanding, WeightsVersion

__all__ = ["Area", "Backtest", "CaseCause", "Cause", "ChurnCase", "DeepDive", "RiskNight", "RiskStanding", "Trigger", "WeightsVersion"]
