"""What the tests of points share: the rule, events that somebody took part in, prizes."""
from datetime import date

from crm.models import TimelineEntry
from service_levels.models import PointsEntry, PointsRules, Prize
from service_levels.points import booking
from tests import makers
from tests.churn.conftest import AT, DAY


def rule(points: int = 10, months: int = 12, since: date = date(2026, 9, 1)) -> PointsRules:
    return PointsRules.objects.create(an_event=points, months=months, since=since)


def took_part(customer, on: date = DAY, title: str = "秋季运动会") -> TimelineEntry:
    return makers.entry(customer, "event", on, title)


def prize(points: int = 20, stock: int | None = None, name: str = "绘本") -> Prize:
    return Prize.objects.create(name=name, points=points, stock=stock)


def with_points(customer, by, points: int = 50):
    """A family that was given so many points."""
    booking.give(customer, points, "开学礼", by=by, at=AT)
    return customer


def entries(customer) -> list[tuple[str, int]]:
    """(why, how many) in the order in which they came."""
    return list(PointsEntry.objects.filter(customer=customer).order_by("id").values_list("kind", "points"))
