"""Staff pages of reception, inside ``/s/{slug}/``."""
from django.urls import path

from reception import board_views, rules_views, talk_views, timing_views, views, wish_views
from reception.contracts import views as contracts

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
    path("contracts/", contracts.contracts, name="contracts"),
    path("contracts/new/", contracts.new, name="contract_new"),
    path("contracts/<int:pk>/", contracts.contract, name="contract"),
    path("contracts/<int:pk>/sign/", contracts.sign, name="contract_sign"),
    path("contracts/<int:pk>/file/", contracts.file, name="contract_file"),
    path("contracts/<int:pk>/do/<str:verb>/", contracts.act, name="contract_act"),
    path("contract-templates/", contracts.template_list, name="contract_templates"),
    path("contract-templates/write/", contracts.template_write, name="contract_template_write"),
    path("contract-templates/<int:pk>/", contracts.template, name="contract_template"),
    path("contract-templates/<int:pk>/<str:verb>/", contracts.template_act, name="contract_template_act"),
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
