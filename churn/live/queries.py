"""What has happened today and what waits, each reader's own campuses only (C27)."""
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from churn import access
from churn.measures.queries import counts as measures
from churn.models import ChurnCase, Evaluation
from churn.refunds.queries import counts as refunds
from crm.concerns.queries import concerns
from tenancy.models import Membership

State = ChurnCase.State


@dataclass(frozen=True)
class Now:
    """Cases that are open, those opened today, lost and kept this month; what waits; measures, and the latest word on one of them."""

    open: int
    new: int
    lost: int
    kept: int
    complaints: int
    refunds: int | None
    running: int
    late: int
    ripe: int
    verdict: Evaluation | None


def now(member: Membership, today: date) -> Now:
    """A handful of statements, however large the school; refunds only for who deals with them."""
    month = today.replace(day=1)
    told = access.cases(member).order_by().aggregate(
        open=Count("pk", filter=Q(state=State.OPEN)), new=Count("pk", filter=Q(opened_on=today)),
        lost=Count("pk", filter=Q(state=State.LOST, closed_on__gte=month)),
        kept=Count("pk", filter=Q(state=State.KEPT, closed_on__gte=month)))
    done = measures(member, today)
    latest = Evaluation.objects.filter(measure__in=access.measures(member), is_final=True).select_related("measure")
    return Now(**told, complaints=concerns(member).open().filter(kind="complaint").count(),
               refunds=sum(refunds(member).values()) if member.may("churn.refund") else None,
               running=done.running, late=done.late, ripe=done.ripe, verdict=latest.order_by("-on", "-pk").first())
