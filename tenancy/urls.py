"""Joining a school, keys to its API, the campus one looks at."""
from django.urls import path

from tenancy.views import choose_campus, invite, link, revoke, tokens

app_name = "tenancy"
urlpatterns = [
    path("members/invite/", invite, name="invite"),
    path("link/<str:token>/", link, name="link"),
    path("tokens/", tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", revoke, name="revoke"),
    path("campus/", choose_campus, name="campus"),
]
