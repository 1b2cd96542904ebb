"""Addresses of churn, below ``/s/{slug}/churn/``."""
from django.urls import path

from churn.cases import views as cases
from churn.departments import views as departments
from churn.measures import effects_views as effects
from churn.measures import views as measures
from churn.meetings import views as meetings
from churn.reports import views as reports
from churn.risk import views
from churn.voices import views as voices

app_name = "churn"
urlpatterns = [
    path("", views.board, name="board"),
    path("again/", views.again, name="again"),
    path("rules/", views.rules, name="rules"),
    path("backtests/", views.backtests, name="backtests"),
    path("backtests/<int:pk>/", views.one_backtest, name="backtest"),
    path("report/", reports.report, name="report"),
    path("cases/", cases.cases, name="cases"),
    path("cases/new/", cases.new, name="case_new"),
    path("cases/departures/", cases.departures, name="departures"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/<str:verb>/", cases.act, name="case_act"),
    path("departments/", departments.departments, name="departments"),
    path("measures/", measures.measures, name="measures"),
    path("measures/new/", measures.new, name="measure_new"),
    path("measures/<int:pk>/", measures.measure, name="measure"),
    path("measures/<int:pk>/<str:verb>/", measures.act, name="measure_act"),
    path("effects/", effects.effects, name="effects"),
    path("effects/rules/", effects.effect_rules, name="effect_rules"),
    path("lessons/", effects.lessons, name="lessons"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("voices/", voices.voices, name="voices"),
    path("voices/<int:pk>/<str:verb>/", voices.act, name="voice_act"),
    path("meetings/<int:pk>/<str:verb>/", meetings.act, name="meeting_act"),
]
