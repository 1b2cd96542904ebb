"""Staff pages of reception, inside ``/s/{slug}/``."""
from django.urls import path

from reception import board_views, rules_views, talk_views, timing_views, views, wish_views

app_name = "reception"
urlpatterns = [
    path("board/", board_views.day, name="board"),
    path("board/live/", board_views.live, name="board_live"),
    path("board/walk-in/", board_views.walk_in, name="walk_in"),
    path("board/checks/", board_views.check_all, name="check_all"),
    path("board/checks/<int:pk>/", board_views.check, name="check"),
    path("board/check-in/", board_views.check_in, name="check_in"),
    path("board/<int:pk>/registration/", board_views.registration, name="registration"),
    path("board/<int:pk>/briefing/", board_views.briefing, name="briefing"),
    path("board/<int:pk>/step/", board_views.step, name="step"),
    path("board/<int:pk>/back/", board_views.back, name="back"),
    path("board/<int:pk>/time/", board_views.retime, name="retime"),
    path("board/<int:pk>/leave/", board_views.leave, name="leave"),
    path("board/<int:pk>/areas/", board_views.area, name="area"),
    path("board/<int:pk>/consultation/", talk_views.consultation, name="consultation"),
    path("board/<int:pk>/took-part/", talk_views.took_part, name="took_part"),
    path("follow-ups/", talk_views.follow_ups, name="follow_ups"),
    path("follow-ups/<int:pk>/<str:verb>/", talk_views.follow_up, name="follow_up"),
    path("visits/", views.visits, name="visits"),
    path("visits/new/", views.book, name="book"),
    path("visits/lengths/", timing_views.lengths, name="lengths"),
    path("visits/wishes/", wish_views.wishes, name="wishes"),
    path("visits/wishes/<int:pk>/", wish_views.settle, name="wish"),
    path("visits/<int:pk>/", views.visit, name="visit"),
    path("visits/<int:pk>/<str:verb>/", views.act, name="act"),
    path("slots/", views.slots, name="slots"),
    path("slots/<int:pk>/<str:verb>/", views.slot_act, name="slot_act"),
    path("booking-rules/", rules_views.rules, name="rules"),
    path("booking-rules/poster/", rules_views.poster, name="poster"),
]
