"""Addresses of service levels, below ``/s/{slug}/service/``."""
from django.urls import path

from service_levels.answers import views as answers
from service_levels.concessions import policy_views as policies
from service_levels.concessions import views as concessions
from service_levels.cooperation import views as opinions
from service_levels.events import guest_views as guests
from service_levels.events import views as events
from service_levels.findings import views as findings
from service_levels.market import views as market
from service_levels.notices import views as notices
from service_levels.plans import draft_views as drafts
from service_levels.plans import views as plans
from service_levels.points import views as points
from service_levels.recommending import views as recommending
from service_levels.requests import deadline_views as deadlines
from service_levels.requests import views as requests
from service_levels.team import training_views as training
from service_levels.team import views as team
from service_levels.touches import views as touches
from service_levels.winback import views as winback

app_name = "service"
urlpatterns = [
    path("", plans.plans, name="plans"),
    path("who/", plans.who, name="who"),
    path("means/", drafts.keep_means, name="means"),
    path("plans/<int:pk>/<slug:code>/", plans.plan, name="plan"),
    path("draft/<int:pk>/", drafts.draft, name="draft"),
    path("draft/<int:pk>/discard/", drafts.discard, name="draft_discard"),
    path("draft/<int:pk>/plan/<slug:code>/", drafts.edit, name="draft_plan"),
    path("draft/<int:pk>/do/<str:verb>/", drafts.act, name="draft_act"),
    path("cooperation/", opinions.cooperation, name="cooperation"),
    path("cooperation/with/<int:pk>/", opinions.write_down, name="opinion_new"),
    path("cooperation/<int:pk>/", opinions.opinion, name="opinion"),
    path("cooperation/<int:pk>/do/<str:verb>/", opinions.act, name="opinion_act"),
    path("events/", events.events, name="events"),
    path("events/new/", events.plan, name="event_new"),
    path("events/effects/", events.effects, name="event_effects"),
    path("events/interests/", events.interest_list, name="interests"),
    path("events/interests/<int:pk>/remove/", events.interest_remove, name="interest_remove"),
    path("events/interests/of/<int:pk>/", events.interests_of, name="interests_of"),
    path("events/<int:pk>/", events.event, name="event"),
    path("events/<int:pk>/plan/", events.plan, name="event_plan"),
    path("events/<int:pk>/door/", events.door, name="event_door"),
    path("events/<int:pk>/fitting/", guests.fitting, name="event_fitting"),
    path("events/<int:pk>/invite/", guests.invite, name="event_invite"),
    path("events/<int:pk>/do/<str:verb>/", events.act, name="event_act"),
    path("events/tasks/<int:pk>/", events.task, name="event_task"),
    path("events/tasks/<int:pk>/do/<str:verb>/", events.task_act, name="event_task_act"),
    path("events/guests/<int:pk>/do/<str:verb>/", guests.act, name="guest_act"),
    path("events/guests/<int:pk>/", guests.guest, name="guest"),
    path("findings/", findings.findings, name="findings"),
    path("findings/with/<int:pk>/", findings.new, name="finding_new"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/do/<str:verb>/", findings.act, name="finding_act"),
    path("findings/<int:pk>/drop/", findings.drop, name="finding_drop"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/do/<str:verb>/", notices.act, name="notice_act"),
    path("points/", points.points, name="points"),
    path("points/rules/", points.rules, name="points_rules"),
    path("points/prizes/new/", points.prize, name="prize_new"),
    path("points/prizes/<int:pk>/", points.prize, name="prize"),
    path("points/of/<int:pk>/redeem/", points.redeem, name="points_redeem"),
    path("points/of/<int:pk>/give/", points.give, name="points_give"),
    path("points/<int:pk>/back/", points.take_back, name="points_take_back"),
    path("touches/", touches.touches, name="touches"),
    path("touches/coverage/", touches.coverage, name="coverage"),
    path("touches/rules/", touches.keep_rules, name="touch_rules"),
    path("touches/<int:pk>/again/", touches.again, name="touch_again"),
    path("touches/<int:pk>/do/<str:verb>/", touches.act, name="touch"),
    path("market/", market.market, name="market"),
    path("market/new/", market.note, name="market_new"),
    path("market/<int:pk>/", market.note, name="market_note"),
    path("market/<int:pk>/drop/", market.drop, name="market_drop"),
    path("recommending/", recommending.recommending, name="recommending"),
    path("recommending/new/", recommending.offer, name="offer_new"),
    path("recommending/<int:pk>/", recommending.offer, name="offer"),
    path("recommending/<int:pk>/fitting/", recommending.fitting, name="fitting"),
    path("recommending/<int:pk>/recommend/", recommending.recommend, name="recommend"),
    path("recommended/<int:pk>/do/<str:verb>/", recommending.act, name="recommendation_act"),
    path("requests/", requests.queue, name="requests"),
    path("requests/new/", requests.new, name="request_new"),
    path("requests/<int:pk>/", requests.detail, name="request"),
    path("requests/<int:pk>/do/<str:verb>/", requests.act, name="request_act"),
    path("requests/pauses/", deadlines.pauses, name="pauses"),
    path("requests/rules/", deadlines.clock_rules, name="clock_rules"),
    path("files/<int:pk>/", requests.attachment, name="attachment"),
    path("recounts/<int:pk>/", deadlines.recount, name="recount"),
    path("recounts/<int:pk>/<str:verb>/", deadlines.recount_act, name="recount_act"),
    path("answers/", answers.answers, name="answers"),
    path("answers/new/", answers.faq, name="faq_new"),
    path("answers/<int:pk>/", answers.faq, name="faq"),
    path("answers/<int:pk>/do/<str:verb>/", answers.act, name="answer_act"),
    path("answers/templates/new/", answers.template, name="template_new"),
    path("answers/templates/<int:pk>/", answers.template, name="template"),
    path("answers/templates/<int:pk>/drop/", answers.drop, name="template_drop"),
    path("concessions/", concessions.concessions, name="concessions"),
    path("concessions/fair/", concessions.fair, name="concessions_fair"),
    path("concessions/for/<int:pk>/", concessions.ask, name="concession_ask"),
    path("concessions/<int:pk>/", concessions.concession, name="concession"),
    path("concessions/<int:pk>/do/<str:verb>/", concessions.act, name="concession_act"),
    path("concessions/policy/begin/", policies.begin, name="policy_begin"),
    path("concessions/policy/<int:pk>/", policies.policy, name="policy"),
    path("concessions/policy/<int:pk>/rules/<slug:rule>/", policies.edit, name="policy_rule"),
    path("concessions/policy/<int:pk>/do/<str:verb>/", policies.act, name="policy_act"),
    path("concessions/policy/<int:pk>/discard/", policies.discard, name="policy_discard"),
    path("team/", team.team, name="team"),
    path("team/rules/", team.rules, name="staff_rules"),
    path("team/assign/", team.assign_all, name="assign_all"),
    path("team/assign/<int:pk>/", team.assign, name="assign"),
    path("team/<int:pk>/", team.profile, name="profile"),
    path("team/<int:pk>/leave/", team.leave, name="leave"),
    path("team/leaves/<int:pk>/end/", team.end_leave, name="leave_end"),
    path("team/training/", training.plans, name="training_plans"),
    path("team/training/begin/", training.begin, name="training_begin"),
    path("team/training/new/", training.plan, name="training_plan_new"),
    path("team/training/<int:pk>/", training.plan, name="training_plan"),
    path("team/training/<int:pk>/held/", training.held, name="training_held"),
    path("winback/", winback.winbacks, name="win_backs"),
    path("winback/for/<int:pk>/", winback.begin, name="win_back_new"),
    path("winback/<int:pk>/", winback.plan, name="win_back"),
    path("winback/<int:pk>/do/<str:verb>/", winback.act, name="win_back_act"),
    path("winback/steps/<int:pk>/do/<str:verb>/", winback.step_act, name="win_back_step_act"),
    path("schemes/<int:pk>/draft/", drafts.begin, name="draft_begin"),
]
