"""Who is to be called: one row a household, the most urgent first, and how to reach it."""
from datetime import date

import pytest
from django.utils import timezone

from crm.models import Anniversary, Guardian
from service_levels.models import Touch
from service_levels.touches import queries
from service_levels.touches.queries import Asked
from service_levels.touches.settling import no_answer
from tenancy.actions import confine
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.service_levels.conftest import DAY, ONE, family, owe

ALL = Asked(whose="all")


def names(member, asked=ALL, day=DAY) -> list[str]:
    rows = queries.due(member, asked, day)
    return [row.customer.name for row in queries.households(member, rows, day)]


@pytest.fixture
def four(miao):
    """A at risk, B at risk, D at ease, C watched."""
    rows = family(1, "A", "high"), family(2, "B", "high"), family(3, "D", "low"), family(4, "C", "watch")
    owe(DAY)
    return rows


def test_the_best_at_risk_come_first(miao, head, four):
    assert names(head) == ["孩1一家", "孩2一家", "孩4一家", "孩3一家"]


def test_lateness_moves_up_within_what_tier_and_risk_allow(miao, head, four):
    owe(DAY + 3 * ONE)

    assert names(head, day=DAY + 3 * ONE)[:2] == ["孩1一家", "孩2一家"]


def test_whom_nobody_could_reach_today_stands_last_until_tomorrow(miao, head, four, on_the_day):
    no_answer(four[0], by=head, at=timezone.now())

    assert names(head)[-1] == "孩1一家"
    assert names(head, day=DAY + ONE)[0] == "孩1一家"


def test_a_household_stands_once_with_all_it_is_owed(miao, head):
    customer = family(1, "D", "low", born_on=date(2022, 11, 21))
    owe()
    owe(DAY + 3 * ONE)
    row, = queries.households(head, queries.due(head, ALL, DAY + 3 * ONE), DAY + 3 * ONE)

    assert (row.customer, [touch.due_on for touch in row.touches], row.days) == (customer, [DAY, DAY + 7 * ONE], 3)


def test_what_is_months_away_is_not_asked_for_yet(miao, head):
    family(1, "A", "low")
    owe()

    assert names(head) == []
    assert names(head, day=date(2026, 12, 20)) == ["孩1一家"]


def test_a_row_says_whom_to_call_and_how_often_they_were_called(miao, head):
    customer = family(1, "D", "low")
    decides = Guardian.objects.create(family=customer.family, name="爸爸", decides=True, phone_mask="139****0000")
    makers.entry(customer, on=DAY - 30 * ONE)
    owe()
    makers.entry(customer, on=DAY - ONE)
    row, = queries.households(head, queries.due(head, ALL, DAY), DAY)

    assert (row.guardian, row.calls, row.last.day, row.plan.name) == (decides, 1, DAY - ONE, "挽回")


@pytest.mark.parametrize(("label", "points"), [
    ("B", ["听家长的需要", "介绍近来的活动和进展"]),
    ("C", ["听家长怎么看园里", "孩子在家的生活", "接送不便的，改流程或加接送时段", "课程不合的，调内容和方法"]),
    ("D", ["孩子这一周怎样", "需要什么、不满意什么", "真诚地请家长提意见", "介绍我们的特色和长处"]),
])
def test_a_row_says_what_there_is_to_talk_about(miao, head, label, points):
    family(1, label, "low")
    owe()
    row, = queries.households(head, queries.due(head, ALL, DAY), DAY)

    assert row.points == points


def test_another_family_on_the_same_number_is_named(miao, head):
    first, second, third = family(1, "D", "low"), family(2, "D", "low"), family(3, "D", "low")
    number = first.family.guardians.get()
    Guardian.objects.filter(family=second.family).update(phone_index=number.phone_index)
    owe()
    rows = {row.customer: row.same_number for row in queries.households(head, queries.due(head, ALL, DAY), DAY)}

    assert rows == {first: [second], second: [first], third: []}


def test_days_are_named_by_whose_they_are(miao):
    customer = family(1, "A", "low", born_on=date(2022, 11, 27))
    own = Anniversary.objects.create(family=customer.family, name="奶奶生日", month=1, day=1)
    child = customer.family.children.get()
    rows = [Touch(customer=customer, about=about) for about in (
        f"child-{child.pk}", f"came-{child.pk}", f"day-{own.pk}", "mid-autumn", "", "child-0", "sometime")]

    assert [touch.about_name for touch in queries.named(rows)] == ["孩1", "孩1 入园周年", "奶奶生日", "中秋节", "", "", ""]


@pytest.mark.parametrize(("asked", "found"), [
    (Asked(), ["孩1一家"]),
    (Asked(whose="nobody"), ["孩3一家"]),
    (Asked(whose="all"), ["孩2一家", "孩3一家", "孩1一家"]),
    (Asked(whose="all", words="孩2"), ["孩2一家"]),
    (Asked(whose="all", tier="B"), ["孩2一家"]),
    (Asked(whose="all", band="high"), ["孩2一家"]),
    (Asked(whose="all", show="today"), ["孩2一家", "孩3一家", "孩1一家"]),
    (Asked(whose="all", show="late"), []),
])
def test_the_list_is_narrowed(school, head, on_the_day, asked, found):
    other = make_member(school, "relations", "李老师")
    with tenant_scope(school):
        family(1, "D", "low", owner=head)
        family(2, "B", "high", owner=other)
        family(3, "D", "watch")
        owe()

        assert names(head, asked) == found


def test_a_stand_in_sees_the_others_families_among_their_own(school, head, on_the_day):
    ill = make_member(school, "relations", "李老师")
    with tenant_scope(school):
        family(1, "D", "low", owner=ill)
        owe()
        ill.stands_in = head
        ill.save()

        assert names(head, Asked()) == ["孩1一家"]


def test_only_the_campuses_of_a_member_are_seen(school, on_the_day):
    member = make_member(school, "relations", "李老师")
    with tenant_scope(school):
        here, there = Campus.objects.first(), Campus.objects.create(name="东园")
        confine(member, [there])
        family(1, "D", "low", at=here)
        family(2, "D", "low", at=there)
        owe()

        assert names(member) == ["孩2一家"]
