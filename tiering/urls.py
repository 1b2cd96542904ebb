"""Staff pages of the tier engine."""
from django.urls import path

from tiering import views
from tiering.scheme_views import approve, discard, edit, sandbox, schemes, submit

app_name = "tiering"
urlpatterns = [
    path("batches/", views.batches, name="batches"),
    path("batches/compute/", views.compute, name="compute"),
    path("batches/<int:pk>/", views.batch, name="batch"),
    path("batches/<int:pk>/movers/", views.movers, name="movers"),
    path("batches/<int:pk>/fairness/", views.fairness, name="fairness"),
    path("batches/<int:pk>/report/", views.batch_report, name="batch_report"),
    path("batches/<int:pk>/report/write/", views.write_report, name="write_report"),
    path("batches/<int:pk>/report.<str:form>", views.download, name="download"),
    path("batches/<int:pk>/<str:verb>/", views.act, name="act"),
    path("report/", views.report, name="report"),
    path("drift/", views.drift, name="drift"),
    path("overrides/", views.overrides, name="overrides"),
    path("families/<int:pk>/override/", views.override, name="override"),
    path("schemes/", schemes, name="schemes"),
    path("schemes/<int:pk>/", edit, name="scheme"),
    path("schemes/<int:pk>/sandbox/", sandbox, name="sandbox"),
    path("schemes/<int:pk>/submit/", submit, name="scheme_submit"),
    path("schemes/<int:pk>/approve/", approve, name="scheme_approve"),
    path("schemes/<int:pk>/discard/", discard, name="scheme_discard"),
]
