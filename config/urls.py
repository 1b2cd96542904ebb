"""Addresses outside of any school: sign-in, health, the API by token, documents of the API."""
from django.urls import include, path

from config.views import choose_language, health, home, operator

urlpatterns = [
    path("", home, name="home"),
    path("operator/", operator, name="operator"),
    path("healthz", health, name="health"),
    path("language/", choose_language, name="language"),
    path("accounts/", include("allauth.urls")),
    path("", include("crm.public_urls")),
    path("", include("reception.public.page_urls")),
    path("", include("service_levels.parents.urls")),
    path("api/v1/public/", include("reception.public.urls")),
    path("api/v1/", include("config.api_urls")),
]
