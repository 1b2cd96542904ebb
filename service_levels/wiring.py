"""Where service levels hang on to what stands below them: pages of other apps, what they tell, the menu; called once, in ``apps.ready``."""
from django.utils.translation import gettext_lazy as _

from audit import words as audited
from crm import duplicates
from crm.actions import CONTACTED
from crm.concerns import taking
from crm.handover import HANDED_OVER
from crm.timetable import CHANGED as CALENDAR_CHANGED
from crm.undoing import TAKEN_BACK
from notifications import wording
from service_levels import consumers, furnish, letters, nightly, words
from service_levels.access import SEE_CONCESSIONS, VIEW
from service_levels.concessions import panels as concessions
from service_levels.concessions import working
from service_levels.cooperation import panels as cooperation
from service_levels.events import interests, inviting
from service_levels.events import panels as events
from service_levels.events import telling as events_telling
from service_levels.findings import panels as findings
from service_levels.notices import noting
from service_levels.notices import panels as notices
from service_levels.notices import telling as notices_telling
from service_levels.plans import panels as plans
from service_levels.points import panels as points
from service_levels.requests import concerns, links, recounting
from service_levels.requests import panels as requests
from service_levels.requests import telling as requests_telling
from service_levels.team import handing
from service_levels.touches import panels as touches
from service_levels.touches import settling
from service_levels.winback import panels as winback
from service_levels.winback import working as winning_back
from tenancy import menu
from tenancy.panels import register

WORKER = (consumers, events_telling, notices_telling, requests_telling)  # what the worker does is known once these are read


def connect() -> None:
    """Safe to repeat: each place takes a listener once."""
    for place in ("new_school", "older_school"):
        register(place, 60, furnish.furnish)
    audited.name(words.VERBS)
    wording.register(*letters.KINDS)
    _pages()
    _listen()
    _menu()


def _pages() -> None:
    """Cards on a family's page and on the first page, and a column of the list of families."""
    register("family", 11, requests.of_family, "service_levels/requests/family.html")
    register("family", 12, touches.of_family, "service_levels/touches/family.html")
    register("family", 13, winback.of_family, "service_levels/winback/family.html")
    register("family", 23, findings.of_family, "service_levels/findings/family.html")
    register("family", 24, notices.of_family, "service_levels/notices/family.html")
    register("family", 25, plans.owed, "service_levels/plans/family.html")
    register("family", 26, concessions.of_family, "service_levels/concessions/family.html")
    register("family", 27, points.of_family, "service_levels/points/family.html")
    register("family", 28, cooperation.of_family, "service_levels/cooperation/family.html")
    register("family", 29, events.of_family, "service_levels/events/family.html")
    register("family_row", 30, plans.row_plans, "service_levels/plans/cell.html")
    register("today", 11, requests.waiting, "service_levels/requests/today.html")
    register("today", 12, touches.to_call, "service_levels/touches/today.html")
    register("today", 13, concessions.waiting, "service_levels/concessions/today.html")
    register("today", 14, notices.waiting, "service_levels/notices/today.html")


def _listen() -> None:
    """What happens below that concerns plans, contacts, requests; and what follows a family that was merged."""
    register("tiers_published", 10, nightly.after_publishing)
    register(CONTACTED, 10, settling.contacted)
    register(HANDED_OVER, 10, handing.handed_over)
    register(CONTACTED, 20, concerns.contacted)
    register(taking.CONCERNED, 10, concerns.concerned)
    register(TAKEN_BACK, 10, concerns.taken_back)
    register(taking.CLOSED, 10, concerns.closed)
    register(taking.REOPENED, 10, concerns.reopened)
    register(CALENDAR_CHANGED, 10, recounting.calendar_changed)
    register("older_school", 65, concerns.furnish)
    register("older_school", 66, links.furnish)
    duplicates.follow("service_levels.servicerequest", "customer_id")
    duplicates.follow("service_levels.concession", "customer_id", working.stays_when_merged)
    duplicates.follow("service_levels.servicenotice", "customer_id", noting.stays_when_merged)
    duplicates.follow("service_levels.pointsentry", "customer_id")
    duplicates.follow("service_levels.cooperation", "customer_id")
    duplicates.follow("service_levels.recommendation", "customer_id")
    duplicates.follow("service_levels.customerinterest", "customer_id", interests.stays_when_merged)
    duplicates.follow("service_levels.finding", "customer_id")
    duplicates.follow("service_levels.winback", "customer_id", winning_back.stays_when_merged)
    duplicates.follow("service_levels.invitation", "customer_id", inviting.stays_when_merged)


def _menu() -> None:
    menu.add("keep", 22, _("挽回"), "service:win_backs", "churn.view", "volunteer_activism")
    menu.add("keep", 37, _("原因和改进"), "service:findings", VIEW, "troubleshoot")
    menu.add("serve", 3, _("服务请求"), "service:requests", VIEW, "support_agent", key="r")
    menu.add("serve", 4, _("常见问题和模板"), "service:answers", "crm.log", "quiz")
    menu.add("serve", 5, _("应触达"), "service:touches", VIEW, "phone_in_talk")
    menu.add("serve", 7, _("联系到位"), "service:coverage", "tiering.view", "grid_on")
    menu.add("serve", 10, _("服务方案"), "service:plans", VIEW, "workspace_premium")
    menu.add("serve", 11, _("变化通知"), "service:notices", VIEW, "campaign")
    menu.add("serve", 20, _("应享服务"), "service:who", VIEW, "loyalty")
    menu.add("care", 10, _("活动"), "service:events", VIEW, "celebration")
    menu.add("care", 20, _("优惠"), "service:concessions", SEE_CONCESSIONS, "sell")
    menu.add("care", 30, _("积分"), "service:points", VIEW, "stars")
    menu.add("care", 40, _("深度合作"), "service:cooperation", VIEW, "handshake")
    menu.add("care", 50, _("推荐"), "service:recommending", VIEW, "lightbulb")
    menu.add("care", 60, _("市场信息"), "service:market", VIEW, "newspaper")
    menu.add("manage", 9, _("团队分工"), "service:team", VIEW, "groups")
    menu.add("manage", 10, _("培训计划"), "service:training_plans", VIEW, "model_training")
