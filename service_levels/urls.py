"""Addresses of service levels, below ``/s/{slug}/service/``."""
from django.urls import path

from service_levels.plans import draft_views as drafts
from service_levels.plans import views as plans

app_name = "service"
urlpatterns = [
    path("", plans.plans, name="plans"),
    path("who/", plans.who, name="who"),
    path("means/", drafts.keep_means, name="means"),
    path("plans/<int:pk>/<slug:code>/", plans.plan, name="plan"),
    path("draft/<int:pk>/", drafts.draft, name="draft"),
    path("draft/<int:pk>/discard/", drafts.discard, name="draft_discard"),
    path("draft/<int:pk>/plan/<slug:code>/", drafts.edit, name="draft_plan"),
    path("draft/<int:pk>/do/<str:verb>/", drafts.act, name="draft_act"),
    path("schemes/<int:pk>/draft/", drafts.begin, name="draft_begin"),
]
