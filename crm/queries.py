"""Reads worth a name: search, the family list, what a family's page shows."""
import re
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from crm.models import Consent, Enrolment, ImportRun, Payment, SearchToken, TimelineEntry
from crm.parse import Unreadable, half_width, parse_phone
from tenancy.sealing import blind_index

SEARCH_LIMIT = 200


def search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Customers whose names, pinyin, initials, reference, phone or last four digits match; at most 200.

    Every word must match. A range on (tenant, token) serves it: no pattern operator, which row-level security
    would keep from the index.
    """
    bare = half_width(text).lower()
    words = [re.sub(r"[\s-]", "", bare)] if re.fullmatch(r"\+?[\d\s-]{7,}", bare.strip()) else bare.split()
    for word in words:
        found = SearchToken.objects.filter(_matches(word)).values("customer_id")[:5000]
        rows = rows.filter(pk__in=found)
    return rows


def _matches(word: str) -> Q:
    try:
        return Q(token=f"#{blind_index(parse_phone(word))}")
    except Unreadable:
        pass
    if re.fullmatch(r"\d{4}", word):
        return Q(token=word)
    return Q(token__gte=word, token__lt=word + "\U0010ffff")


def with_children(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("type", "campus", "owner").prefetch_related("family__children", "family__guardians")


def enrolled_now(customer_ids: list[int], day: date) -> dict[int, list[Enrolment]]:
    """The enrolments in force on a day of each customer, for lists."""
    rows = Enrolment.objects.on(day).filter(child__family__customer_id__in=customer_ids)
    found: dict[int, list[Enrolment]] = {}
    for row in rows.select_related("child__family", "class_group", "campus"):
        found.setdefault(row.child.family.customer_id, []).append(row)
    return found


def spend_since(customer: Any, since: date) -> int:
    total = Payment.objects.filter(customer=customer, paid_on__gt=since).aggregate(total=Sum("amount_fen"))["total"]
    return total or 0


def consent_now(customer: Any) -> Consent | None:
    return Consent.objects.filter(family__customer=customer, withdrawn_at=None).order_by("-at").first()


def today_figures(rows: QuerySet[Any], day: date) -> dict[str, Any]:
    """What the first page says: how many families, what came in today, which imports wait."""
    return {"families": rows.count(),
            "contacts": TimelineEntry.objects.filter(customer__in=rows, day=day).count(),
            "waiting": list(ImportRun.objects.filter(state="checked")[:5]),
            "quiet": rows.annotate(last=Max("timeline__day"), entries=Count("timeline")).filter(
                Q(last=None) | Q(last__lt=date.fromordinal(day.toordinal() - 90))).count()}
