"""Reads of 推荐: for which children now is the right time, what families answered, which services are taken (K23)."""
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from churn.models import ChurnCase
from crm.access import customers
from crm.days import months_later
from crm.models import Child, Customer, Enrolment
from crm.queries import search
from service_levels.access import recommendations
from service_levels.models import CourseOffer, Recommendation, ServiceRequest
from service_levels.plans.queries import served_by
from tenancy.models import Membership

SOURCE = "K23("
REST = timedelta(days=180)  # nobody is asked again sooner
A_YEAR = timedelta(days=365)
TROUBLE = (ServiceRequest.Kind.COMPLAINT, ServiceRequest.Kind.DISPUTE, ServiceRequest.Kind.REFUND)
TABS: dict[str, Q] = {"waiting": Q(answer=""), "accepted": Q(answer="accepted"), "declined": Q(answer="declined"), "all": Q()}


@dataclass(frozen=True)
class Taken:
    """A service: for how many children now is the time, and what families said in a year."""

    offer: CourseOffer
    fitting: int
    recommended: int
    accepted: int
    declined: int

    @property
    def share(self) -> float | None:
        """Of those who answered; None while nobody has."""
        answered = self.accepted + self.declined
        return self.accepted / answered if answered else None


def fitting(member: Membership, offer: CourseOffer, day: date) -> QuerySet[Any]:
    """合适的时候: children of the age, here long enough, whose plan promises it, that were not asked lately and whose family has no
    trouble with the school: no open case, no complaint, dispute or refund that waits. The oldest first.
    """
    born = Q(born_on__lte=months_later(day, -offer.from_months), born_on__gt=months_later(day, -offer.until_months))
    here = Enrolment.objects.on(day).filter(child=OuterRef("pk"), from_on__lte=day - timedelta(days=offer.here_days))
    asked = Recommendation.objects.filter(child=OuterRef("pk"), offer=offer).filter(Q(answer__in=["", "accepted"]) | Q(on__gt=day - REST))
    trouble = ServiceRequest.objects.open().filter(customer=OuterRef("family__customer"), kind__in=TROUBLE)
    case = ChurnCase.objects.open().filter(customer=OuterRef("family__customer"))
    mine = customers(member).filter(pk__in=served_by(lambda line: line.source.startswith(SOURCE)).values("customer"))
    rows = Child.objects.filter(born, Exists(here), ~Exists(asked), ~Exists(trouble), ~Exists(case), family__customer__in=mine)
    return rows.select_related("family__customer__campus", "family__customer__owner").order_by("born_on", "id")


def taken(member: Membership, day: date) -> list[Taken]:
    """Every service, those that are recommended now first."""
    counted = recommendations(member).order_by().filter(on__gt=day - A_YEAR).values("offer").annotate(
        n=Count("pk"), yes=Count("pk", filter=Q(answer="accepted")), no=Count("pk", filter=Q(answer="declined")))
    sums = {row["offer"]: row for row in counted}
    nothing = {"n": 0, "yes": 0, "no": 0}
    return [Taken(offer, fitting(member, offer, day).count() if offer.is_on else 0, told["n"], told["yes"], told["no"])
            for offer in CourseOffer.objects.order_by("-is_on", "name") for told in [sums.get(offer.pk, nothing)]]


def listed(member: Membership, tab: str, words: str = "") -> QuerySet[Any]:
    """The latest first; ``tab`` one of TABS, what families consider where it is none of them."""
    rows = recommendations(member).filter(TABS.get(tab, TABS["waiting"]))
    if words.strip():
        rows = rows.filter(customer__in=search(Customer.objects.present(), words).values("pk"))
    return rows


def counts(member: Membership) -> dict[str, int]:
    """How many are in each tab."""
    told: dict[str, int] = recommendations(member).order_by().aggregate(
        **{tab: Count("pk", filter=which) if which else Count("pk") for tab, which in TABS.items()})
    return told
