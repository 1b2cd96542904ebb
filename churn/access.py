"""The doors of churn: id + member → object, or 404 / 403."""
from typing import Any

from django.db.models import Q

from churn.models import (
    Analysis,
    Backtest,
    CaseCause,
    ChurnCase,
    Finding,
    Measure,
    MeasureStep,
    Meeting,
    MeetingNote,
    Oversight,
    Policy,
    RefundRequest,
    RiskStanding,
    SaveOffer,
    Voice,
)
from crm.access import customers
from tenancy.access import find, must
from tenancy.models import Membership


def standings(member: Membership) -> Any:
    """The risk of the present customers of the member's campuses, as it stands."""
    must(member, "churn.view")
    return RiskStanding.objects.now().filter(customer__in=customers(member))


def backtests(member: Membership) -> Any:
    """Back-tests count a whole school, so only who works for all of it reads them."""
    must(member, "churn.view")
    rows = Backtest.objects.select_related("by")
    return rows if member.campus_ids() is None else rows.none()


def backtest_for(member: Membership, pk: Any) -> Backtest:
    return find(member, backtests(member), pk, "churn.view")


def cases(member: Membership) -> Any:
    """Churn cases of the member's campuses; of families in the bin none."""
    must(member, "churn.view")
    rows = ChurnCase.objects.filter(customer__deleted_at=None, customer__erased_at=None).in_campuses(member.campus_ids())
    return rows.select_related("customer", "child", "campus", "owner", "by", "closed_by")


def case_for(member: Membership, pk: Any, right: str = "churn.view") -> ChurnCase:
    return find(member, cases(member), pk, right)


def case_cause_for(member: Membership, case: ChurnCase, pk: Any) -> CaseCause:
    return find(member, CaseCause.objects.filter(case=case).select_related("case", "cause"), pk, "churn.case")


def measures(member: Membership) -> Any:
    """改进措施 of the whole school and of the member's campuses."""
    must(member, "churn.view")
    mine = member.campus_ids()
    rows = Measure.objects.select_related("owner", "campus", "class_group", "cause", "by", "meeting", "follows")
    return rows if mine is None else rows.filter(Q(campus=None) | Q(campus__in=mine))


def measure_for(member: Membership, pk: Any, right: str = "churn.view") -> Measure:
    return find(member, measures(member), pk, right)


def step_for(member: Membership, measure: Measure, pk: Any) -> MeasureStep:
    return find(member, MeasureStep.objects.filter(measure=measure).select_related("measure"), pk, "churn.case")


def meeting_for(member: Membership, pk: Any) -> Meeting:
    """例会 are held for the whole school; what is seen in them is each reader's own."""
    return find(member, Meeting.objects.select_related("host"), pk, "churn.view")


def note_for(member: Membership, meeting: Meeting, pk: Any) -> MeetingNote:
    return find(member, MeetingNote.objects.filter(meeting=meeting).select_related("meeting"), pk, "churn.case")


def voices(member: Membership) -> Any:
    """心声: all of them for who steers or inspects, one's own for everybody else."""
    must(member, "churn.speak")
    rows = Voice.objects.select_related("by", "answered_by", "measure")
    return rows if member.may("churn.plan") or member.may("audit.view") else rows.filter(by=member)


def voice_for(member: Membership, pk: Any) -> Voice:
    return find(member, voices(member), pk, "churn.speak")


def oversights(member: Membership) -> Any:
    """督导 is said for everybody who reads of churn; nobody else's page shows any."""
    must(member, "churn.speak")
    rows = Oversight.objects.select_related("by", "answered_by")
    return rows if member.may("churn.view") else rows.none()


def oversight_for(member: Membership, pk: Any) -> Oversight:
    return find(member, oversights(member), pk, "churn.view")


def finding_for(member: Membership, pk: Any) -> Finding:
    """部门的发现 of the whole school and of the member's campuses."""
    mine = member.campus_ids()
    rows = Finding.objects.select_related("by", "campus")
    return find(member, rows if mine is None else rows.filter(Q(campus=None) | Q(campus__in=mine)), pk, "churn.case")


def analyses(member: Membership) -> Any:
    """流失分析报告 of the member's campuses; those of the whole school are read by who works for all of it."""
    must(member, "churn.view")
    rows, mine = Analysis.objects.select_related("campus", "written_by", "signed_by"), member.campus_ids()
    return rows if mine is None else rows.filter(campus__in=mine)


def analysis_for(member: Membership, pk: Any) -> Analysis:
    return find(member, analyses(member), pk, "churn.view")


def policies(member: Membership) -> Any:
    """制度 is for everybody who works here."""
    must(member, "crm.view")
    return Policy.objects.select_related("published_by")


def policy_for(member: Membership, pk: Any, right: str = "crm.view") -> Policy:
    return find(member, policies(member), pk, right)


def refunds(member: Membership) -> Any:
    """退费申请 of the member's campuses; of families in the bin none."""
    must(member, "churn.refund")
    rows = RefundRequest.objects.filter(customer__deleted_at=None, customer__erased_at=None).in_campuses(member.campus_ids())
    return rows.select_related("customer", "child", "campus", "case", "by", "proposed_by", "decided_by")


def refund_for(member: Membership, pk: Any) -> RefundRequest:
    return find(member, refunds(member), pk, "churn.refund")


def save_offer_for(member: Membership, request: RefundRequest, pk: Any) -> SaveOffer:
    return find(member, SaveOffer.objects.filter(request=request).select_related("request__case", "request__customer"), pk, "churn.refund")
