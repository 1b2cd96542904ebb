"""Reads of the plans: how tiers and risks meet in plans and how many customers each has; who is served by which (S18, X4)."""
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from churn.risk.rules import Band
from crm.handover import looked_after_by
from crm.models import Customer
from crm.queries import search
from service_levels.access import entitlements
from service_levels.models import Entitlement, PlanVersion
from service_levels.plans.book import BANDS, UNRATED, Book, Line, Plan
from tenancy.models import Membership
from tiering.models import SchemeVersion

State = PlanVersion.State
NO_TIER = "-"  # how addresses name the tier of who has none


@dataclass(frozen=True)
class Cell:
    """A tier at a risk: its plan and how many customers are there."""

    band: str
    plan: Plan
    count: int


@dataclass(frozen=True)
class Row:
    """A tier; ``-`` is who is not rated yet."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Share:
    """A plan and how many customers are served by it; minutes a week and 分 a year for all of them."""

    plan: Plan
    count: int

    @property
    def hours_a_week(self) -> float:
        return float(self.plan.minutes_a_week * self.count / 60)

    @property
    def fen_a_year(self) -> int:
        return self.plan.fen_a_year * self.count


@dataclass(frozen=True)
class Served:
    """The plans in force for a scheme's customers, as the member sees them."""

    version: PlanVersion
    book: Book
    rows: tuple[Row, ...]
    shares: tuple[Share, ...]
    draft: PlanVersion | None = None
    tiers: tuple[str, ...] = ()

    @property
    def lacking(self) -> list[str]:
        """Tiers that the scheme has got since, and for which nothing says what they are owed: they are served as who is not rated."""
        return [label for label in self.tiers if label not in self.book.labels]

    @property
    def count(self) -> int:
        return sum(share.count for share in self.shares)


def tiers_of(scheme_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The tiers of each scheme as it is in force now."""
    rows = SchemeVersion.objects.filter(scheme__in=list(scheme_ids), state=SchemeVersion.State.IN_FORCE)
    return {row.scheme_id: row.as_rules().labels for row in rows}


def in_force() -> QuerySet[Any]:
    return PlanVersion.objects.filter(state=State.IN_FORCE).select_related("scheme__customer_type").order_by("scheme")


def served(member: Membership) -> list[Served]:
    """Each scheme's plans in force, with what the member's customers come to."""
    counted = entitlements(member).order_by().values_list("version", "plan", "label", "band").annotate(n=Count("id"))
    counts: dict[int, dict[tuple[str, str, str], int]] = {}
    for version, plan, label, band, n in counted:
        counts.setdefault(version, {})[plan, label, band] = n
    drafts = {row.scheme_id: row for row in PlanVersion.objects.filter(state__in=[State.DRAFT, State.SUBMITTED])}
    versions = list(in_force())
    tiers = tiers_of(version.scheme_id for version in versions)
    return [replace(_served(version, counts.get(version.pk, {}), drafts.get(version.scheme_id)), tiers=tiers.get(version.scheme_id, ()))
            for version in versions]


def _served(version: PlanVersion, counts: Mapping[tuple[str, str, str], int], draft: PlanVersion | None) -> Served:
    book = version.as_book()
    bands = [str(band) for band in reversed(BANDS)]
    rows = tuple(Row(label or NO_TIER, tuple(
        Cell(band, plan, counts.get((plan.code, label, band), 0)) for band in bands for plan in [book.owed(label, band)]))
        for label in (*book.labels, UNRATED))
    totals = {plan.code: sum(n for (code, _label, _band), n in counts.items() if code == plan.code) for plan in book.plans}
    return Served(version, book, rows, tuple(Share(plan, totals[plan.code]) for plan in book.plans), draft)


@dataclass(frozen=True)
class Asked:
    """What the list of who is served is narrowed to; an empty word narrows nothing."""

    words: str = ""
    plan: str = ""
    tier: str = ""
    band: str = ""
    campus: int | None = None
    mine: bool = False
    since: date | None = None


def listed(member: Membership, asked: Asked) -> QuerySet[Any]:
    """Who is served by which plan, the latest change first; tiers and risks narrow it for who may see them."""
    rows = entitlements(member)
    if asked.words.strip():
        rows = rows.filter(customer__in=search(Customer.objects.present(), asked.words).values("pk"))
    if asked.plan:
        rows = rows.filter(plan=asked.plan, version__state=State.IN_FORCE)
    if asked.tier and member.may("tiering.view"):
        rows = rows.filter(label=UNRATED if asked.tier == NO_TIER else asked.tier)
    if asked.band in set(Band) and member.may("churn.view"):
        rows = rows.filter(band=asked.band)
    if asked.campus:
        rows = rows.filter(customer__campus=asked.campus)
    if asked.mine:
        rows = rows.filter(customer__owner__in=looked_after_by(member))
    if asked.since:
        rows = rows.filter(from_on__gte=asked.since)
    return rows.select_related("version").order_by("-from_on", "customer__external_ref", "id")


def entitlement_on(customer: Any, day: date) -> Entitlement | None:
    """By which plan a customer was served on a day."""
    found: Entitlement | None = Entitlement.objects.on(day).filter(customer=customer).select_related("version").first()
    return found


def served_by(has: Callable[[Line], bool]) -> QuerySet[Any]:
    """应享服务 of today by plans in force of which some line is such."""
    which = Q(pk=None)
    for version in in_force():
        which |= Q(version=version, plan__in=[plan.code for plan in version.as_book().plans if any(map(has, plan.lines))])
    return Entitlement.objects.now().filter(which)
