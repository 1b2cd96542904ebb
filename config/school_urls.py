"""Addresses inside ``/s/{slug}/``: staff pages, the admin, the API by session."""
from django.contrib.admin import autodiscover
from django.urls import include, path

from config.views import choose_language
from tenancy.site import site

autodiscover()  # here and not at every start: worker, beat and relay show no admin

urlpatterns = [
    path("", include("crm.urls")),
    path("", include("reception.urls")),
    path("tiering/", include("tiering.urls")),
    path("churn/", include("churn.urls")),
    path("service/", include("service_levels.urls")),
    path("", include("notifications.urls")),
    path("", include("tenancy.urls")),
    path("language/", choose_language, name="language"),
    path("admin/", site.urls),
    path("api/v1/", include("config.api_urls")),
]
