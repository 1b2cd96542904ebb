"""Reads of the tier engine: movement, distribution, movers, standing as of a day, retention, growth, referred."""
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet

from crm.models import NATURAL_OUTCOMES, Enrolment, Outcome, Payment, Referral
from tenancy.models import Campus
from tiering.facts import months_before
from tiering.models import Batch, Result, Scheme, Standing

NEW, GONE = "new", "gone"


@dataclass
class Cell:
    count: int
    kind: str  # stay | up | dn | out | sum
    before: str = ""
    after: str = ""
    big: bool = False


@dataclass
class Movement:
    """升降矩阵: rows before, columns after; ↑ below the diagonal, ↓ above; new and gone at the edges."""

    labels: tuple[str, ...]
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def total(self, *kinds: str) -> int:
        return sum(n for (before, after), n in self.counts.items() if self.kind(before, after) in kinds)

    def kind(self, before: str, after: str) -> str:
        if before == NEW or after == GONE or "" in (before, after):
            return "out"
        first, second = self.labels.index(before), self.labels.index(after)
        return "stay" if first == second else "up" if second < first else "dn"

    @property
    def ups(self) -> int:
        return self.total("up")

    @property
    def downs(self) -> int:
        return self.total("dn")

    def biggest(self) -> tuple[str, str, int] | None:
        """The largest stream between two tiers."""
        moved = [(n, pair) for pair, n in self.counts.items() if self.kind(*pair) in ("up", "dn")]
        if not moved:
            return None
        n, (before, after) = max(moved)
        return before, after, n

    def rows(self) -> list[tuple[str, list[Cell]]]:
        """The table with its sums: one row a tier and one for the new, one column a tier, one for the gone."""
        ringed = self.biggest()
        table = []
        for before in (*self.labels, NEW):
            cells = [Cell(self.counts[before, after], self.kind(before, after), before, after,
                          ringed is not None and ringed[:2] == (before, after))
                     for after in (*self.labels, GONE) if not (before == NEW and after == GONE)]
            cells += [Cell(0, "out")] if before == NEW else []
            table.append((before, [*cells, Cell(sum(c.count for c in cells), "sum")]))
        return table

    def sums(self) -> list[int]:
        columns = (*self.labels, GONE)
        return [sum(n for (_, after), n in self.counts.items() if after == column) for column in columns]


def label_of(labels: tuple[str, ...], tier: int | None) -> str:
    return labels[tier] if tier is not None and tier < len(labels) else ""


def movement(batch: Batch, campus: int | None = None) -> Movement:
    """Between the batch and the published one before it."""
    labels = batch.version.as_rules().labels
    moved = Movement(labels)
    now = _tiers(batch, campus)
    before = _tiers(batch.previous, campus) if batch.previous else {}
    old_labels = batch.previous.version.as_rules().labels if batch.previous else labels
    for customer, tier in now.items():
        was = label_of(old_labels, before[customer]) if customer in before else NEW
        if tier is not None:
            moved.counts[was or NEW, label_of(labels, tier)] += 1
    for customer, tier in before.items():
        if customer not in now and tier is not None and label_of(old_labels, tier) in labels:
            moved.counts[label_of(old_labels, tier), GONE] += 1
    return moved


def _tiers(batch: Batch, campus: int | None) -> dict[int, int | None]:
    rows = Result.objects.filter(batch=batch)
    if campus:
        rows = rows.filter(campus_id_then=campus)
    return dict(rows.values_list("customer_id", "tier"))


def distribution(batch: Batch, campus: int | None = None) -> list[tuple[str, int]]:
    """How many customers each tier holds, best first; the not yet rated are left out."""
    labels = batch.version.as_rules().labels
    rows = Result.objects.filter(batch=batch)
    if campus:
        rows = rows.filter(campus_id_then=campus)
    counts = dict(rows.values_list("tier").annotate(n=Count("id")))
    return [(label, counts.get(number, 0)) for number, label in enumerate(labels)]


def standing_on(customer: Any, day: date, scheme: Any = None) -> Standing | None:
    """The tier a customer held on a day (B24), under one scheme or the newest."""
    rows = Standing.objects.on(day).filter(customer=customer).select_related("scheme", "batch", "override")
    return (rows.filter(scheme=scheme) if scheme else rows).order_by("-from_on", "-id").first()


def labels_now(customer_ids: Iterable[int]) -> dict[int, str]:
    return dict(Standing.objects.now().filter(customer_id__in=list(customer_ids)).values_list("customer_id", "label"))


def movers(batch: Batch) -> QuerySet[Any]:
    """Results whose tier differs from the published batch before, with the customer."""
    rows = Result.objects.filter(batch=batch).select_related("customer__campus")
    return rows.order_by("tier", "customer__external_ref")


# -- K44: definitions are written in the report beside the figures ------------------------------------------
def enrolled_on(day: date) -> QuerySet[Any]:
    return Enrolment.objects.on(day).values_list("child__family__customer_id", flat=True).distinct()


@dataclass(frozen=True)
class Rate:
    """A share with its counts; no share without counts."""

    kept: int
    of: int

    @property
    def share(self) -> float | None:
        return self.kept / self.of if self.of else None


def retention(starts_on: date, ends_on: date, tier_of: dict[int, str]) -> dict[str, Rate]:
    """留存率: enrolled at the start and still at the end ÷ at the start; natural leavers out of both. Key "" is all."""
    at_start, at_end = set(enrolled_on(starts_on)), set(enrolled_on(ends_on))
    natural = set(Enrolment.objects.filter(until_on__gte=starts_on, until_on__lt=ends_on, outcome__in=NATURAL_OUTCOMES)
                  .values_list("child__family__customer_id", flat=True)) - at_end
    counted = at_start - natural
    groups: dict[str, list[int]] = {"": list(counted)}
    for customer in counted:
        groups.setdefault(tier_of.get(customer) or "?", []).append(customer)
    return {label: Rate(sum(c in at_end for c in customers), len(customers)) for label, customers in groups.items()}


def growth(starts_on: date, ends_on: date) -> Rate:
    """新客户增长率: first enrolments in the period ÷ enrolled at its start."""
    before = set(Enrolment.objects.filter(from_on__lte=starts_on).values_list("child__family__customer_id", flat=True))
    during = set(Enrolment.objects.filter(from_on__gt=starts_on, from_on__lte=ends_on)
                 .exclude(outcome=Outcome.PROMOTED).values_list("child__family__customer_id", flat=True))
    return Rate(len(during - before), enrolled_on(starts_on).count())


def referred_by_tier(starts_on: date, ends_on: date) -> Counter[str]:
    """转介绍报名: converted referrals of the period, by the tier the referrer held on the referral's day."""
    counted: Counter[str] = Counter()
    for referral in Referral.objects.filter(converted_on__gt=starts_on, converted_on__lte=ends_on, counts=True):
        standing = standing_on(referral.referrer_id, referral.referred_on)
        counted[standing.label if standing else ""] += 1
    return counted


def began_on() -> date | None:
    """分级开始: the day of the first published batch."""
    first = Batch.objects.filter(state=Batch.State.PUBLISHED).order_by("as_of").first()
    return first.as_of if first else None


def scheme_of(customer: Any) -> Any:
    """The scheme a customer stands under, or the first one of their type."""
    standing = Standing.objects.now().filter(customer=customer).select_related("scheme").first()
    return standing.scheme if standing else Scheme.objects.filter(customer_type_id=customer.type_id).order_by("id").first()


def fairness_groups(batch: Batch) -> dict[str, dict[str, Counter[str]]]:
    """Tiers counted by campus, by class and by fee policy (減免: any waived line in the year before the batch)."""
    labels = batch.version.as_rules().labels
    tiers = {c: labels[t] for c, t in Result.objects.filter(batch=batch).exclude(tier=None).values_list("customer_id", "tier")}
    campuses = dict(Result.objects.filter(batch=batch).values_list("customer_id", "campus_id_then"))
    names = dict(Campus.objects.values_list("pk", "name"))
    classes = dict(Enrolment.objects.on(batch.as_of).exclude(class_group=None).values_list(
        "child__family__customer_id", "class_group__name"))
    waived = set(Payment.objects.filter(paid_on__lte=batch.as_of, paid_on__gt=months_before(batch.as_of, 12), list_fen__isnull=False)
                 .exclude(list_fen=F("amount_fen")).values_list("customer_id", flat=True))
    found: dict[str, dict[str, Counter[str]]] = {"campus": {}, "class": {}, "policy": {}}
    for customer, label in tiers.items():
        places = {"campus": names[campuses[customer]], "class": classes.get(customer), "policy": "waived" if customer in waived else "full"}
        for by, name in places.items():
            if name:
                found[by].setdefault(name, Counter())[label] += 1
    return found
