"""The list of applications as it is narrowed, and what each comes to."""
import pytest

from churn.models import RefundLine, RefundRequest
from churn.refunds.queries import Asked, asked_in, counts, listed
from churn.refunds.working import propose, take_back
from tenancy.models import Campus, MembershipCampus
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY, ONE, home
from tests.churn.refunds.makers import asks, package, paid
from tests.conftest import make_member


@pytest.fixture
def elsewhere(centre):
    return make_member(centre, "frontdesk", "西")


@pytest.fixture
def three(centre, elsewhere, row, family, frontdesk):
    """In talk, proposed, taken back; each worth 2000."""
    with tenant_scope(centre):
        rows = [row]
        for number in (2, 3):
            customer = home(number)
            package(customer, 30, 10, DAY - 60 * ONE)
            paid(customer, 3000, DAY - 60 * ONE)
            rows.append(asks(customer, frontdesk))
        propose(rows[1], by=frontdesk, at=AT)
        take_back(rows[2], by=frontdesk, at=AT)
        yield rows


@pytest.mark.parametrize(("asked", "places"), [
    (Asked(), [0, 1]),
    (Asked(state="all"), [0, 1, 2]),
    (Asked(state="proposed"), [1]),
    (Asked(state="taken_back"), [2]),
    (Asked(state="x"), [0, 1]),
    (Asked(words="孩2"), [1]),
    (Asked(words="hai2"), [1]),
    (Asked(words="没有"), []),
    (Asked(campus=999999), []),
])
def test_it_is_narrowed_and_what_is_open_stands_first(three, head, asked, places):
    assert list(listed(head, asked)) == [three[place] for place in places]


def test_each_says_what_it_comes_to_and_what_lacks(three, head):
    RefundLine.objects.filter(request=three[0]).update(agreed_fen=100)
    RefundLine.objects.filter(request=three[1]).update(counted_fen=None)
    RefundLine.objects.filter(request=three[2]).update(is_in=False)

    assert [(row.fen, row.lacking) for row in listed(head, Asked(state="all"))] == [(100, 0), (0, 1), (0, 0)]


def test_open_ones_are_counted_by_state(three, head):
    assert counts(head) == {"asked": 1, "proposed": 1}


def test_those_of_a_period_the_latest_first(three, head):
    RefundRequest.objects.filter(pk=three[0].pk).update(asked_on=DAY - 9 * ONE)

    assert list(asked_in(head, DAY - ONE, DAY)) == [three[2], three[1]]
    assert list(asked_in(head, DAY - 9 * ONE, DAY - 9 * ONE, three[0].campus)) == [three[0]]


def test_who_works_at_another_campus_sees_none_of_them(elsewhere, three):
    west = Campus.objects.create(code="west", name="西园")
    MembershipCampus.objects.create(membership=elsewhere, campus=west)

    assert list(listed(elsewhere, Asked(state="all"))) == [] and counts(elsewhere) == {}


def test_families_in_the_bin_are_not_listed(three, head):
    type(three[0].customer).objects.filter(pk=three[0].customer_id).update(deleted_at=AT)

    assert list(listed(head, Asked())) == [three[1]]
