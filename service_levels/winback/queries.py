"""Reads of 挽回: who is being won back, with whom nobody has begun, who was not spoken with for a week, and what helped."""
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from churn.access import cases
from crm.access import customers
from crm.handover import looked_after_by
from crm.models import Concern, Customer, TimelineEntry
from crm.queries import search
from service_levels.access import win_backs
from service_levels.models import Concession, Entitlement, Event, Invitation, ServiceRequest, Touch, WinBack, WinBackStep
from service_levels.plans.book import People
from service_levels.plans.queries import in_force
from service_levels.touches.sweep import TALKED
from service_levels.winback.working import SEE
from tenancy.access import must
from tenancy.models import Membership

A_YEAR, A_WEEK, WEEKS, MOST = timedelta(days=365), timedelta(days=7), 8, 6
State = WinBack.State
TABS: dict[str, Q] = {"open": Q(state=State.OPEN), "kept": Q(state=State.KEPT), "lost": Q(state=State.LOST),
                      "mistaken": Q(state=State.MISTAKEN), "all": Q()}


def listed(member: Membership, tab: str, day: date, words: str = "", mine: bool = False) -> QuerySet[Any]:
    """With the last talk and how many measures are done; of the open ones first whom nobody has spoken with for longest."""
    rows = win_backs(member).filter(TABS.get(tab, TABS["open"]))
    if words.strip():
        rows = rows.filter(customer__in=search(Customer.objects.present(), words).values("pk"))
    if mine:
        rows = rows.filter(lead__in=looked_after_by(member))
    talked = TimelineEntry.objects.filter(TALKED, customer=OuterRef("customer"), day__lte=day).order_by()
    last = talked.values("customer").annotate(last=Max("day")).values("last")
    rows = rows.annotate(talked_on=Subquery(last), steps_all=Count("steps"), steps_done=Count("steps__done_on"),
                         steps_shown=Count("steps__shown_on"))
    if tab in TABS and tab != "open":
        return rows.order_by("-closed_on", "-opened_on", "-pk")
    return rows.order_by(F("talked_on").asc(nulls_first=True), "pk")


def counts(member: Membership) -> dict[str, int]:
    """How many are in each tab."""
    told: dict[str, int] = win_backs(member).order_by().aggregate(
        **{tab: Count("pk", filter=which) if which else Count("pk") for tab, which in TABS.items()})
    return told


def served_by_the_group() -> QuerySet[Any]:
    """应享服务 of today by plans that a team looks after and that ask for a strategy (K28)."""
    which = Q(pk=None)
    for version in in_force():
        codes = [plan.code for plan in version.as_book().plans
                 if plan.people is People.TEAM and any(line.source.startswith("K28(") for line in plan.lines)]
        which |= Q(version=version, plan__in=codes)
    return Entitlement.objects.now().filter(which)


def owed() -> QuerySet[Any]:
    """Families whose plan says that the group looks after them and for which nobody has begun."""
    begun = WinBack.objects.open().filter(customer=OuterRef("pk"))
    rows = Customer.objects.present().filter(pk__in=served_by_the_group().values("customer")).exclude(Exists(begun))
    return rows.select_related("campus", "owner").order_by("since", "external_ref")


def owed_to(member: Membership) -> QuerySet[Any]:
    """Of these the ones the member works for."""
    must(member, SEE)
    return owed().filter(pk__in=customers(member).values("pk"))


# -- one family ----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Week:
    """A week and how often somebody spoke with the family in it (K29)."""

    monday: date
    talks: int


def weeks(row: WinBack, day: date) -> list[Week]:
    """The last eight weeks, or as many as the plan has run or ran."""
    last = row.closed_on or day
    monday = last - timedelta(days=last.weekday())
    first = max(monday - (WEEKS - 1) * A_WEEK, row.opened_on - timedelta(days=row.opened_on.weekday()))
    talks = TimelineEntry.objects.filter(TALKED, customer=row.customer_id, day__gte=first, day__lte=last)
    days = list(talks.values_list("day", flat=True))
    mondays = [first + n * A_WEEK for n in range((monday - first).days // 7 + 1)]
    return [Week(one, sum(1 for day in days if one <= day < one + A_WEEK)) for one in mondays]


@dataclass(frozen=True)
class Beside:
    """What else is done for the family: problems it raised, what it was given, to which events it was asked, what is owed."""

    problems: list[Any]
    concerns: list[Any]
    concessions: list[Any]
    invitations: list[Any]
    owed: list[Any]


def beside(row: WinBack) -> Beside:
    """Since the plan began; problems also from before, as long as they are open (K30, K31)."""
    of, since = {"customer": row.customer_id}, row.opened_on
    lately = Q(opened_at__date__gte=since)
    problems = ServiceRequest.objects.filter(Q(resolved_at=None) | lately, **of).order_by(F("resolved_at").desc(nulls_first=True))
    concerns = Concern.objects.filter(Q(closed_at=None) | lately, **of).order_by(F("closed_at").desc(nulls_first=True))
    given = Concession.objects.filter(**of, asked_at__date__gte=since)
    asked = Invitation.objects.filter(**of, invited_on__gte=since).select_related("event").order_by("-event__starts_at")
    owed_now = Touch.objects.open().filter(**of).order_by("due_on")
    return Beside(list(problems[:MOST]), list(concerns[:MOST]), list(given[:MOST]), list(asked[:MOST]), list(owed_now[:MOST]))


def small_events(row: WinBack, day: date) -> QuerySet[Any]:
    """Small events that are coming, where the family is not asked yet (K31c)."""
    known = Invitation.objects.filter(customer=row.customer_id).values("event")
    rows = Event.objects.open().filter(kind=Event.Kind.SMALL, starts_at__date__gt=day).exclude(pk__in=known)
    return rows.filter(Q(campus=None) | Q(campus=row.customer.campus_id)).order_by("starts_at")[:3]


# -- what helped ---------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Helped:
    """Of the plans that ended in a year and had such a measure: how many, and how many families stayed."""

    word: str
    ended: int
    kept: int

    @property
    def share(self) -> float | None:
        return self.kept / self.ended if self.ended else None


def helped(member: Membership, day: date) -> list[Helped]:
    """All that ended with a family kept or lost in the last year, then by each kind of measure that was done: what was done most first."""
    ended = win_backs(member).filter(state__in=[State.KEPT, State.LOST], closed_on__gt=day - A_YEAR).order_by()
    total = ended.aggregate(n=Count("pk"), kept=Count("pk", filter=Q(state=State.KEPT)))
    steps = WinBackStep.objects.filter(winback__in=ended, done_on__isnull=False).order_by()
    stayed = Q(winback__state=State.KEPT)
    rows = steps.values("kind").annotate(n=Count("winback", distinct=True), kept=Count("winback", distinct=True, filter=stayed))
    words = dict(WinBackStep.Kind.choices)
    by_kind = sorted((Helped(str(words[row["kind"]]), row["n"], row["kept"]) for row in rows), key=lambda one: (-one.ended, one.word))
    return [Helped("", total["n"], total["kept"]), *by_kind]


def causes(member: Membership, row: WinBack) -> list[Any]:
    """The causes of the case that it goes with, as far as the member may see it (K28b, C14)."""
    case = cases(member).filter(pk=row.case_id).prefetch_related("causes__cause").first() if row.case_id else None
    return list(case.causes.all()) if case else []
