"""Addresses of churn, below ``/s/{slug}/churn/``."""
from django.urls import path

from churn.cases import views as cases
from churn.departments import views as departments
from churn.live import views as live
from churn.measures import reporting as effects
from churn.measures import views as measures
from churn.meetings import views as meetings
from churn.policies import views as policies
from churn.refunds import views as refunds
from churn.reports import views as reports
from churn.risk import views
from churn.voices import views as voices

app_name = "churn"
urlpatterns = [
    path("", views.board, name="board"),
    path("now/", live.now, name="now"),
    path("again/", views.again, name="again"),
    path("rules/", views.rules, name="rules"),
    path("backtests/", views.backtests, name="backtests"),
    path("backtests/<int:pk>/", views.one_backtest, name="backtest"),
    path("report/", reports.report, name="report"),
    path("report/<int:pk>/", reports.analysis, name="analysis"),
    path("report/<int:pk>/file/<str:form>/", reports.analysis_file, name="analysis_file"),
    path("report/<int:pk>/<str:verb>/", reports.analysis_act, name="analysis_act"),
    path("policy/", policies.policy, name="policy"),
    path("policy/publish/", policies.publish, name="policy_publish"),
    path("policy/<int:pk>/", policies.version, name="policy_version"),
    path("policy/<int:pk>/file/<str:form>/", policies.policy_file, name="policy_file"),
    path("policy/<int:pk>/read/", policies.read, name="policy_read"),
    path("cases/", cases.cases, name="cases"),
    path("cases/new/", cases.new, name="case_new"),
    path("cases/departures/", cases.departures, name="departures"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/<str:verb>/", cases.act, name="case_act"),
    path("departments/", departments.departments, name="departments"),
    path("departments/confirm/", departments.confirm, name="department_confirm"),
    path("departments/findings/<int:pk>/<str:verb>/", departments.finding, name="finding_act"),
    path("measures/", measures.measures, name="measures"),
    path("measures/new/", measures.new, name="measure_new"),
    path("measures/<int:pk>/", measures.measure, name="measure"),
    path("measures/<int:pk>/<str:verb>/", measures.act, name="measure_act"),
    path("effects/", effects.effects, name="effects"),
    path("effects/rules/", effects.effect_rules, name="effect_rules"),
    path("lessons/", effects.lessons, name="lessons"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("refunds/", refunds.refunds, name="refunds"),
    path("refunds/new/", refunds.new, name="refund_new"),
    path("refunds/rules/", refunds.rules, name="refund_rules"),
    path("refunds/<int:pk>/", refunds.refund, name="refund"),
    path("refunds/<int:pk>/<str:verb>/", refunds.act, name="refund_act"),
    path("voices/", voices.voices, name="voices"),
    path("voices/<int:pk>/<str:verb>/", voices.act, name="voice_act"),
    path("meetings/<int:pk>/<str:verb>/", meetings.act, name="meeting_act"),
]
