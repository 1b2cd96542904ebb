"""Reads of 挽回: who is won back, who waits for a plan, the weeks, what else is done, and what helped; each by campus and right."""
from datetime import timedelta

import pytest

from churn.cases.working import name_cause
from churn.models import Cause
from service_levels.models import Event, Touch, WinBack
from service_levels.requests.working import Wish, open_request
from service_levels.winback import queries, working
from service_levels.winback.queries import Helped, Week
from tenancy.models import Campus
from tenancy.refusals import Forbidden
from tests.churn.conftest import AT, DAY
from tests.service_levels.concessions.makers import asked as concession
from tests.service_levels.concessions.makers import cased, colleague, hold
from tests.service_levels.conftest import derive, family
from tests.service_levels.events.makers import TEN, asked, planned
from tests.service_levels.winback.makers import KEPT, LOST, begun, finished, lost_heart, step, talked

ONE = timedelta(days=1)
MISTAKEN = working.End("mistaken", "认错人了")


def names(rows) -> list[str]:
    return [row.name for row in rows]


# -- the list ------------------------------------------------------------------------------------------------------------------------------
def test_whom_nobody_spoke_with_for_longest_stands_first(lead):
    homes = [lost_heart(number) for number in (1, 2, 3)]
    for home in homes:
        begun(home, lead)
    talked(homes[0], 1), talked(homes[1], 9)

    rows = list(queries.listed(lead, "open", DAY))

    assert [row.customer.name for row in rows] == ["孩3一家", "孩2一家", "孩1一家"]
    assert [row.talked_on for row in rows] == [None, DAY - 9 * ONE, DAY - ONE]


@pytest.mark.parametrize(("channel", "counts"), [("phone", True), ("wechat", True), ("face", True), ("online", True), ("", True), ("sms", False)])
def test_only_a_talk_is_a_talk(lead, channel, counts):
    home = lost_heart()
    begun(home, lead)
    talked(home, 1, channel)

    assert (queries.listed(lead, "open", DAY).get().talked_on is not None) is counts


def test_each_says_how_far_its_measures_are(lead):
    row = begun(lost_heart(), lead)
    step(row, lead)
    working.show(finished(row, lead), "face", by=lead, at=AT)
    finished(row, lead)

    found = queries.listed(lead, "open", DAY).get()

    assert (found.steps_all, found.steps_done, found.steps_shown) == (3, 2, 1)


@pytest.fixture
def four(lead):
    """One open, and one of each end."""
    rows = [begun(lost_heart(number), lead) for number in (1, 2, 3, 4)]
    for row, end in zip(rows[1:], (KEPT, LOST, MISTAKEN), strict=True):
        working.close(row, end, by=lead, at=AT)
    return rows


@pytest.mark.parametrize(("tab", "numbers"), [("open", [1]), ("kept", [2]), ("lost", [3]), ("mistaken", [4]), ("all", [1, 2, 3, 4]), ("x", [1])])
def test_each_tab_has_its_own(lead, four, tab, numbers):
    assert sorted(row.customer.name for row in queries.listed(lead, tab, DAY)) == [f"孩{number}一家" for number in numbers]


def test_the_tabs_say_how_many(lead, four):
    assert queries.counts(lead) == {"open": 1, "kept": 1, "lost": 1, "mistaken": 1, "all": 4}


@pytest.mark.parametrize(("words", "count"), [("孩1", 1), ("13800138001", 1), ("孩2", 0), ("", 1)])
def test_words_narrow_it(lead, four, words, count):
    assert queries.listed(lead, "open", DAY, words).count() == count


def test_so_does_who_leads(chief, lead, four):
    assert queries.listed(lead, "open", DAY, mine=True).count() == 1
    assert queries.listed(chief, "open", DAY, mine=True).count() == 0


def test_a_campus_has_its_own(lead, four):
    west = Campus.objects.create(name="西园", code="west")

    assert queries.listed(colleague("agent", "西园的", [west]), "all", DAY).count() == 0


def test_who_may_not_see_risks_sees_none(inside):
    desk = colleague("frontdesk")

    for read in (lambda: queries.listed(desk, "all", DAY), lambda: queries.counts(desk), lambda: queries.owed_to(desk)):
        with pytest.raises(Forbidden):
            read()


# -- who waits for a plan --------------------------------------------------------------------------------------------------------------------
def test_a_family_that_the_group_looks_after_waits_for_a_plan(lead):
    lost_heart(1)
    family(2, "C", "low"), family(3)
    derive()

    assert names(queries.owed_to(lead)) == ["孩1一家"]


def test_until_somebody_has_begun(lead):
    row = begun(lost_heart(), lead)
    assert names(queries.owed_to(lead)) == []

    working.close(row, KEPT, by=lead, at=AT)

    assert names(queries.owed_to(lead)) == ["孩1一家"], "its plan still says so"


def test_another_campus_has_its_own_that_wait(lead):
    lost_heart()
    west = Campus.objects.create(name="西园", code="west")

    assert names(queries.owed_to(colleague("agent", "西园的", [west]))) == []


# -- the weeks -------------------------------------------------------------------------------------------------------------------------------
def test_each_week_says_how_often_somebody_spoke(lead):
    row = begun(lost_heart(), lead)
    WinBack.objects.update(opened_on=DAY - 15 * ONE)
    row.refresh_from_db()
    for days in (1, 2, 9):
        talked(row.customer, days)
    talked(row.customer, 16, "sms")

    assert queries.weeks(row, DAY) == [Week(DAY - 18 * ONE, 0), Week(DAY - 11 * ONE, 1), Week(DAY - 4 * ONE, 2)]


def test_eight_at_most(lead):
    row = begun(lost_heart(), lead)
    WinBack.objects.update(opened_on=DAY - 300 * ONE)
    row.refresh_from_db()

    assert len(queries.weeks(row, DAY)) == 8


def test_and_none_after_its_end(lead):
    row = begun(lost_heart(), lead)
    WinBack.objects.update(opened_on=DAY - 60 * ONE, state="kept", result="x", closed_on=DAY - 30 * ONE)
    row.refresh_from_db()

    assert queries.weeks(row, DAY)[-1].monday == DAY - 32 * ONE


# -- what else is done -----------------------------------------------------------------------------------------------------------------------
def test_beside_it_stands_what_else_is_done_for_the_family(chief, lead):
    hold()
    home = lost_heart()
    cased(home, chief)
    row = begun(home, lead)
    problem = open_request(Wish("complaint", "太吵", "phone", "service"), customer=home, by=lead, at=AT)
    given = concession(home, lead)
    guest = asked(planned(chief), chief, home)
    touch = Touch.objects.create(customer=home, line="K29(a)", text="每周问候", occasion="rhythm", band="high", opens_on=DAY, due_on=DAY)

    found = queries.beside(row)

    assert (found.problems, found.concessions, found.invitations, found.owed) == ([problem], [given], guest, [touch])


def test_another_familys_is_not_there(lead):
    row, other = begun(lost_heart(1), lead), lost_heart(2)
    open_request(Wish("service", "x", "phone", "service"), customer=other, by=lead, at=AT)

    found = queries.beside(row)

    assert (found.problems, found.concerns, found.concessions, found.invitations, found.owed) == ([], [], [], [], [])


def test_the_causes_of_its_case(chief, lead):
    home = lost_heart()
    case = cased(home, chief)
    case.causes.all().delete()
    named = name_cause(case, Cause.objects.first(), weight=6, evidence="奶奶说的", by=chief)

    assert queries.causes(lead, begun(home, lead)) == [named]


def test_without_a_case_there_are_none(lead):
    assert queries.causes(lead, begun(lost_heart(), lead)) == []


@pytest.mark.parametrize(("more", "there"), [
    ({}, True), ({"kind": "lecture"}, False), ({"cancelled_at": TEN, "cancel_why": "x"}, False),
    ({"starts_at": TEN - 9 * ONE, "ends_at": TEN - 8 * ONE}, False)])
def test_small_events_that_are_coming_are_offered(chief, lead, more, there):
    row = begun(lost_heart(), lead)
    planned(chief, kind="small", title="茶话会")
    Event.objects.update(**more)

    assert ([one.title for one in queries.small_events(row, DAY)] == ["茶话会"]) is there


def test_not_where_the_family_is_asked_already_nor_of_another_campus(chief, lead):
    row = begun(lost_heart(), lead)
    asked(planned(chief, kind="small"), chief, row.customer)
    planned(chief, kind="small", campus=Campus.objects.create(name="西园", code="west"))

    assert list(queries.small_events(row, DAY)) == []


# -- what helped -----------------------------------------------------------------------------------------------------------------------------
def test_what_helped_is_counted_by_family(lead):
    for number, end, kinds in ((1, KEPT, ("teaching", "teaching", "solve")), (2, LOST, ("teaching",)), (3, KEPT, ("solve",))):
        row = begun(lost_heart(number), lead)
        for kind in kinds:
            finished(row, lead, kind=kind)
        working.close(row, end, by=lead, at=AT)

    found = queries.helped(lead, DAY)

    assert found == [Helped("", 3, 2), Helped("教学：培训教师", 2, 1), Helped("解决家长提的问题", 2, 2)]
    assert [one.share for one in found] == [2 / 3, 0.5, 1.0]


def test_what_was_not_done_or_not_ended_helped_nobody(lead):
    first, second = begun(lost_heart(1), lead), begun(lost_heart(2), lead)
    step(first, lead), finished(second, lead)
    working.close(first, KEPT, by=lead, at=AT)

    assert queries.helped(lead, DAY) == [Helped("", 1, 1)]


def test_nor_what_is_longer_ago_than_a_year_or_was_a_mistake(lead):
    first, second = begun(lost_heart(1), lead), begun(lost_heart(2), lead)
    working.close(first, KEPT, by=lead, at=AT), working.close(second, MISTAKEN, by=lead, at=AT)
    WinBack.objects.filter(pk=first.pk).update(closed_on=DAY - 365 * ONE)

    found = queries.helped(lead, DAY)

    assert found == [Helped("", 0, 0)] and found[0].share is None
