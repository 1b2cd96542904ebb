"""积分 as rows: what the database itself keeps out, and how rows say what they are."""
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from service_levels.models import PointsEntry, PointsRules, Prize
from service_levels.points.keeping import keep_prize, keep_rules
from service_levels.points.ledger import Line
from tenancy.refusals import Forbidden
from tests.churn.conftest import AT, DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import family
from tests.service_levels.points.makers import prize, rule


def entry(home, points=10, kind="earned", **more) -> PointsEntry:
    return PointsEntry.objects.create(customer=home, kind=kind, points=points, on=DAY, at=AT, **more)


@pytest.mark.parametrize("wrong", [{"points": 0}, {"points": -5, "last_on": DAY}])
def test_an_entry_is_some_points_and_what_went_does_not_lapse(miao, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        entry(family(1), **wrong)


def test_what_was_taken_back_was_never_there(miao):
    home = family(1)
    first = entry(home, last_on=DAY + timedelta(days=9))
    entry(home, -10, "undone", undoes=first), entry(home, 7, "given")

    assert PointsEntry.objects.filter(customer=home).lines() == [Line(7, DAY)]
    assert str(first) == "+10 2026-11-20"


def test_there_is_one_rule_and_it_makes_sense(miao):
    assert str(rule()) == "10"

    with pytest.raises(IntegrityError), transaction.atomic():
        rule()
    with pytest.raises(IntegrityError), transaction.atomic():
        PointsRules.objects.update(months=0)


def test_a_prize_costs_something_and_has_a_name_of_its_own(miao):
    assert str(prize()) == "绘本"

    for wrong in ({"name": "绘本", "points": 5}, {"name": "白送", "points": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Prize.objects.create(**wrong)


def test_who_organises_nothing_keeps_no_rule_and_no_prize(miao):
    agent = colleague("agent")

    with pytest.raises(Forbidden):
        keep_rules(PointsRules(an_event=5, months=5, since=DAY), by=agent)
    with pytest.raises(Forbidden):
        keep_prize(Prize(name="x", points=5), by=agent)
    assert keep_prize(Prize(name="x", points=5), by=miao.head).pk and keep_rules(PointsRules(an_event=5, months=5, since=DAY), by=miao.head).pk
