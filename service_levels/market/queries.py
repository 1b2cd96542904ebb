"""Reads of 市场信息: which note is told now, and how many families have it, wait for it, went without it (S11c)."""
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q

from crm.days import months_later, quarter
from service_levels.access import touches
from service_levels.models import MarketNote
from service_levels.plans.book import Occasion
from tenancy.models import Membership

FRESH = timedelta(days=100)  # a note of the last quarter is told until the first weeks of the next are over


@dataclass(frozen=True)
class Reach:
    """Of the families that are owed the note of one quarter: to how many it went, how many wait, with how many it came late."""

    owed: int
    sent: int
    late: int

    @property
    def waiting(self) -> int:
        return self.owed - self.sent


def told(day: date) -> MarketNote | None:
    """The note that is sent on a day: the newest that is not too old."""
    return MarketNote.objects.filter(on__lte=day, on__gt=day - FRESH).first()


def reach(member: Membership, day: date) -> Reach:
    """This quarter, among the families that the member works for."""
    first = quarter(day)
    rows = touches(member).filter(occasion=Occasion.NEWS, due_on__gte=first, due_on__lt=months_later(first, 3), voided_on=None)
    sent = Q(entry__isnull=False)
    found: dict[str, int] = rows.order_by().aggregate(owed=Count("pk"), sent=Count("pk", filter=sent),
                                                      late=Count("pk", filter=sent & Q(kept_on__gt=F("due_on"))))
    return Reach(**found)
