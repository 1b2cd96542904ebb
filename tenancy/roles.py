"""One literal table: which role holds which right (SPEC "Who uses it", R36, K32). Rights are ``app.verb``."""
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """角色"""

    HEAD = "head", _("园长")
    DEPUTY = "deputy", _("副园长")
    RECEPTION = "supervisor", _("接待主管")
    FRONT_DESK = "frontdesk", _("前台")
    TEACHER = "teacher", _("教师")
    AGENT = "agent", _("客服专员")
    PLANNER = "planner", _("活动策划专员")
    RELATIONS = "relations", _("家长关系维护专员")
    MARKETING = "marketing", _("市场")
    OPERATIONS = "operations", _("运营")
    ADMINISTRATION = "admin", _("行政")
    INSPECTOR = "inspector", _("监督")


ARCHIVE_READ = {"crm.view", "reception.view"}
ARCHIVE_WRITE = ARCHIVE_READ | {"crm.change", "crm.log", "crm.reveal"}
MONEY = {"crm.money", "crm.refund"}
DATA = {"crm.import", "crm.export", "crm.merge", "crm.delete"}
REFEREE = {"crm.referee"}  # deciding whose a family is that two colleagues reached (B25)
JUDGE = {"tiering.view", "tiering.compute", "tiering.review", "tiering.override"}
DECIDE = {"tiering.edit_scheme", "tiering.publish", "tiering.sign", "service.edit", "service.publish"}
EVERYBODY = {"churn.speak", "service.view"}  # who works here may speak up (C21) and knows what families are owed (S18)
WRITE_PLANS = {"service.edit"}  # who works out together what each tier is owed (S18)
SEE_CONCESSIONS = {"service.concessions"}  # what families were given off, and whether it was fair (X10)
ORGANISE = {"service.organise"}  # events, points and prizes (K32e, K35)
INFORM = {"service.inform"}  # what families hear of the market (S11c)
CONCEDE = SEE_CONCESSIONS | {"service.concede"}  # who may ask for it for a family
LEAVING = {"churn.view", "churn.case"}
REFUND = {"churn.refund"}  # taking applications down and talking about them; approving and paying is crm.refund
STEER = {"churn.plan"}  # measures and the weekly meeting: who leads the two groups (C3a, C5a), and the management
KEEP = LEAVING | REFUND | REFEREE | STEER | {"churn.rules", "churn.oversee"}
RECEIVE = {"reception.book", "reception.visit", "reception.contract", "notifications.parents"}
RUN_SCHOOL = {"tenancy.members", "tenancy.campuses", "audit.view", "crm.calendar", "reception.manage", "notifications.manage",
              "reception.approve", "reception.costs", "crm.survey"} | RECEIVE

RIGHTS: dict[str, frozenset[str]] = {role: frozenset(rights | EVERYBODY) for role, rights in {
    Role.HEAD: ARCHIVE_WRITE | MONEY | DATA | JUDGE | DECIDE | RUN_SCHOOL | KEEP | CONCEDE | ORGANISE | INFORM,
    Role.DEPUTY: ARCHIVE_WRITE | MONEY | DATA | JUDGE | DECIDE | RUN_SCHOOL | KEEP | CONCEDE | ORGANISE | INFORM,
    Role.RECEPTION: ARCHIVE_WRITE | RECEIVE | LEAVING | REFUND | REFEREE | CONCEDE | {
        "crm.import", "crm.export", "crm.calendar", "crm.survey", "tiering.view", "reception.manage", "reception.costs",
        "notifications.manage"},
    Role.FRONT_DESK: ARCHIVE_WRITE | {"crm.money"} | RECEIVE | REFUND,
    Role.TEACHER: ARCHIVE_READ | LEAVING | {"crm.log", "tiering.view", "reception.visit"},
    Role.AGENT: ARCHIVE_WRITE | {"tiering.view"} | RECEIVE | LEAVING | REFUND | CONCEDE,
    Role.PLANNER: ARCHIVE_READ | LEAVING | ORGANISE | {"crm.log", "tiering.view"},
    Role.RELATIONS: ARCHIVE_WRITE | RECEIVE | LEAVING | REFUND | WRITE_PLANS | CONCEDE | ORGANISE | INFORM | {
        "tiering.view", "tiering.review", "crm.survey"},
    Role.MARKETING: ARCHIVE_WRITE | RECEIVE | LEAVING | REFEREE | STEER | CONCEDE | INFORM | {
        "churn.rules", "crm.import", "crm.export", "crm.merge", "tiering.view", "tiering.review", "reception.costs"},
    Role.OPERATIONS: ARCHIVE_READ | LEAVING | STEER | WRITE_PLANS | SEE_CONCESSIONS | {
        "reception.costs", "crm.survey", "crm.export", "tiering.view", "tiering.compute", "tiering.review"},
    Role.ADMINISTRATION: ARCHIVE_READ | MONEY | LEAVING | REFUND | {"reception.costs", "crm.import", "tenancy.campuses", "crm.calendar"},
    Role.INSPECTOR: ARCHIVE_READ | SEE_CONCESSIONS | {"churn.view", "tiering.view", "audit.view"},
}.items()}


def may(role: str, right: str) -> bool:
    return right in RIGHTS.get(role, frozenset())
