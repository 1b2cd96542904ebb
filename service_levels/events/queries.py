"""Reads of 活动: what is coming, whom to ask, who answered and came, and what came of it (K17, K27, K31c, K35)."""
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Avg, BooleanField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from crm.access import customers
from crm.models import Customer, Enrolment
from crm.queries import search
from service_levels.access import events, invitations
from service_levels.models import CustomerInterest, Entitlement, Event, EventTask, Interest, Invitation
from service_levels.plans.book import Section, Unit
from service_levels.plans.queries import in_force, served_by
from tenancy.models import Membership

A_YEAR, A_QUARTER, JOINED_WITHIN = timedelta(days=365), timedelta(days=92), timedelta(days=60)
Answer = Invitation.Answer
CAME = Q(came_at__isnull=False)
UNTOLD = Q(told_at=None, answer=Answer.NONE, came_at=None)
GUESTS: dict[str, Q] = {"all": Q(), "yes": Q(answer=Answer.YES), "wait": Q(answer=Answer.WAIT), "no": Q(answer=Answer.NO),
                        "silent": Q(answer=Answer.NONE), "untold": UNTOLD, "came": CAME, "absent": Q(answer=Answer.YES, came_at=None),
                        "rated": Q(score__isnull=False)}


def tabs(at: datetime) -> dict[str, Q]:
    """How the list of events is divided at a moment."""
    off, seen = Q(cancelled_at__isnull=False), Q(closed_at__isnull=False)
    return {"coming": Q(ends_at__gt=at) & ~off, "over": Q(ends_at__lte=at) & ~off & ~seen, "closed": seen, "cancelled": off, "all": Q()}


def listed(member: Membership, tab: str, at: datetime, kind: str = "", words: str = "") -> QuerySet[Any]:
    """With how many families were asked, come and came; what is coming the next first, everything else the latest first.

    ``words`` are looked for in title and place.
    """
    which = tabs(at)
    rows = _counted(events(member).filter(which.get(tab, which["coming"])))
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(place__icontains=words))
    rows = rows.filter(kind=kind) if kind in Event.Kind.values else rows
    return rows.order_by("starts_at", "id") if tab == "coming" else rows.order_by("-starts_at", "-id")


def _counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    spent = EventTask.objects.filter(event=OuterRef("pk")).order_by().values("event").annotate(fen=Sum("fen")).values("fen")
    return rows.annotate(asked=Count("invitations"), yes=Count("invitations", filter=Q(invitations__answer=Answer.YES)),
                         came=Count("invitations", filter=Q(invitations__came_at__isnull=False)),
                         rated=Count("invitations__score"), score=Avg("invitations__score"), fen=Coalesce(Subquery(spent), Value(0)))


def counts(member: Membership, at: datetime) -> dict[str, int]:
    """How many are in each tab."""
    told: dict[str, int] = events(member).order_by().aggregate(
        **{tab: Count("pk", filter=which) if which else Count("pk") for tab, which in tabs(at).items()})
    return told


# -- whom to ask -------------------------------------------------------------------------------------------------------------
def fitting(member: Membership, event: Event, words: str = "") -> QuerySet[Any]:
    """Families it is meant for and that are not on the list: of its campus, its plans; who has its interest first, then who was asked
    least in the last quarter.
    """
    rows = customers(member).exclude(Exists(Invitation.objects.filter(customer=OuterRef("pk"), event=event)))
    if event.campus_id:
        rows = rows.filter(campus=event.campus_id)
    if event.plans:
        rows = rows.filter(Exists(Entitlement.objects.now().filter(customer=OuterRef("pk"), plan__in=event.plans)))
    if words.strip():
        rows = rows.filter(pk__in=search(Customer.objects.present(), words).values("pk"))
    likes = Exists(CustomerInterest.objects.filter(customer=OuterRef("pk"), interest=event.interest_id)) if event.interest_id \
        else Value(False, output_field=BooleanField())
    lately = Invitation.objects.filter(customer=OuterRef("pk"), invited_on__gt=timezone.localdate(event.starts_at) - A_QUARTER)
    asked = lately.order_by().values("customer").annotate(n=Count("pk")).values("n")
    rows = rows.annotate(likes=likes, asked=Coalesce(Subquery(asked), Value(0)))
    return rows.select_related("campus", "owner").order_by("-likes", "asked", "external_ref")


def owed(member: Membership, day: date) -> QuerySet[Any]:
    """Families whose plan of today promises events and that nobody has asked for a quarter: the longest here first."""
    served = served_by(lambda line: line.section is Section.EVENT and line.unit is not Unit.ALWAYS)
    asked = Invitation.objects.filter(customer=OuterRef("pk"), invited_on__gt=day - A_QUARTER)
    rows = customers(member).filter(pk__in=served.values("customer")).exclude(Exists(asked))
    return rows.select_related("campus", "owner").order_by("since", "external_ref")


def plan_names() -> dict[str, str]:
    """The names of the plans in force, by code."""
    return {plan.code: plan.name for version in in_force() for plan in version.as_book().plans}


# -- who was asked -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Figures:
    """How an event stands in numbers of families, and of people where it says so."""

    asked: int
    untold: int
    yes: int
    seats: int
    wait: int
    no: int
    came: int
    people: int
    absent: int
    rated: int
    score: float | None

    @property
    def silent(self) -> int:
        return self.asked - self.yes - self.wait - self.no

    @property
    def kept(self) -> float | None:
        """Of those who said that they come, how many did; None while nobody said so."""
        return (self.yes - self.absent) / self.yes if self.yes else None


def figures(member: Membership, event: Event) -> Figures:
    yes = Q(answer=Answer.YES)
    told = invitations(member).filter(event=event).order_by().aggregate(
        asked=Count("pk"), untold=Count("pk", filter=UNTOLD), yes=Count("pk", filter=yes), seats=Coalesce(Sum("people", filter=yes), 0),
        wait=Count("pk", filter=Q(answer=Answer.WAIT)), no=Count("pk", filter=Q(answer=Answer.NO)), came=Count("pk", filter=CAME),
        people=Coalesce(Sum("people", filter=CAME), 0), absent=Count("pk", filter=yes & ~CAME), rated=Count("score"), score=Avg("score"))
    return Figures(**told)


def guests(member: Membership, event: Event, tab: str = "all", words: str = "") -> QuerySet[Any]:
    """Who was asked: those with a part of their own first, then those that come, wait, have not said."""
    rows = invitations(member).filter(GUESTS.get(tab, GUESTS["all"]), event=event)
    if words.strip():
        rows = rows.filter(customer__in=search(Customer.objects.present(), words).values("pk"))
    return rows.order_by("-part", "-answer", "-first", "answered_at", "pk")


# -- what came of it -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Share:
    """Of a plan's families, how many were asked and how many came."""

    name: str
    asked: int
    came: int


def by_plan(event: Event) -> list[Share]:
    """By the plan that served each family on the day (K35d): of whom most came first."""
    day = timezone.localdate(event.starts_at)
    plan = Subquery(Entitlement.objects.on(day).filter(customer=OuterRef("customer")).values("plan")[:1])
    rows = Invitation.objects.filter(event=event).order_by().annotate(plan=plan).values("plan").annotate(
        asked=Count("pk"), came=Count("pk", filter=CAME))
    names = plan_names()
    found = [Share(names.get(row["plan"], row["plan"] or ""), row["asked"], row["came"]) for row in rows]
    return sorted(found, key=lambda share: (-share.came, -share.asked, share.name))


def joined(event: Event) -> int:
    """Families that came and of which a child was enrolled within sixty days after."""
    day = timezone.localdate(event.starts_at)
    begun = Enrolment.objects.filter(child__family__customer=OuterRef("customer"), from_on__gt=day, from_on__lte=day + JOINED_WITHIN)
    return Invitation.objects.came().filter(Exists(begun), event=event).count()


def spent(event: Event) -> int:
    """What its list comes to, in 分."""
    return event.tasks.aggregate(fen=Sum("fen"))["fen"] or 0


def held(member: Membership, at: datetime, kind: str = "") -> QuerySet[Any]:
    """Every event of the last year that took place, with its numbers: one beside the other."""
    rows = _counted(events(member).filter(pk__in=Event.objects.held(at).filter(ends_at__gt=at - A_YEAR).values("pk")))
    return rows.filter(kind=kind).order_by("-starts_at", "-id") if kind in Event.Kind.values else rows.order_by("-starts_at", "-id")


def interests() -> Sequence[Any]:
    """Every interest with how many families have it."""
    return list(Interest.objects.annotate(n=Count("customers")))
