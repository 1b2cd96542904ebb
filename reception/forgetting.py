"""到期删除: the child of a family that visited and never enrolled is forgotten so many days later, as the notice promises (SPEC B13).

Counted from the last visit of the family, or from the enquiry where no visit followed; whoever is booked again is kept.
"""
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm import forgetting
from crm.models import Child, Lead
from reception.models import Booking, Contract
from reception.places import rules

MOST = 500  # families a night


def due(at: datetime) -> QuerySet[Lead]:
    """Enquiries whose child's data has outlived its purpose, oldest first."""
    since = at - timedelta(days=rules().child_days)
    again = Booking.objects.filter(starts_at__gte=since)
    kin = Lead.objects.filter(Q(at__gte=since) | Exists(again.filter(lead=OuterRef("pk"))), customer=OuterRef("customer"))
    old = Lead.objects.filter(child_data=True, child_forgotten_at=None, at__lt=since).filter(~Exists(again.filter(lead=OuterRef("pk"))))
    stays = Child.objects.filter(pk=OuterRef("child")).exclude(pk__in=forgetting.only_asked().values("pk"))
    return old.filter(~Exists(kin), ~Exists(stays)).order_by("at", "id")


def forget_unconverted(*, at: datetime) -> int:
    """Forget what is due; returns of how many enquiries."""
    leads = list(due(at).select_related("child")[:MOST])
    for child in {lead.child_id: lead.child for lead in leads if lead.child}.values():
        Contract.objects.filter(child=child, signed_at=None).delete()  # drawn up and never signed: its text names the child
        forgetting.forget_child(child, by=None)
    for lead in leads:
        forgetting.forget_told(lead, at=at)
    return len(leads)
