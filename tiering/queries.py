"""Reads of the tier engine: distribution, standing as of a day, retention, growth, referred, satisfaction, fairness."""
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from crm.models import Enrolment, Payment, Referral, Satisfaction
from tenancy.models import Campus
from tiering.facts import months_before
from tiering.models import Batch, Override, Result, Scheme, Standing
from tiering.stays import Mean, Stays


def label_of(labels: tuple[str, ...], tier: int | None) -> str:
    return labels[tier] if tier is not None and tier < len(labels) else ""


def distribution(batch: Batch, campus: int | None = None) -> list[tuple[str, int]]:
    """How many customers each tier holds, best first; the not yet rated are left out."""
    labels = batch.version.as_rules().labels
    rows = Result.objects.filter(batch=batch)
    if campus:
        rows = rows.filter(campus_id_then=campus)
    counts = dict(rows.values_list("tier").annotate(n=Count("*")))
    return [(label, counts.get(number, 0)) for number, label in enumerate(labels)]


def standing_on(customer: Any, day: date, scheme: Any = None) -> Standing | None:
    """The tier a customer held on a day (B24), under one scheme or the newest."""
    rows = Standing.objects.on(day).filter(customer=customer).select_related("scheme", "batch", "override")
    return (rows.filter(scheme=scheme) if scheme else rows).order_by("-from_on", "-id").first()


def labels_now(customer_ids: Iterable[int]) -> dict[int, str]:
    return dict(Standing.objects.now().filter(customer_id__in=list(customer_ids)).values_list("customer_id", "label"))


# -- K44: definitions are written in the report beside the figures ------------------------------------------
@dataclass(frozen=True)
class Who:
    """Whose figures: of one customer type, of one campus; None means all."""

    type: int | None = None
    campus: int | None = None

    def enrolments(self) -> QuerySet[Any]:
        rows = Enrolment.objects.filter(child__family__customer__deleted_at=None)
        rows = rows.filter(child__family__customer__type=self.type) if self.type else rows
        return rows.filter(campus=self.campus) if self.campus else rows

    def of(self, rows: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Rows whose customer, at the end of ``path``, is among these."""
        rows = rows.filter(**{f"{path}__type": self.type}) if self.type else rows
        return rows.filter(**{f"{path}__campus": self.campus}) if self.campus else rows


EVERYBODY = Who()


def stays(who: Who = EVERYBODY) -> Stays:
    """Every enrolment of these customers, in one statement: the report asks it for several days."""
    rows = who.enrolments().order_by()
    return Stays(rows.values_list("child__family__customer_id", "from_on", "until_on", "outcome").iterator(chunk_size=10_000))


def referred_by_tier(starts_on: date, ends_on: date, who: Who = EVERYBODY) -> Counter[str]:
    """转介绍报名: converted referrals of the period, by the tier the referrer held on the referral's day."""
    held = _held("referrer", "referred_on")
    rows = who.of(Referral.objects.filter(converted_on__gt=starts_on, converted_on__lte=ends_on, counts=True), "referrer")
    return Counter(label or "" for label in rows.annotate(held=held).values_list("held", flat=True))


def satisfaction_by_tier(starts_on: date, ends_on: date, who: Who = EVERYBODY) -> dict[str, Mean]:
    """满意度得分 (K44a): answers of the period, by questionnaire or by phone, by the tier held on their day. Key "" is all."""
    rows = who.of(Satisfaction.objects.filter(answered_on__gt=starts_on, answered_on__lte=ends_on), "customer")
    held = rows.annotate(held=_held("customer", "answered_on")).order_by().values_list("held")
    counted = held.annotate(total=Sum("score"), of=Count("pk"))
    found = {label or "?": Mean(total, of) for label, total, of in counted}
    return {"": Mean(sum(one.total for one in found.values()), sum(one.of for one in found.values())), **found}


def _held(customer: str, day: str) -> Subquery:
    """The tier that a row's customer held on a day of the row."""
    rows = Standing.objects.filter(customer=OuterRef(customer), from_on__lte=OuterRef(day))
    return Subquery(rows.filter(Q(until_on=None) | Q(until_on__gt=OuterRef(day))).order_by("-from_on", "-id").values("label")[:1])


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


def who_overrides() -> list[dict[str, Any]]:
    """谁在调整 (B3): per colleague, how many were proposed, approved, and are in force now."""
    still = Q(standings__until_on=None, standings__isnull=False)
    rows = Override.objects.values("proposed_by__name").annotate(
        proposed=Count("id", distinct=True), approved=Count("id", filter=~Q(approved_at=None), distinct=True),
        in_force=Count("id", filter=still, distinct=True))
    return list(rows.order_by("-proposed", "proposed_by__name"))
