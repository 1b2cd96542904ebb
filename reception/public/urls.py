"""Addresses of the public API, under ``/api/v1/public/``."""
from django.urls import path

from reception.public import views

urlpatterns = [
    path("t/<slug:slug>/campuses/", views.Campuses.as_view(), name="public-campuses"),
    path("t/<slug:slug>/notice/", views.Notice.as_view(), name="public-notice"),
    path("t/<slug:slug>/slots/", views.Slots.as_view(), name="public-slots"),
    path("t/<slug:slug>/holds/", views.Holds.as_view(), name="public-holds"),
    path("t/<slug:slug>/holds/<str:hold>/", views.Hold.as_view(), name="public-hold"),
    path("t/<slug:slug>/codes/", views.Codes.as_view(), name="public-codes"),
    path("t/<slug:slug>/bookings/", views.Bookings.as_view(), name="public-bookings"),
    path("t/<slug:slug>/waitlist/", views.Waitlist.as_view(), name="public-waitlist"),
    path("b/<str:token>/", views.Own.as_view(), name="public-booking"),
    path("b/<str:token>/calendar.ics", views.CalendarFile.as_view(), name="public-calendar"),
    path("b/<str:token>/accept/", views.Accept.as_view(), name="public-accept"),
]
