"""优惠公平检查 (X10, B19): whether concessions fall on some campuses or colleagues' families more than on others, prices below the list
that no rule covers, and families that were given something and soon threatened again.
"""
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum

from churn.models import ChurnCase, SaveOffer
from crm.access import customers
from crm.models import Payment
from service_levels.concessions.policy import YEAR
from service_levels.models import Concession
from service_levels.plans.queries import served_by
from tenancy.models import Membership
from tiering.fairness import Verdict, compare

GOT, NOT = "got", "not"
SHOWN = 50


@dataclass(frozen=True)
class Part:
    """A campus or a colleague's families: how many could be given something, how many were, what it comes to in 分."""

    name: str
    may: int
    got: int
    fen: int

    @property
    def share(self) -> float | None:
        return self.got / self.may if self.may else None


@dataclass(frozen=True)
class Split:
    """Families split in one way, and whether the parts differ beyond chance."""

    parts: tuple[Part, ...]
    verdict: Verdict


def split(member: Membership, by: str, day: date) -> Split:
    """Families that could be given something, by ``campus__name`` or ``owner__name``: who was, in the last 365 days."""
    may = _eligible(member)
    standing = Concession.objects.standing().filter(decided_at__date__gt=day - YEAR, decided_at__date__lte=day)
    fen = dict(standing.filter(customer__in=may.values("pk")).order_by().values_list(f"customer__{by}").annotate(fen=Sum("fen")))
    rows = may.order_by().values_list(by).annotate(
        n=Count("pk"), got=Count("pk", filter=Exists(standing.filter(customer=OuterRef("pk"))))).order_by(by)
    parts = tuple(Part(name or "–", n, got, fen.get(name, 0)) for name, n, got in rows)
    return Split(parts, compare({part.name: {GOT: part.got, NOT: part.may - part.got} for part in parts}, (GOT, NOT)))


def _eligible(member: Membership) -> QuerySet[Any]:
    """Families whose plan of today promises something off."""
    return customers(member).filter(pk__in=served_by(lambda line: line.ruled).values("customer"))


def below_list(member: Membership, day: date) -> QuerySet[Any]:
    """Payments of the last 365 days below the price of the list while the family had no approved concession: the largest first."""
    covered = Concession.objects.standing().filter(customer=OuterRef("customer"), decided_at__date__lte=OuterRef("paid_on"),
                                                   until_on__gte=OuterRef("paid_on"))
    rows = Payment.objects.filter(customer__in=customers(member), paid_on__gt=day - YEAR, paid_on__lte=day, amount_fen__gt=0,
                                  list_fen__gt=F("amount_fen")).exclude(Exists(covered))
    return rows.annotate(off_fen=F("list_fen") - F("amount_fen")).select_related("customer__campus", "fee_kind").order_by("-off_fen", "id")


def promised_besides(member: Membership, day: date) -> QuerySet[Any]:
    """What was offered to families that asked for their money back and that they took, without an approved concession beside it."""
    near = Concession.objects.standing().filter(customer=OuterRef("request__customer"), decided_at__date__gte=OuterRef("at__date"))
    rows = SaveOffer.objects.filter(request__customer__in=customers(member), answer=SaveOffer.Answer.ACCEPTED, fen__gt=0,
                                    answered_at__date__gt=day - YEAR, answered_at__date__lte=day).exclude(Exists(near))
    return rows.select_related("request__customer__campus").order_by("-fen", "id")


def again(member: Membership, day: date) -> QuerySet[Any]:
    """Families with a new case within 365 days after they were given something: giving in is no answer to what troubles them."""
    given = Concession.objects.standing().filter(customer=OuterRef("customer"), decided_at__date__lt=OuterRef("opened_on"),
                                                 decided_at__date__gt=OuterRef("opened_on") - YEAR)
    rows = ChurnCase.objects.filter(Exists(given), customer__in=customers(member), opened_on__gt=day - YEAR, opened_on__lte=day)
    return rows.select_related("customer__campus").order_by("-opened_on", "-id")


def sum_of(rows: QuerySet[Any], field: str) -> dict[str, Any]:
    """How many rows, and the sum of a column in 分."""
    told: dict[str, Any] = rows.order_by().aggregate(count=Count("pk"), fen=Sum(field))
    return {"count": told["count"], "fen": told["fen"] or 0}
