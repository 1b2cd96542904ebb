"""Addresses of churn, below ``/s/{slug}/churn/``."""
from django.urls import path

from churn.cases import views as cases
from churn.reports import views as reports
from churn.risk import views

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
]
