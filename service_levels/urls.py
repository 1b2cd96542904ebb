"""Addresses of service levels, below ``/s/{slug}/service/``."""
from django.urls import path

from service_levels.plans import views as plans

app_name = "service"
urlpatterns = [
    path("", plans.plans, name="plans"),
    path("who/", plans.who, name="who"),
    path("plans/<int:pk>/<slug:code>/", plans.plan, name="plan"),
]
