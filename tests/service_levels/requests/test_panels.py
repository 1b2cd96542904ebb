"""What the requests add to other pages: for whom, and when they stay away."""
import pytest

from service_levels.requests import working
from service_levels.requests.panels import of_family, waiting
from tenancy.models import Membership, User
from tests.service_levels.conftest import DAY, ONE, family
from tests.service_levels.requests.test_working import TEN, WISH, at


@pytest.fixture
def customer(miao, on_the_day):
    return family(1)


def member(role: str) -> Membership:
    return Membership.objects.create(user=User.objects.create(username=f"{role}@miao"), role=role, name=role)


def test_the_first_page_shows_the_next_five(customer, head):
    rows = [working.open_request(WISH, customer=customer, by=head, at=at(-n / 10)) for n in range(7)]
    found = waiting(head)

    assert [one.request for one in found["rows"]] == rows[:1:-1]
    assert found["counts"]["mine"] == 7


def test_where_nothing_waits_there_is_no_card(customer, head):
    assert waiting(head) is None


def test_who_logs_nothing_has_no_card(customer, head):
    working.open_request(WISH, customer=customer, by=head, at=TEN)

    assert waiting(member("inspector")) is None


def test_a_familys_page_shows_what_it_asked_for_open_first(customer, head):
    waits, done = (working.open_request(WISH, customer=customer, by=head, at=at(n - 5)) for n in range(2))
    working.resolve(done, result="x", by=head, at=TEN)
    working.open_request(WISH, customer=family(2), by=head, at=TEN)
    found = of_family(head, customer, DAY)

    assert ([one.request for one in found["rows"]], found["may_log"]) == ([waits, done], True)


def test_of_a_day_that_is_over_it_shows_what_there_was_and_offers_nothing(customer, head):
    working.open_request(WISH, customer=customer, by=head, at=TEN)
    found = of_family(head, customer, DAY - ONE)

    assert (found["rows"], found["may_log"]) == ([], False)


def test_who_may_not_log_sees_no_empty_card(customer, head):
    inspector = member("inspector")
    assert of_family(inspector, customer, DAY) is None
    working.open_request(WISH, customer=customer, by=head, at=TEN)

    assert len(of_family(inspector, customer, DAY)["rows"]) == 1
