"""Reads of the 退费申请: the list as it is narrowed, and what one rests on."""
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from churn import access
from churn.models import RefundRequest
from crm.models import Customer
from crm.queries import search
from tenancy.models import Membership

State = RefundRequest.State
AMOUNT = Coalesce(Sum(Coalesce("lines__agreed_fen", "lines__counted_fen"), filter=Q(lines__is_in=True)), 0)
LACKING = Count("lines", filter=Q(lines__is_in=True, lines__agreed_fen=None, lines__counted_fen=None))


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; ``state`` empty: whatever is open, ``all``: every one."""

    words: str = ""
    state: str = ""
    campus: int | None = None


def listed(member: Membership, asked: Asked) -> QuerySet[Any]:
    """Each with what it comes to (``fen``) and how many lines cannot be told yet; open ones the longest waiting first."""
    rows = access.refunds(member)
    if asked.state != "all":
        rows = rows.filter(state=asked.state) if asked.state in State.values else rows.open()
    if asked.words.strip():
        rows = rows.filter(customer__in=search(Customer.objects.present(), asked.words).values("pk"))
    if asked.campus:
        rows = rows.filter(campus=asked.campus)
    over = Case(When(closed_on=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = rows.annotate(fen=AMOUNT, lacking=LACKING).annotate(over=over)
    return rows.order_by("over", F("closed_on").desc(nulls_first=True), "asked_on", "pk")


def counts(member: Membership) -> Counter[str]:
    """How many are in each open state."""
    rows = access.refunds(member).open().order_by()
    return Counter(dict(rows.values_list("state").annotate(n=Count("pk"))))


def asked_in(member: Membership, first: date, last: date, campus: Any = None) -> QuerySet[Any]:
    """退费申请 of a period (C10b), the latest first, each with what it comes to."""
    rows = access.refunds(member).filter(asked_on__gte=first, asked_on__lte=last)
    rows = rows.filter(campus=campus) if campus else rows
    return rows.annotate(fen=AMOUNT, lacking=LACKING).order_by("-asked_on", "-pk")
