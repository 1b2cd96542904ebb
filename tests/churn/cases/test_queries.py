"""Reads of the cases: in which order they are listed, what is counted, what is proposed."""
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from churn.cases.queries import Asked, broken_promises, counts, departures, listed, proposal
from churn.cases.working import End, close, name_cause
from churn.models import ChurnCase
from crm.archive import refresh_search
from crm.models import ClassGroup, Enrolment, Promise
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests.churn.cases.conftest import cause, child_of, leave, opened
from tests.churn.conftest import AT, DAY, ONE, home
from tests.conftest import make_member


def dated(case, opened_on):
    ChurnCase.objects.filter(pk=case.pk).update(opened_on=opened_on)
    return case


@pytest.fixture
def three(miao, on_the_day):
    """Opened nine, five and one day ago."""
    return [dated(opened(home(number), miao.head), DAY - ago * ONE) for number, ago in ((1, 9), (2, 5), (3, 1))]


# -- the list ----------------------------------------------------------------------------------------------------------------------
def test_open_ones_come_the_oldest_first_and_all_of_them_the_newest_first(miao, three):
    assert list(listed(miao.head, Asked())) == three
    assert list(listed(miao.head, Asked(state="all"))) == three[::-1]


@pytest.mark.parametrize(("asked", "places"), [
    (Asked(first=DAY - 5 * ONE), [1, 2]),
    (Asked(last=DAY - 5 * ONE), [0, 1]),
    (Asked(first=DAY - 6 * ONE, last=DAY - 4 * ONE), [1]),
    (Asked(words="孩2"), [1]),
    (Asked(words="h3"), [2]),
    (Asked(state="lost"), []),
    (Asked(trigger="by_hand"), [0, 1, 2]),
    (Asked(trigger="refund"), []),
    (Asked(trigger="nonsense"), [0, 1, 2]),
    (Asked(area="teaching"), [0]),
    (Asked(area="nonsense"), [0, 1, 2]),
    (Asked(mine=True), [2]),
])
def test_the_list_is_narrowed(miao, three, asked, places):
    refresh_search([case.customer for case in three])
    name_cause(three[0], cause(), weight=1, evidence="x", by=miao.head)
    ChurnCase.objects.filter(pk=three[2].pk).update(owner=miao.head)

    assert list(listed(miao.head, asked)) == [three[place] for place in places]


def test_a_campus_is_chosen(miao, three):
    west = Campus.objects.create(code="west", name="西园")
    ChurnCase.objects.filter(pk=three[0].pk).update(campus=west)

    assert list(listed(miao.head, Asked(campus=west.pk))) == [three[0]]


def test_who_works_for_one_campus_is_counted_its_cases_only(school, head, on_the_day):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        opened(home(1), head)
    western = make_member(school, "relations", "西", campuses=[west])
    with tenant_scope(school):
        assert (sum(counts(western, DAY).values()), sum(counts(head, DAY).values())) == (0, 1)


def test_open_ones_are_counted_whenever_opened_and_closed_ones_since_the_day(miao, three):
    close(three[0], End("kept", "x"), by=miao.head, at=AT)
    close(three[1], End("mistaken", "x"), by=miao.head, at=AT - timedelta(days=30))

    assert counts(miao.head, DAY.replace(day=1)) == {"open": 1, "kept": 1}
    assert counts(miao.head, DAY + ONE) == {"open": 1}


def test_statements_do_not_grow_with_the_list(miao, on_the_day):
    sizes = []
    miao.head.campus_ids()
    for start, end in ((1, 3), (3, 20)):
        for number in range(start, end):
            name_cause(opened(home(number), miao.head), cause(), weight=1, evidence="x", by=miao.head)
        with CaptureQueriesContext(connection) as asked:
            assert [one.cause.name for case in listed(miao.head, Asked()) for one in case.causes.all()]
        sizes.append(len(asked))

    assert sizes[0] == sizes[1]


# -- what is proposed --------------------------------------------------------------------------------------------------------------
def left(miao, outcome="", grade="大班", on=DAY, **told):
    family = leave(home(1), on, outcome)
    Enrolment.objects.update(class_group=ClassGroup.objects.create(campus=family.campus, name="大一", grade=grade))
    case = opened(family, miao.head, child=child_of(family))
    ChurnCase.objects.filter(pk=case.pk).update(**{"enrolment": Enrolment.objects.get()} | told)
    return ChurnCase.objects.get(pk=case.pk)


@pytest.mark.parametrize(("on", "outcome", "proposed"), [
    (date(2026, 7, 1), "", "graduated"),
    (DAY, "moved", "moved"),
    (date(2026, 7, 1), "withdrew", ""),
    (DAY, "", ""),
])
def test_a_natural_reason_is_proposed_where_it_was_given_or_the_facts_speak_for_it(miao, on_the_day, on, outcome, proposed):
    assert proposal(left(miao, outcome, on=on), "kindergarten") == proposed


def test_another_campus_is_proposed_where_the_child_is_enrolled_there(miao, on_the_day):
    case = left(miao, on=DAY - 9 * ONE)
    west = Campus.objects.create(code="west", name="西园")
    Enrolment.objects.create(child=case.child, campus=west, from_on=DAY)

    assert proposal(case, "kindergarten") == "campus"


def test_nothing_is_proposed_for_who_has_not_left_or_whose_case_is_decided(miao, on_the_day):
    decided = left(miao, on=date(2026, 7, 1), state="kept", closed_on=DAY)
    stays = opened(home(2), miao.head)

    assert (proposal(stays, "kindergarten"), proposal(decided, "kindergarten")) == ("", "")


# -- promises ------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("due", "state", "late"), [
    (-1, "open", 1),
    (0, "open", 0),
    (-1, "kept", 0),
    (-1, "dropped", 0),
])
def test_promises_that_are_late_surface_in_the_case(miao, on_the_day, due, state, late):
    case = opened(home(1), miao.head)
    closed = {} if state == "open" else {"closed_on": DAY}
    Promise.objects.create(customer=case.customer, text="x", owner=miao.head, by=miao.head, made_on=DAY - 9 * ONE,
            due_on=DAY + due * ONE,
                           made_in="other", state=state, **closed)

    assert len(broken_promises(case, DAY)) == late


# -- departures ----------------------------------------------------------------------------------------------------------------------
def test_departures_are_those_of_ones_campuses(school, head, on_the_day):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        family = leave(home(1), DAY)
        Enrolment.objects.update(class_group=ClassGroup.objects.create(campus=family.campus, name="大一", grade="大班"))
    western = make_member(school, "relations", "西", campuses=[west])
    with tenant_scope(school):
        assert [row.class_name for row in departures(head, DAY, DAY)] == ["大一"]
        assert departures(western, DAY, DAY) == []
        assert departures(head, DAY + ONE, DAY + 9 * ONE) == []
