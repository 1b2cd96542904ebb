"""优惠公平检查: who could be given something and was, by campus and colleague; prices no rule covers; who threatened again."""
from datetime import timedelta

import pytest

from churn.models import ChurnCase
from crm.models import Customer
from service_levels.concessions import fairness
from service_levels.concessions.fairness import Part
from service_levels.models import Concession
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member
from tests.service_levels.concessions.makers import cased, colleague, granted, hold, troubled
from tests.service_levels.conftest import derive, family

ONE = timedelta(days=1)


@pytest.fixture
def agent(school):
    return make_member(school, "agent", "高敏")


@pytest.fixture
def inside(school, head, agent, on_the_day):
    with tenant_scope(school):
        hold()
        yield school


def parts(member, by="campus__name") -> list[Part]:
    return list(fairness.split(member, by, DAY).parts)


# -- who got it --------------------------------------------------------------------------------------------------------------------
def test_families_whose_plan_promises_something_are_compared(inside, head, agent):
    homes = [troubled(n) for n in (1, 2, 3)]
    family(4, "A", "low")
    derive()
    granted(homes[0], agent, head)

    assert parts(head) == [Part(makers.campus().name, 3, 1, 50_000)]


def test_a_family_with_two_counts_once_and_its_money_twice(inside, head, agent):
    home = troubled()
    granted(home, agent, head)
    granted(home, agent, head, 20_000, "free-class")

    assert parts(head) == [Part(makers.campus().name, 1, 1, 70_000)]


def test_each_campus_and_each_colleague_is_a_part(inside, head, agent):
    west = Campus.objects.create(name="西园", code="west")
    one, _two = troubled(1, owner=agent), troubled(2, at=west)
    granted(one, agent, head)

    assert [(part.name, part.may, part.got) for part in parts(head)] == sorted(
        [(makers.campus().name, 1, 1), ("西园", 1, 0)], key=lambda row: row[0])
    assert {(part.name, part.share) for part in parts(head, "owner__name")} == {("高敏", 1.0), ("–", 0.0)}


def test_a_member_of_one_campus_compares_what_they_may_see(inside, school, head):
    west = Campus.objects.create(name="西园", code="west")
    troubled(1), troubled(2, at=west)
    theirs = colleague("inspector", "西园的", campuses=[west])

    assert [(part.name, part.may) for part in parts(theirs)] == [("西园", 1)]


def test_few_families_give_no_verdict(inside, head):
    troubled()

    assert fairness.split(head, "campus__name", DAY).verdict.too_small


def test_a_campus_that_gets_it_all_is_unlike_by_chance(inside, head, agent):
    west = Campus.objects.create(name="西园", code="west")
    homes = [family(n, "D", "high", at=west if n % 2 else None) for n in range(1, 41)]
    derive()
    Concession.objects.bulk_create(
        Concession(customer=home, rule="tuition", name="学费优惠", says="x", fen=100, why="x", state="granted", asked_by=agent, asked_at=AT,
                   decided_by=head, decided_at=AT, year=2026, until_on=DAY) for home in homes[::2])

    verdict = fairness.split(head, "campus__name", DAY).verdict

    assert verdict.unlike and verdict.n == 40


def test_where_no_plan_promises_anything_there_is_nobody_to_compare(inside, head):
    family(1, "A", "low")
    derive()

    assert parts(head) == []


@pytest.mark.parametrize(("days", "got"), [(0, 1), (364, 1), (365, 0)])
def test_a_year_is_looked_back_upon(inside, head, agent, days, got):
    row = granted(troubled(), agent, head)
    Concession.objects.filter(pk=row.pk).update(decided_at=AT - days * ONE)

    assert [part.got for part in parts(head)] == [got]


# -- prices no rule covers ---------------------------------------------------------------------------------------------------------
def below(member) -> list[tuple[int, int]]:
    """(the price that was paid, what lacks to the list) in yuan."""
    return [(row.amount_fen // 100, row.off_fen // 100) for row in fairness.below_list(member, DAY)]


def test_less_than_the_list_without_approval_is_shown_the_most_first(inside, head):
    home = family(1)
    makers.payment(home, 900, DAY, list_yuan=1000)
    makers.payment(home, 500, DAY - 10 * ONE, list_yuan=1000)
    makers.payment(home, 1000, DAY, list_yuan=1000)
    makers.payment(home, 700, DAY)

    assert below(head) == [(500, 500), (900, 100)]
    assert fairness.sum_of(fairness.below_list(head, DAY), "off_fen") == {"count": 2, "fen": 60_000}


def test_nothing_below_the_list_is_a_sum_of_nothing(inside, head):
    assert fairness.sum_of(fairness.below_list(head, DAY), "off_fen") == {"count": 0, "fen": 0}


def test_a_refund_is_no_price(inside, head):
    makers.payment(family(1), -500, DAY, list_yuan=1000)

    assert below(head) == []


@pytest.mark.parametrize(("paid", "covered"), [(-1, False), (0, True), (90, True), (91, False)])
def test_an_approved_concession_covers_what_is_paid_in_its_days(inside, head, agent, paid, covered):
    home = troubled()
    granted(home, agent, head, at=AT - 100 * ONE)
    makers.payment(home, 500, DAY - 100 * ONE + paid * ONE, list_yuan=1000)

    assert (below(head) == []) is covered


def test_another_familys_concession_covers_nothing(inside, head, agent):
    granted(troubled(1), agent, head)
    makers.payment(family(2), 500, DAY, list_yuan=1000)

    assert below(head) == [(500, 500)]


def test_what_is_more_than_a_year_old_is_left(inside, head):
    home = family(1)
    makers.payment(home, 500, DAY - 365 * ONE, list_yuan=1000)

    assert below(head) == []


def test_the_refund_desks_promises_are_beside_it(inside, head):
    assert fairness.sum_of(fairness.promised_besides(head, DAY), "fen") == {"count": 0, "fen": 0}


# -- who threatened again ----------------------------------------------------------------------------------------------------------
def case_after(home, by, days: int) -> ChurnCase:
    case = cased(home, by)
    ChurnCase.objects.filter(pk=case.pk).update(opened_on=DAY - 300 * ONE + days * ONE)
    return case


@pytest.mark.parametrize(("days", "shown"), [(-1, False), (0, False), (1, True), (300, True)])
def test_a_case_after_something_was_given_is_shown(inside, head, agent, days, shown):
    home = troubled()
    row = granted(home, agent, head)
    Concession.objects.filter(pk=row.pk).update(decided_at=AT - 300 * ONE)
    case = case_after(home, agent, days)

    assert list(fairness.again(head, DAY)) == ([case] if shown else [])


def test_who_was_given_nothing_threatens_for_the_first_time(inside, head, agent):
    cased(troubled(), agent)

    assert list(fairness.again(head, DAY)) == [] and Customer.objects.count() == 1
