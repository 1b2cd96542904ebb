"""合适的时候: for which children now is the time, one reason after the other for which it is not; what families answered."""
from datetime import date, timedelta

import pytest

from crm.models import Enrolment
from service_levels.models import CourseOffer, Recommendation
from service_levels.recommending import queries, working
from service_levels.recommending.queries import Taken
from service_levels.requests.working import Wish, open_request
from tenancy.models import Campus
from tests.churn.conftest import AT, DAY
from tests.service_levels.concessions.makers import cased, colleague
from tests.service_levels.conftest import derive, family
from tests.service_levels.recommending.makers import fits, offer
from tests.service_levels.recommending.test_working import NO, YES

ONE = timedelta(days=1)


@pytest.fixture
def inside(miao, on_the_day):
    return miao


def names(member, row: CourseOffer, day: date = DAY) -> list[str]:
    return [child.name for child in queries.fitting(member, row, day)]


def test_a_child_of_the_age_whose_family_is_content_is_there(inside):
    fits()

    assert names(inside.head, offer()) == ["孩1"]


@pytest.mark.parametrize(("born_on", "there"), [
    ("2022-11-20", True), ("2022-11-21", False), ("2020-11-21", True), ("2020-11-20", False)])
def test_the_age_counts_to_the_day(inside, born_on, there):
    fits(born_on=date.fromisoformat(born_on))

    assert (names(inside.head, offer()) == ["孩1"]) is there


@pytest.mark.parametrize(("days", "there"), [(59, False), (60, True)])
def test_who_has_just_come_settles_in_first(inside, days, there):
    child = fits()
    Enrolment.objects.filter(child=child).update(from_on=DAY - days * ONE)

    assert (names(inside.head, offer()) == ["孩1"]) is there


def test_who_has_left_is_not_asked(inside):
    Enrolment.objects.filter(child=fits()).update(until_on=DAY - ONE, outcome="withdrawn")

    assert names(inside.head, offer()) == []


def test_a_plan_that_promises_none_recommends_nothing(inside):
    family(1, "A", "low", born_on=date(2021, 11, 20))
    derive()

    assert names(inside.head, offer()) == []


@pytest.mark.parametrize(("kind", "there"), [("complaint", False), ("dispute", False), ("refund", False), ("enquiry", True), ("service", True)])
def test_while_something_is_wrong_is_not_the_time(inside, kind, there):
    child = fits()
    open_request(Wish(kind, "x", "phone", "service"), customer=child.family.customer, by=inside.head, at=AT)

    assert (names(inside.head, offer()) == ["孩1"]) is there


def test_nor_while_a_family_thinks_of_leaving(inside):
    cased(fits().family.customer, inside.head)

    assert names(inside.head, offer()) == []


@pytest.mark.parametrize(("word", "days", "there"), [(None, 400, False), (YES, 400, False), (NO, 179, False), (NO, 180, True)])
def test_nobody_is_asked_again_too_soon(inside, word, days, there):
    child, painting = fits(), offer()
    row = working.recommend(painting, child, by=inside.head, at=AT)
    if word:
        working.answer(row, word, by=inside.head, at=AT)
    Recommendation.objects.update(on=DAY - days * ONE)

    assert (names(inside.head, painting) == ["孩1"]) is there
    assert names(inside.head, offer(name="别的")) == ["孩1"], "another service is another question"


def test_the_oldest_stand_first(inside):
    fits(1, date(2022, 1, 1)), fits(2, date(2021, 1, 1))

    assert names(inside.head, offer()) == ["孩2", "孩1"]


def test_another_campus_has_its_own_children(inside):
    fits()
    west = Campus.objects.create(name="西园", code="west")

    assert names(colleague("agent", "西园的", [west]), offer()) == []


# -- what families answered ----------------------------------------------------------------------------------------------------------
def test_each_service_says_how_often_it_was_taken(inside):
    painting, off = offer(), offer(name="停了的", is_on=False)
    rows = [working.recommend(painting, fits(number), by=inside.head, at=AT) for number in (1, 2, 3, 4)]
    fits(5)
    for row, word in zip(rows, (YES, YES, NO), strict=False):
        working.answer(row, word, by=inside.head, at=AT)

    found = queries.taken(inside.head, DAY)

    assert found == [Taken(painting, 1, 4, 2, 1), Taken(off, 0, 0, 0, 0)]
    assert (found[0].share, found[1].share) == (2 / 3, None)
    assert queries.counts(inside.head) == {"waiting": 1, "accepted": 2, "declined": 1, "all": 4}


@pytest.mark.parametrize(("tab", "count"), [("waiting", 1), ("accepted", 0), ("all", 1), ("x", 1)])
def test_a_tab_shows_what_is_in_it(inside, tab, count):
    working.recommend(offer(), fits(), by=inside.head, at=AT)

    assert queries.listed(inside.head, tab).count() == count and queries.listed(inside.head, tab, "火星").count() == 0
