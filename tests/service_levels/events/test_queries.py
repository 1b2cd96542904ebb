"""Reads of 活动: what is coming, whom it suits, whom nobody asked, who answered and came, what came of it; each by campus."""
from datetime import timedelta

import pytest

from crm.models import Enrolment
from service_levels.events import coming, interests, inviting, planning, queries
from service_levels.events.inviting import Reply
from service_levels.events.queries import Figures, Share
from service_levels.models import Entitlement, Event, EventTask, Invitation
from tenancy.models import Campus
from tests.churn.conftest import DAY
from tests.service_levels.concessions.makers import colleague
from tests.service_levels.conftest import derive, family
from tests.service_levels.events.makers import AFTER, ENDS, HOUR, NO, STARTS, TEN, YES, asked, came, opened, planned

ONE = timedelta(days=1)


def at_days(chief, days: int, **more) -> Event:
    """An event so many days from now."""
    return planned(chief, TEN - 500 * ONE, starts_at=TEN + days * ONE, ends_at=TEN + days * ONE + HOUR, **more)


def names(rows) -> list[str]:
    return [row.name for row in rows]


# -- the list ----------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def four(chief):
    """One ahead, one held, one looked back upon, one called off."""
    ahead, held, closed, off = (at_days(chief, days, title=title) for days, title in ((9, "要办的"), (-3, "办了的"), (-9, "总结的"), (5, "取消的")))
    Event.objects.filter(pk__in=[held.pk, closed.pk]).update(opened_at=TEN - 50 * ONE)
    planning.close(Event.objects.get(pk=closed.pk), "", "分两场", by=chief, at=TEN)
    planning.cancel(off, "下暴雨", by=chief, at=TEN)
    return ahead, held, closed, off


@pytest.mark.parametrize(("tab", "titles"), [("coming", ["要办的"]), ("over", ["办了的"]), ("closed", ["总结的"]), ("cancelled", ["取消的"]),
                                             ("all", ["要办的", "取消的", "办了的", "总结的"]), ("x", ["要办的"])])
def test_each_tab_has_its_own(chief, four, tab, titles):
    assert [row.title for row in queries.listed(chief, tab, TEN)] == titles


def test_the_tabs_say_how_many(chief, four):
    assert queries.counts(chief, TEN) == {"coming": 1, "over": 1, "closed": 1, "cancelled": 1, "all": 4}


def test_each_stands_as_its_tab_says(four):
    assert [Event.objects.get(pk=row.pk).stands(TEN) for row in four] == ["planned", "over", "closed", "cancelled"]


def test_the_next_stands_first(chief):
    at_days(chief, 9, title="后"), at_days(chief, 2, title="先")

    assert [row.title for row in queries.listed(chief, "coming", TEN)] == ["先", "后"]


@pytest.mark.parametrize(("kind", "count"), [("lecture", 1), ("small", 0), ("", 2), ("x", 2)])
def test_a_kind_narrows_it(chief, kind, count):
    at_days(chief, 9), at_days(chief, 2, kind="lecture")

    assert queries.listed(chief, "all", TEN, kind).count() == count


def test_each_event_says_who_was_asked_comes_and_came(chief):
    rows = opened(chief, 4)
    event = rows[0].event
    for row in rows[:3]:
        inviting.answer(row, YES, by=None, at=TEN)
    for row, score in zip(rows[:2], (5, 4), strict=True):
        coming.sign_in(row, by=chief, at=STARTS)
        coming.rate(row, score, "", at=ENDS)
    for fen in (100, 250):
        EventTask.objects.create(event=event, what="x", due_on=DAY, fen=fen)

    found = queries.listed(chief, "all", TEN).get()

    assert (found.asked, found.yes, found.came, found.rated, found.score, found.fen) == (4, 3, 2, 2, 4.5, 350)


def test_a_campus_has_its_own_and_those_of_the_whole_school(chief):
    east, west = Campus.objects.order_by("pk").first(), Campus.objects.create(name="西园", code="west")
    for title, campus in (("全机构的", None), ("东的", east), ("西的", west)):
        at_days(chief, 3, title=title, campus=campus)

    seen = {row.title for row in queries.listed(colleague("agent", "西园的", [west]), "all", TEN)}
    assert seen == {"全机构的", "西的"} and queries.listed(chief, "all", TEN).count() == 3


# -- whom it suits -------------------------------------------------------------------------------------------------------------------------
def suits(member, event, words: str = "") -> list[str]:
    return names(queries.fitting(member, event, words))


def test_everybody_where_nothing_narrows_it(chief):
    family(1), family(2)

    assert suits(chief, planned(chief)) == ["孩1一家", "孩2一家"]


def test_not_who_is_asked_already(chief):
    event, home = planned(chief), family(1)
    family(2)
    asked(event, chief, home)

    assert suits(chief, event) == ["孩2一家"]


@pytest.mark.parametrize(("plans", "there"), [(["dedicated"], ["孩1一家"]), (["win-back"], ["孩2一家"]), (["dedicated", "win-back"], ["孩1一家", "孩2一家"]),
                                              (["no-such"], [])])
def test_the_families_of_its_plans(chief, plans, there):
    family(1, "A", "low"), family(2, "D", "high"), family(3)
    derive()

    assert suits(chief, planned(chief, plans=plans)) == there


def test_a_plan_that_a_family_had_once_does_not_count(chief):
    family(1, "A", "low")
    derive()
    Entitlement.objects.update(from_on=DAY - 9 * ONE, until_on=DAY)

    assert suits(chief, planned(chief, plans=["dedicated"])) == []


def test_those_of_its_campus(chief):
    west = Campus.objects.create(name="西园", code="west")
    family(1), family(2, at=west)

    assert suits(chief, planned(chief, campus=west)) == ["孩2一家"]
    assert suits(colleague("planner", "西园的", [west]), planned(chief)) == ["孩2一家"]


def test_who_cares_for_it_stands_first(chief):
    family(1)
    books = interests.add("绘本", by=chief)
    interests.keep(family(2), [books], by=chief)

    rows = list(queries.fitting(chief, planned(chief, interest=books)))

    assert [(row.name, row.likes) for row in rows] == [("孩2一家", True), ("孩1一家", False)]


def test_then_who_was_asked_least(chief):
    often, seldom = family(1), family(2)
    for number in range(2):
        asked(planned(chief, title=f"{number}"), chief, often)
    asked(planned(chief, title="3"), chief, seldom)

    rows = list(queries.fitting(chief, planned(chief)))

    assert [(row.name, row.asked) for row in rows] == [("孩2一家", 1), ("孩1一家", 2)]


def test_what_was_long_ago_does_not_count(chief):
    home = family(1)
    asked(planned(chief, title="早先的"), chief, home)
    Invitation.objects.update(invited_on=DAY - 78 * ONE)

    assert [row.asked for row in queries.fitting(chief, planned(chief))] == [0], "counted from the day of the event"


@pytest.mark.parametrize(("words", "there"), [("孩1", ["孩1一家"]), ("13800138002", ["孩2一家"]), ("火星", []), ("", ["孩1一家", "孩2一家"])])
def test_words_narrow_it(chief, words, there):
    family(1), family(2)

    assert suits(chief, planned(chief), words) == there


# -- whom nobody asked -----------------------------------------------------------------------------------------------------------------------
def test_a_plan_that_promises_events_and_a_quarter_without_one(chief):
    family(1, "A", "low"), family(2)
    derive()

    assert names(queries.owed(chief, DAY)) == ["孩1一家"]


@pytest.mark.parametrize(("days", "there"), [(91, False), (92, True)])
def test_once_asked_it_is_a_quarter_until_it_is_owed_again(chief, days, there):
    home = family(1, "A", "low")
    derive()
    asked(planned(chief), chief, home)
    Invitation.objects.update(invited_on=DAY - days * ONE)

    assert (names(queries.owed(chief, DAY)) == ["孩1一家"]) is there


def test_the_longest_here_stands_first(chief):
    family(1, "A", "low", since=DAY - 100 * ONE), family(2, "A", "low", since=DAY - 300 * ONE)
    derive()

    assert names(queries.owed(chief, DAY)) == ["孩2一家", "孩1一家"]


def test_another_campus_owes_its_own(chief):
    west = Campus.objects.create(name="西园", code="west")
    family(1, "A", "low")
    derive()

    assert names(queries.owed(colleague("agent", "西园的", [west]), DAY)) == []


def test_the_names_of_the_plans(chief):
    assert {"dedicated", "win-back"} <= set(queries.plan_names())


# -- who was asked ---------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def six(chief):
    """Two come, one of them came and said how it was; one waits, one stays away, one is silent, one does not know."""
    rows = opened(chief, 6, seats=5)
    for row, reply in zip(rows, (Reply("yes", 2), Reply("yes", 3), Reply("yes", 2), NO), strict=False):
        inviting.answer(row, reply, by=None, at=TEN)
    Invitation.objects.filter(pk=rows[5].pk).update(told_at=None)
    coming.sign_in(rows[0], by=chief, at=STARTS)
    coming.rate(rows[0], 4, "好", at=ENDS)
    return rows


def test_an_event_in_numbers(chief, six):
    found = queries.figures(chief, six[0].event)

    assert found == Figures(asked=6, untold=1, yes=2, seats=5, wait=1, no=1, came=1, people=2, absent=1, rated=1, score=4.0)
    assert (found.silent, found.kept) == (2, 0.5)


def test_an_event_of_nobody_in_numbers(chief):
    found = queries.figures(chief, planned(chief))

    assert found == Figures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, None) and (found.silent, found.kept) == (0, None)


@pytest.mark.parametrize(("tab", "numbers"), [
    ("all", [1, 2, 3, 4, 5, 6]), ("yes", [1, 2]), ("wait", [3]), ("no", [4]), ("silent", [5, 6]), ("untold", [6]), ("came", [1]),
    ("absent", [2]), ("rated", [1]), ("x", [1, 2, 3, 4, 5, 6])])
def test_each_tab_of_the_guests(chief, six, tab, numbers):
    found = queries.guests(chief, six[0].event, tab)

    assert sorted(row.customer.name for row in found) == [f"孩{number}一家" for number in numbers]


def test_a_guest_with_a_part_stands_first(chief, six):
    inviting.ask_for(six[4], "speaker", "怎么讲绘本", by=chief)

    assert queries.guests(chief, six[0].event).first() == six[4]


@pytest.mark.parametrize(("words", "count"), [("孩3", 1), ("13800138004", 1), ("火星", 0)])
def test_a_guest_is_found_by_name_or_number(chief, six, words, count):
    assert queries.guests(chief, six[0].event, "all", words).count() == count


def test_of_another_campuss_guests_nothing_is_seen(chief, six):
    west = Campus.objects.create(name="西园", code="west")
    agent = colleague("agent", "西园的", [west])

    assert queries.guests(agent, six[0].event).count() == 0 and queries.figures(agent, six[0].event).asked == 0


# -- what came of it -------------------------------------------------------------------------------------------------------------------------
def test_by_the_plan_of_the_day(chief):
    best, second, lost = family(1, "A", "low"), family(2, "A", "low"), family(3, "D", "high")
    derive()
    event = planned(chief)
    rows = asked(event, chief, best, second, lost, family(4))
    planning.open_invitations(event, by=chief, at=TEN)
    for row in (rows[0], rows[2]):
        row.refresh_from_db()
        coming.sign_in(row, by=chief, at=STARTS)

    found = queries.by_plan(Event.objects.get())

    assert found == [Share(queries.plan_names()["dedicated"], 2, 1), Share(queries.plan_names()["win-back"], 1, 1), Share("", 1, 0)]


@pytest.mark.parametrize(("days", "count"), [(0, 0), (1, 1), (60, 1), (61, 0)])
def test_who_came_and_was_enrolled_within_sixty_days(chief, days, count):
    (row,) = came(chief)
    Enrolment.objects.update(from_on=DAY + (15 + days) * ONE)

    assert queries.joined(row.event) == count


def test_who_did_not_come_and_was_enrolled_does_not_count(chief):
    (row,) = opened(chief)
    Enrolment.objects.update(from_on=DAY + 20 * ONE)

    assert queries.joined(row.event) == 0


def test_what_it_cost(chief):
    event = planned(chief)
    assert queries.spent(event) == 0
    EventTask.objects.create(event=event, what="x", due_on=DAY, fen=1250)

    assert queries.spent(event) == 1250


def test_a_year_of_events_beside_each_other(chief):
    rows = [at_days(chief, days, title=f"{days}") for days in (-400, -300, -3, 5)]
    Event.objects.filter(pk__in=[row.pk for row in rows]).update(opened_at=TEN - 500 * ONE)

    assert [row.title for row in queries.held(chief, TEN)] == ["-3", "-300"]
    assert [row.title for row in queries.held(chief, TEN, "small")] == []
    assert [row.title for row in queries.held(chief, AFTER)] == ["5", "-3", "-300"]


def test_what_nobody_was_asked_to_or_was_called_off_is_not_among_them(chief):
    at_days(chief, -3)
    off = at_days(chief, -5)
    Event.objects.filter(pk=off.pk).update(opened_at=TEN - 50 * ONE, cancelled_at=TEN - 40 * ONE, cancel_why="x")

    assert list(queries.held(chief, TEN)) == []
