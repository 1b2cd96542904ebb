"""The demo's benefits: points for taking part, prizes that were taken, and a promise that waits to be told."""
from collections import Counter
from datetime import date, timedelta

import pytest

from config.demo_benefits import LETTER, MORE, PRIZES, add
from service_levels.market.queries import told
from service_levels.models import Cooperation, CourseOffer, Entitlement, PlanVersion, PointsEntry, Prize, Recommendation, ServiceNotice
from service_levels.points import booking
from tenancy.roles import Role
from tenancy.scope import tenant_scope
from tests.churn.conftest import DAY
from tests.conftest import make_member
from tests.service_levels.conftest import derive, family
from tests.service_levels.points.makers import took_part

OTHERS = 5  # families whose plan promises recommendations, with children of the age


@pytest.fixture
def added(school, on_the_day):
    people = {role: make_member(school, role) for role in (Role.HEAD, Role.RELATIONS, Role.PLANNER, Role.AGENT)}
    with tenant_scope(school):
        homes = [family(number, "A", "low") for number in range(1, 9)]
        for home in homes:
            for week in range(4):
                took_part(home, DAY - timedelta(days=7 * week), f"活动 {week}")
        for number in range(20, 20 + OTHERS):
            family(number, "B", "low", born_on=date(2021, 11, 1))
        derive()
        Entitlement.objects.update(from_on=DAY - timedelta(days=60))
        add(people, DAY)
        yield homes


def test_families_earned_points_and_some_took_a_prize(added):
    assert PointsEntry.objects.filter(kind="earned").count() == 32 and PointsEntry.objects.filter(kind="spent").count() == 6
    assert min(booking.balance(home.pk) for home in added) >= 0
    assert Prize.objects.count() == len(PRIZES) and Prize.objects.get(name="绘本一本").stock == 9


def test_every_family_of_the_first_plan_is_to_hear_of_one_thing_more(added):
    assert {(row.kind, *row.lines) for row in ServiceNotice.objects.waiting()} == {("more", MORE.text)}
    assert ServiceNotice.objects.count() == 8


def test_three_families_had_a_say_and_one_has_heard_of_it(added):
    rows = Cooperation.objects.order_by("id")

    assert [(row.topic, row.outcome, row.told_on is not None) for row in rows] == [
        ("courses", "adopted", True), ("management", "partly", False), ("direction", "", False)]


def test_courses_were_recommended_and_some_families_answered(added):
    assert CourseOffer.objects.count() == 2
    assert Counter(Recommendation.objects.values_list("answer", flat=True)) == {"accepted": 4, "declined": 2, "": 4}


def test_the_plans_opening_is_kept_in_a_version_that_two_people_put_in_force(added):
    version = PlanVersion.objects.get(state="in_force")

    assert (version.number, version.proposed_by.role, version.approved_by.role) == (2, Role.RELATIONS, Role.HEAD)
    assert version.as_book().plans[0].letter == LETTER


def test_the_market_note_of_the_quarter_is_written(added):
    assert told(DAY).title == "这一季，家长在问什么"
