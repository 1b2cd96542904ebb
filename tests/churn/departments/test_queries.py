"""What each department's records say: prospects, events, feedback, complaints, refunds, causes."""
from datetime import timedelta

import pytest

from churn.cases.working import End, close, name_cause
from churn.departments.funnel import Line
from churn.departments.queries import (
    Blamed,
    Period,
    blamed,
    campaigns,
    cases_of,
    comments,
    complaints,
    funnel,
    never_came,
    not_enrolled,
    refunds,
)
from churn.models import Area, ChurnCase
from crm.models import Attendance, Child, Concern, Customer, Enrolment, Satisfaction, TimelineEntry
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.churn.cases.conftest import cause, opened
from tests.churn.conftest import AT, DAY, ONE, home
from tests.conftest import make_member

FIRST = DAY - 30 * ONE
PERIOD = Period(FIRST, DAY)


def prospect(number: int, *, since=DAY - 9 * ONE, source="小红书", at=None) -> Customer:
    """A family that has asked and no more."""
    customer = makers.family(f"问{number}", f"137000000{number:02d}", since=since, enrolled=False, at=at)
    customer.source = source
    customer.save()
    return customer


def child_of(customer) -> Child:
    return Child.objects.get(family__customer=customer)


def enrol(customer, on=DAY - 3 * ONE, attended=False) -> Enrolment:
    if attended:
        Attendance.objects.create(child=child_of(customer), day=on, status="present")
    return Enrolment.objects.create(child=child_of(customer), campus=customer.campus, from_on=on)


# -- marketing ---------------------------------------------------------------------------------------------------------------------
def test_the_funnel_counts_how_far_each_family_got_by_source(miao, head):
    makers.entry(prospect(1), "visit", DAY)
    makers.entry(prospect(6, source="路过"), "consultation", DAY)
    TimelineEntry.objects.filter(kind="consultation").update(channel="face")
    makers.entry(prospect(7, source="路过"), "consultation", DAY)
    enrol(prospect(2, source="转介绍"), attended=True)
    enrol(prospect(3, source="转介绍"))
    prospect(4, since=FIRST - ONE)
    prospect(5, since=DAY + ONE)

    whole, found = funnel(head, PERIOD)

    assert whole == Line("", 5, 4, 2, 1)
    assert found == [Line("路过", 2, 1, 0, 0), Line("转介绍", 2, 2, 2, 1), Line("小红书", 1, 1, 0, 0)]


def test_a_child_that_was_only_marked_absent_has_not_attended(miao, head):
    row = prospect(1)
    enrol(row)
    Attendance.objects.create(child=child_of(row), day=DAY, status="absent")

    assert funnel(head, PERIOD)[0] == Line("", 1, 1, 1, 0)


def test_who_asked_and_is_not_enrolled_is_listed_by_how_long_nobody_spoke_to_them(miao, head):
    spoken, silent, older = prospect(1), prospect(2), prospect(3, since=DAY - 20 * ONE)
    makers.entry(spoken, "contact", DAY - 2 * ONE)
    makers.entry(spoken, "contact", DAY - 5 * ONE)
    enrol(prospect(4))
    makers.payment(prospect(5), 500, DAY)

    assert [(row.pk, row.last_on) for row in not_enrolled(head, PERIOD)] == [(older.pk, None), (silent.pk, None),
            (spoken.pk, DAY - 2 * ONE)]


def test_an_event_is_judged_by_who_enrolled_after_it(miao, head):
    event = DAY - 20 * ONE
    for number, enrolled in ((1, event + 9 * ONE), (2, None), (3, event - ONE), (4, event + 61 * ONE)):
        customer = prospect(number, since=event)
        makers.entry(customer, "event", event, "开放日")
        makers.entry(customer, "event", event, "开放日")
        if enrolled:
            enrol(customer, enrolled)
    makers.entry(prospect(5), "event", DAY, "")
    makers.entry(prospect(6), "event", FIRST - ONE, "以前的")

    assert campaigns(head, PERIOD) == [Line("开放日", 3, 1, 1, 0)]


def test_the_no_shows_are_those_the_rule_opened_in_the_period(miao, head, on_the_day):
    for number, trigger, day in ((1, "no_show", DAY), (2, "no_show", FIRST - ONE), (3, "by_hand", DAY)):
        ChurnCase.objects.filter(pk=opened(home(number), head).pk).update(trigger=trigger, opened_on=day)

    assert never_came(head, PERIOD) == 1


# -- teaching and service ----------------------------------------------------------------------------------------------------------
def test_what_families_wrote_stands_with_the_least_satisfied_first(miao, head):
    family = home(1)
    for score, comment, day in ((5, "很好", DAY), (2, "老师总换", DAY - ONE), (2, "听不懂", DAY), (1, "", DAY),
            (1, "太早", FIRST - ONE)):
        Satisfaction.objects.create(customer=family, score=score, comment=comment, answered_on=day)

    assert [row.comment for row in comments(head, PERIOD)] == ["听不懂", "老师总换", "很好"]


def test_complaints_come_with_what_became_of_them(miao, head):
    family = home(1)
    open_one, done, silent = (makers.entry(family, "complaint", DAY - days * ONE, title) for days,
            title in ((1, "开"), (2, "完"), (3, "无")))
    Concern.objects.create(customer=family, entry=open_one, kind="complaint", opened_at=AT, text="x")
    Concern.objects.create(customer=family, entry=done, kind="complaint", opened_at=AT, text="x", answer="已道歉",
            closed_at=AT)
    makers.entry(family, "complaint", FIRST - ONE)
    makers.entry(family, "suggestion", DAY)

    assert [(one.entry.title, one.is_open) for one in complaints(head, PERIOD)] == [("开", True), ("完", False),
            ("无", True)]
    assert silent.pk


def test_refunds_are_negative_payments_of_the_period(miao, head):
    family = home(1)
    for yuan, day in ((-300, DAY), (900, DAY), (-100, FIRST - ONE), (-50, FIRST)):
        makers.payment(family, yuan, day)

    assert [row.amount_fen for row in refunds(head, PERIOD)] == [-30000, -5000]


# -- causes ------------------------------------------------------------------------------------------------------------------------
def test_causes_of_an_area_say_what_became_of_their_cases(miao, head, on_the_day):
    made = [opened(home(number), head) for number in range(1, 5)]
    for case, name in zip(made, ("换老师太多", "换老师太多", "课程内容不合适", "停车难"), strict=True):
        name_cause(case, cause(name), weight=10, evidence="x", by=head)
    close(made[0], End("lost"), by=head, at=AT)
    close(made[1], End("kept", "谈了"), by=head, at=AT)

    assert blamed(head, PERIOD, Area.TEACHING) == [Blamed(cause().pk, "换老师太多", 2, 1, 1),
            Blamed(cause("课程内容不合适").pk, "课程内容不合适", 1, 0, 0)]
    assert [row.pk for row in cases_of(head, PERIOD, Area.FACILITIES)] == [made[3].pk]
    assert blamed(head, PERIOD, Area.MARKET) == []


def test_a_case_with_two_causes_of_an_area_is_listed_once(miao, head, on_the_day):
    case = opened(home(1), head)
    name_cause(case, cause(), weight=5, evidence="x", by=head)
    name_cause(case, cause("课程内容不合适"), weight=5, evidence="x", by=head)

    assert [row.pk for row in cases_of(head, PERIOD, Area.TEACHING)] == [case.pk]
    assert len(blamed(head, PERIOD, Area.TEACHING)) == 2


# -- whose ---------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def two_campuses(school, head, on_the_day):
    """The same of everything at two campuses, and who works for the second one only."""
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
    western = make_member(school, "operations", "西", campuses=[west])
    with tenant_scope(school):
        for number, campus in ((1, None), (2, west)):
            family = prospect(number, at=campus)
            makers.entry(family, "event", DAY, "开放日")
            makers.entry(family, "complaint", DAY)
            makers.payment(family, -1, DAY)
            Satisfaction.objects.create(customer=family, score=1, comment="x", answered_on=DAY)
            name_cause(opened(family, head), cause(), weight=10, evidence="x", by=head)
        ChurnCase.objects.update(trigger="no_show")
    return west, western


def found(member, period) -> list[int]:
    return [funnel(member, period)[0].asked, not_enrolled(member, period).count(),
            sum(line.asked for line in campaigns(member, period)),
            comments(member, period).count(), len(complaints(member, period)), refunds(member, period).count(),
            sum(row.cases for row in blamed(member, period, Area.TEACHING)), len(cases_of(member, period,
                    Area.TEACHING)), never_came(member, period)]


def test_everybody_sees_their_own_campuses_and_may_ask_for_one(school, head, two_campuses):
    west, western = two_campuses
    with tenant_scope(school):
        assert found(head, PERIOD) == [2] * 9
        assert found(western, PERIOD) == [1] * 9 == found(head, Period(FIRST, DAY, west))
        assert found(head, Period(FIRST - timedelta(days=90), FIRST - ONE)) == [0] * 9


def test_a_family_in_the_bin_stands_nowhere(school, head, two_campuses):
    with tenant_scope(school):
        Customer.objects.update(deleted_at=AT)

        assert found(head, PERIOD) == [0] * 9
