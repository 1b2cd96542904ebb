"""The doors of service levels."""
from typing import Any

from django.db.models import Q

from crm.access import customers
from crm.models import Child
from service_levels.models import (
    AnswerTemplate,
    Attachment,
    Concession,
    ConcessionPolicy,
    Cooperation,
    CourseOffer,
    Entitlement,
    Event,
    EventTask,
    Faq,
    Finding,
    Interest,
    Invitation,
    Leave,
    MarketNote,
    PlanVersion,
    PointsEntry,
    Prize,
    Recommendation,
    Recount,
    ServiceNotice,
    ServiceRequest,
    Touch,
    TrainingPlan,
    WinBack,
    WinBackStep,
)
from tenancy.access import find, must
from tenancy.models import Membership
from tiering.models import Scheme

VIEW, EDIT, PUBLISH = "service.view", "service.edit", "service.publish"
SEE_CONCESSIONS, CONCEDE = "service.concessions", "service.concede"
ORGANISE = "service.organise"
INFORM = "service.inform"


def entitlements(member: Membership) -> Any:
    """应享服务 of today, of the customers the member works for."""
    must(member, VIEW)
    return Entitlement.objects.now().filter(customer__in=customers(member)).select_related("customer__campus", "customer__owner")


def scheme_for(member: Membership, pk: Any, right: str = EDIT) -> Scheme:
    return find(member, Scheme.objects.select_related("customer_type"), pk, right)


def version_for(member: Membership, pk: Any, right: str = VIEW) -> PlanVersion:
    return find(member, PlanVersion.objects.select_related("scheme__customer_type", "proposed_by", "approved_by"), pk, right)


def touches(member: Membership) -> Any:
    """应触达 of the customers the member works for."""
    must(member, VIEW)
    return Touch.objects.filter(customer__in=customers(member))


def touch_for(member: Membership, pk: Any, right: str) -> Touch:
    return find(member, touches(member), pk, right)


def requests(member: Membership) -> Any:
    """服务请求 of the member's campuses; of nobody known, those about these campuses or about none."""
    must(member, VIEW)
    mine = member.campus_ids()
    nobodys = Q(customer=None) if mine is None else Q(customer=None) & (Q(campus=None) | Q(campus__in=mine))
    rows = ServiceRequest.objects.filter(Q(customer__in=customers(member)) | nobodys)
    return rows.select_related("customer__campus", "campus", "owner", "by")


def request_for(member: Membership, pk: Any, right: str = VIEW) -> ServiceRequest:
    return find(member, requests(member), pk, right)


def attachment_for(member: Membership, pk: Any) -> Attachment:
    """附件 of a request that the member may see."""
    return find(member, Attachment.objects.filter(event__request__in=requests(member).order_by()), pk, VIEW)


def faq_for(member: Membership, pk: Any) -> Faq:
    return find(member, Faq.objects.all(), pk, "crm.log")


def template_for(member: Membership, pk: Any) -> AnswerTemplate:
    return find(member, AnswerTemplate.objects.all(), pk, "crm.log")


def recount_for(member: Membership, pk: Any) -> Recount:
    return find(member, Recount.objects.select_related("decided_by"), pk, PUBLISH)


def waiting_recount(member: Membership) -> Recount | None:
    """What waits for a decision, for whoever may decide."""
    return Recount.objects.filter(state=Recount.State.WAITING).first() if member.may(PUBLISH) else None


def concessions(member: Membership) -> Any:
    """优惠 of the customers the member works for."""
    must(member, SEE_CONCESSIONS)
    rows = Concession.objects.filter(customer__in=customers(member))
    return rows.select_related("customer__campus", "child", "asked_by", "decided_by", "given_by")


def concession_for(member: Membership, pk: Any, right: str = SEE_CONCESSIONS) -> Concession:
    return find(member, concessions(member), pk, right)


def policy_for(member: Membership, pk: Any, right: str = SEE_CONCESSIONS) -> ConcessionPolicy:
    return find(member, ConcessionPolicy.objects.select_related("proposed_by", "approved_by"), pk, right)


def notices(member: Membership) -> Any:
    """变化通知 of the customers the member works for."""
    must(member, VIEW)
    return ServiceNotice.objects.filter(customer__in=customers(member)).select_related("customer__campus", "customer__owner", "version")


def notice_for(member: Membership, pk: Any, right: str = VIEW) -> ServiceNotice:
    return find(member, notices(member), pk, right)


def points(member: Membership) -> Any:
    """积分 of the customers the member works for."""
    must(member, VIEW)
    return PointsEntry.objects.filter(customer__in=customers(member)).select_related("customer__campus", "prize", "by")


def points_entry_for(member: Membership, pk: Any, right: str) -> PointsEntry:
    return find(member, points(member), pk, right)


def prize_for(member: Membership, pk: Any) -> Prize:
    return find(member, Prize.objects.all(), pk, ORGANISE)


def cooperation(member: Membership) -> Any:
    """深度合作 of the customers the member works for."""
    must(member, VIEW)
    rows = Cooperation.objects.filter(customer__in=customers(member))
    return rows.select_related("customer__campus", "customer__owner", "by", "decided_by")


def opinion_for(member: Membership, pk: Any) -> Cooperation:
    return find(member, cooperation(member), pk, VIEW)


def recommendations(member: Membership) -> Any:
    """推荐 of the customers the member works for."""
    must(member, VIEW)
    rows = Recommendation.objects.filter(customer__in=customers(member))
    return rows.select_related("customer__campus", "customer__owner", "child", "offer", "by")


def recommendation_for(member: Membership, pk: Any, right: str) -> Recommendation:
    return find(member, recommendations(member), pk, right)


def offer_for(member: Membership, pk: Any, right: str = VIEW) -> CourseOffer:
    return find(member, CourseOffer.objects.all(), pk, right)


def child_for(member: Membership, pk: Any, right: str) -> Child:
    """孩子 of a family that the member works for."""
    rows = Child.objects.filter(family__customer__in=customers(member)).select_related("family__customer__campus")
    return find(member, rows, pk, right)


def events(member: Membership) -> Any:
    """活动 of the whole school and of the member's campuses."""
    must(member, VIEW)
    mine = member.campus_ids()
    rows = Event.objects.all() if mine is None else Event.objects.filter(Q(campus=None) | Q(campus__in=mine))
    return rows.select_related("campus", "owner", "interest")


def event_for(member: Membership, pk: Any, right: str = VIEW) -> Event:
    return find(member, events(member), pk, right)


def event_task_for(member: Membership, pk: Any, right: str) -> EventTask:
    return find(member, EventTask.objects.filter(event__in=events(member).order_by()).select_related("event", "member"), pk, right)


def invitations(member: Membership) -> Any:
    """邀请 of the customers the member works for."""
    must(member, VIEW)
    rows = Invitation.objects.filter(customer__in=customers(member), event__in=events(member).order_by())
    return rows.select_related("event__campus", "customer__campus", "customer__owner")


def invitation_for(member: Membership, pk: Any, right: str) -> Invitation:
    return find(member, invitations(member), pk, right)


def interest_for(member: Membership, pk: Any) -> Interest:
    return find(member, Interest.objects.all(), pk, ORGANISE)


def win_backs(member: Membership) -> Any:
    """挽回计划 of the customers the member works for; who may not see risks sees none."""
    must(member, "churn.view")
    rows = WinBack.objects.filter(customer__in=customers(member))
    return rows.select_related("customer__campus", "customer__owner", "lead", "case", "by", "closed_by")


def win_back_for(member: Membership, pk: Any, right: str = "churn.view") -> WinBack:
    return find(member, win_backs(member), pk, right)


def win_back_step_for(member: Membership, pk: Any, right: str) -> WinBackStep:
    rows = WinBackStep.objects.filter(winback__in=win_backs(member).order_by())
    return find(member, rows.select_related("winback__customer", "member"), pk, right)


def colleague_for(member: Membership, pk: Any) -> Membership:
    """A colleague in work, for whoever may see what families are owed."""
    return find(member, Membership.objects.filter(is_active=True).select_related("stands_in"), pk, VIEW)


def leave_for(member: Membership, pk: Any) -> Leave:
    return find(member, Leave.objects.select_related("member", "cover", "by"), pk, VIEW)


def training_plan_for(member: Membership, pk: Any) -> TrainingPlan:
    return find(member, TrainingPlan.objects.all(), pk, EDIT)


def findings(member: Membership) -> Any:
    """原因和改进 of the customers the member works for."""
    must(member, VIEW)
    rows = Finding.objects.filter(customer__in=customers(member))
    return rows.select_related("customer__campus", "customer__owner", "cause", "by", "member")


def finding_for(member: Membership, pk: Any) -> Finding:
    return find(member, findings(member), pk, VIEW)


def market_note_for(member: Membership, pk: Any) -> MarketNote:
    return find(member, MarketNote.objects.all(), pk, INFORM)
