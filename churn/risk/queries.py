"""Reads of the risk: who is at risk and why, how tiers and bands meet (B4), how it went over the weeks."""
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, F, FilteredRelation, Max, Q, QuerySet, Sum, Value, When

from churn.access import standings
from churn.models import RiskNight, RiskStanding
from churn.risk.facts import gather
from churn.risk.rules import SIGNS, Band, Reason, judge
from churn.risk.weighing import in_force
from crm.handover import looked_after_by
from crm.models import Customer
from crm.queries import search
from tenancy.models import Membership
from tenancy.remembered import newest, remembered, seen_by
from tiering.models import Standing

FOREMOST = 5
WEEKS = 26  # how far back the trend is drawn
SIGNIFICANT = (Band.HIGH, Band.WATCH)
NO_TIER, BEHIND = "-", 99  # who holds no tier stands behind every tier


@dataclass(frozen=True)
class Asked:
    """What the board is narrowed to; an empty word narrows nothing. ``band`` empty: high and watch."""

    words: str = ""
    band: str = ""
    tier: str = ""
    sign: str = ""
    campus: int | None = None
    mine: bool = False


def board(member: Membership, asked: Asked) -> QuerySet[Any]:
    """Who is at risk: high before watch, in each the higher tiers first (B4), then the higher score."""
    rows = with_tier(standings(member))
    rows = rows.filter(band=asked.band) if asked.band in set(Band) else rows.filter(band__in=SIGNIFICANT)
    if asked.words.strip():
        rows = rows.filter(customer__in=search(Customer.objects.present(), asked.words).values("pk"))
    if asked.sign in SIGNS:
        rows = rows.filter(**{f"points__{SIGNS.index(asked.sign)}__gt": 0})
    if asked.campus:
        rows = rows.filter(customer__campus=asked.campus)
    if asked.mine:
        rows = rows.filter(customer__owner__in=looked_after_by(member))
    if asked.tier and member.may("tiering.view"):
        rows = rows.filter(Q(tier_now=None) | Q(tier_now__label="") if asked.tier == NO_TIER else Q(tier_now__label=asked.tier))
    severity = Case(*(When(band=band, then=Value(place)) for place, band in enumerate(SIGNIFICANT)), default=Value(len(SIGNIFICANT)))
    return rows.annotate(label=F("tier_now__label")).order_by(
        severity, F("tier_now__tier").asc(nulls_last=True), "-score", "customer__external_ref", "id")


def foremost(member: Membership) -> QuerySet[Any]:
    """The first few at high risk; who they are is up to a minute old, what is said of them is not."""
    rows = board(member, Asked(band=Band.HIGH))
    key = seen_by(member, "risk-foremost", newest(RiskStanding), newest(Standing))
    return rows.filter(pk__in=remembered(key, lambda: list(rows.values_list("pk", flat=True)[:FOREMOST])))


def with_tier(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each beside the tier it holds now, if any."""
    return rows.annotate(tier_now=FilteredRelation("customer__standings", condition=Q(customer__standings__until_on=None)))


@dataclass
class Row:
    """One family on the board: its standing, why it stands there today, and who it is."""

    standing: RiskStanding
    customer: Any
    label: str
    reasons: tuple[Reason, ...]


def told(member: Membership, rows: Iterable[Any], today: date) -> list[Row]:
    """The listed standings with the reasons as they are today, in the order in which they come; the tier for who may see tiers."""
    listed = list(rows)
    weights, tiers = in_force()[1], member.may("tiering.view")
    ids = [row.customer_id for row in listed]
    people = Customer.objects.select_related("campus", "owner").in_bulk(ids)
    reasons = {known.customer: judge(weights, known.facts).reasons for known in gather(today, today=today, only=ids)} if ids else {}
    return [Row(row, people[row.customer_id], (row.label or "") if tiers else "", reasons.get(row.customer_id, ())) for row in listed]


@dataclass
class Grid:
    """How many families hold which tier and stand in which band; tiers best first, who holds none last, under ``-``."""

    counts: dict[tuple[str, str], int]
    labels: list[str]
    signs: dict[str, int] = field(default_factory=dict)

    def band(self, band: str) -> int:
        return sum(n for (_label, at), n in self.counts.items() if at == band)

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, int]], int]]:
        """(tier, [(band, count)], all), for a table."""
        bands = [str(band) for band in reversed(Band)]
        return [(label, [(band, self.counts.get((label, band), 0)) for band in bands],
                 sum(self.counts.get((label, band), 0) for band in bands)) for label in self.labels]


def grid(member: Membership) -> Grid:
    """Tier × risk (B4), and how many of those at risk show which sign; up to a minute old."""
    return remembered(seen_by(member, "risk-grid", newest(RiskStanding), newest(Standing)), lambda: _grid(member))


def _grid(member: Membership) -> Grid:
    counted = with_tier(standings(member)).values_list("tier_now__label", "tier_now__tier", "band").annotate(n=Count("id"))
    counts: dict[tuple[str, str], int] = {}
    places: dict[str, int] = {}
    for label, tier, band, n in counted.order_by():
        name = label if label and member.may("tiering.view") else NO_TIER
        counts[name, band] = counts.get((name, band), 0) + n
        places[name] = min(places.get(name, BEHIND), tier if name != NO_TIER else BEHIND)
    showing = {sign: Count("id", filter=Q(**{f"points__{place}__gt": 0})) for place, sign in enumerate(SIGNS)}
    signs = standings(member).filter(band__in=SIGNIFICANT).aggregate(**showing)
    ordered = sorted(((sign, n) for sign, n in signs.items() if n), key=lambda pair: -pair[1])
    return Grid(counts, sorted(places, key=lambda name: (places[name], name)), dict(ordered))


@dataclass(frozen=True)
class Week:
    """The last night of a week: how many stood where."""

    day: date
    families: int
    watch: int
    high: int


def trend(member: Membership) -> list[Week]:
    """One night a week, the last one, oldest first, of the campuses the member works for."""
    last = last_night(member)
    if last is None:
        return []
    rows = _nights(member).filter(day__gt=last - timedelta(weeks=WEEKS)).values("day").order_by("day")
    counted = rows.annotate(n=Sum("families"), w=Sum("watch"), h=Sum("high")).values_list("day", "n", "w", "h")
    weeks = {tuple(day.isocalendar())[:2]: Week(day, n, w, h) for day, n, w, h in counted}
    return list(weeks.values())


def last_night(member: Membership) -> date | None:
    found: date | None = _nights(member).aggregate(last=Max("day"))["last"]
    return found


def week_before(member: Membership, last: date) -> int | None:
    """How many were at high risk a week before a night, by the night nearest to it from before; None where nothing reaches back."""
    rows = _nights(member).filter(day__lte=last - timedelta(days=7), day__gt=last - timedelta(days=21))
    for _day, high in rows.values("day").order_by("-day").annotate(high=Sum("high")).values_list("day", "high")[:1]:
        return int(high)
    return None


def _nights(member: Membership) -> QuerySet[Any]:
    return RiskNight.objects.in_campuses(member.campus_ids())


def history(customer: Any, day: date) -> list[RiskStanding]:
    """How a family's risk went up to a day, oldest first: at most its last forty changes."""
    return list(RiskStanding.objects.filter(customer=customer, from_on__lte=day).order_by("-from_on", "-id")[:40])[::-1]


def bands_now(customer_ids: Iterable[int]) -> dict[int, str]:
    return dict(RiskStanding.objects.now().filter(customer__in=list(customer_ids)).values_list("customer_id", "band"))
