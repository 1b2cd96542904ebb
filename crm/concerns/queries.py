"""Reads of 投诉与意见: those of the member's campuses, as they are narrowed; which family a number belongs to."""
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from crm.access import customers
from crm.models import Concern, Customer, Guardian
from crm.queries import search
from tenancy.access import find, must
from tenancy.models import Membership

Source = Concern.Source


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to: ``show`` is open, closed or all; ``kind``, ``about``, ``source`` and ``campus`` by their codes."""

    show: str = ""
    kind: str = ""
    about: str = ""
    source: str = ""
    campus: int | None = None
    words: str = ""


def concerns(member: Membership) -> QuerySet[Any]:
    """Of the families of the member's campuses; of nobody known, those about these campuses or about none."""
    must(member, "crm.view")
    mine = member.campus_ids()
    nobodys = Q(customer=None) if mine is None else Q(customer=None) & (Q(campus=None) | Q(campus__in=mine))
    rows = Concern.objects.filter(Q(customer__in=customers(member)) | nobodys)
    return rows.select_related("customer__campus", "campus", "by", "answered_by", "entry__by")


def concern_for(member: Membership, pk: Any, right: str = "crm.log") -> Concern:
    found: Concern = find(member, concerns(member), pk, right)
    return found


def listed(member: Membership, asked: Asked) -> QuerySet[Any]:
    """Open ones first, the longest waiting on top; closed ones the latest first."""
    rows = concerns(member)
    if asked.show != "all":
        rows = rows.exclude(closed_at=None) if asked.show == "closed" else rows.open()
    for name, known in (("kind", Concern.Kind.values), ("about", Concern.About.values), ("source", Source.values)):
        if getattr(asked, name) in known:
            rows = rows.filter(**{name: getattr(asked, name)})
    if asked.campus:
        rows = rows.filter(Q(campus=asked.campus) | Q(campus=None, customer__campus=asked.campus))
    if asked.words.strip():
        families = search(Customer.objects.present(), asked.words).values("pk")
        rows = rows.filter(Q(customer__in=families) | Q(text__icontains=asked.words.strip()))
    return rows.order_by("-closed_at", "-pk") if asked.show == "closed" else rows.order_by("opened_at", "pk")


def counts(member: Membership) -> Counter[str]:
    """How many are open, by kind."""
    rows = concerns(member).open().order_by()
    return Counter(dict(rows.values_list("kind").annotate(n=Count("pk"))))


def families_of(member: Membership, rows: Iterable[Concern]) -> dict[int, Customer]:
    """Whose number was left, for a colleague to look at, by the concern's id: where just one of the member's families has it."""
    asked = {row.pk: row.phone_index for row in rows if row.customer_id is None and row.phone_index}
    known: dict[str, set[int]] = {}
    theirs = Guardian.objects.filter(phone_index__in=set(asked.values()), family__customer__in=customers(member))
    for index, customer in theirs.values_list("phone_index", "family__customer"):
        known.setdefault(index, set()).add(customer)
    only = {pk: next(iter(known[index])) for pk, index in asked.items() if len(known.get(index, ())) == 1}
    found = Customer.objects.in_bulk(only.values())
    return {pk: found[customer] for pk, customer in only.items()}
