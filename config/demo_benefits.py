"""What families have more of in a demo school: a plan that promises more since today, points for taking part, prizes that were taken.

It goes through the very actions people use; must be called inside the school's scope, after the entitlements.
"""
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice

from django.utils import timezone

from crm.models import Customer
from service_levels import nightly
from service_levels.models import PointsRules, Prize
from service_levels.plans import drafting, queries
from service_levels.plans.book import Line, Section, Unit
from service_levels.points import booking, keeping
from tenancy.models import Membership
from tenancy.roles import Role

People = Mapping[str, Membership]
MORE = Line(Section.EVENT, "家长开放日提前选时间", unit=Unit.QUARTER, told=True)
LETTER = "谢谢您一直以来的支持，"
PRIZES = (("贴纸一套", 10, 60), ("绘本一本", 30, 12), ("亲子陶艺一次", 60, None))
TAKEN, MONTHS, AN_EVENT = 6, 12, 10


def add(people: People, today: date) -> None:
    """Points since a year ago first; then today the plans promise one thing more, which waits for somebody's word."""
    at = timezone.now()
    keeping.keep_rules(PointsRules(an_event=AN_EVENT, months=MONTHS, since=today - timedelta(days=330)), by=people[Role.PLANNER])
    for name, points, stock in PRIZES:
        keeping.keep_prize(Prize(name=name, points=points, stock=stock), by=people[Role.PLANNER])
    booking.nightly(today, at=at)
    _take(people, at)
    _promise_more(people, at)
    nightly.derive(today, at=at)


def _take(people: People, at: datetime) -> None:
    """Some families have taken a prize."""
    shelf = list(Prize.objects.all())
    enough = (row for row in Customer.objects.present().order_by("pk") if booking.balance(row.pk) >= PRIZES[1][1])
    for number, row in enumerate(islice(enough, TAKEN)):
        booking.redeem(row, shelf[number % 2], by=people[Role.AGENT], at=at - timedelta(days=number))


def _promise_more(people: People, at: datetime) -> None:
    """The first plan of every book."""
    for version in queries.in_force():
        draft = drafting.draft_of(version.scheme, by=people[Role.RELATIONS], at=at)
        first = draft.as_book().plans[0]
        drafting.keep_plan(draft, replace(first, lines=(*first.lines, MORE), letter=LETTER), by=people[Role.RELATIONS], at=at)
        drafting.submit(draft, by=people[Role.RELATIONS], at=at)
        drafting.approve(draft, by=people[Role.HEAD], at=at)
