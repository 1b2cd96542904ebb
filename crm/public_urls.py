"""The archive's pages for parents, at the root of the site."""
from django.urls import path

from crm.concerns.public import box
from crm.surveys.public import own_survey

urlpatterns = [
    path("q/<str:token>/", own_survey, name="own-survey"),
    path("t/<slug:slug>/box/", box, name="box"),
]
