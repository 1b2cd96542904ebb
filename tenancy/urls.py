"""Joining a school: the invitation and the one-time link."""
from django.urls import path

from tenancy.views import invite, link

app_name = "tenancy"
urlpatterns = [
    path("members/invite/", invite, name="invite"),
    path("link/<str:token>/", link, name="link"),
]
