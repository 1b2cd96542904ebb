"""Staff pages of reception, inside ``/s/{slug}/``."""
from django.urls import path

from reception import rules_views, views, wish_views

app_name = "reception"
urlpatterns = [
    path("visits/", views.visits, name="visits"),
    path("visits/new/", views.book, name="book"),
    path("visits/wishes/", wish_views.wishes, name="wishes"),
    path("visits/wishes/<int:pk>/", wish_views.settle, name="wish"),
    path("visits/<int:pk>/", views.visit, name="visit"),
    path("visits/<int:pk>/<str:verb>/", views.act, name="act"),
    path("slots/", views.slots, name="slots"),
    path("slots/<int:pk>/<str:verb>/", views.slot_act, name="slot_act"),
    path("booking-rules/", rules_views.rules, name="rules"),
    path("booking-rules/poster/", rules_views.poster, name="poster"),
]
