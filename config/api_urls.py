"""The staff API, the same under ``/api/v1/`` (token) and ``/s/{slug}/api/v1/`` (session)."""
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from tenancy import schema  # noqa: F401  (how the two ways of signing in are written in the document)

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("", include("crm.api_urls")),
    path("", include("tiering.api_urls")),
    path("", include("service_levels.api_urls")),
]
