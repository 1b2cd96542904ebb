"""What the touches add to other pages: for whom, and when they stay away."""
from datetime import date

import pytest

from service_levels.models import Touch
from service_levels.touches.panels import of_family, to_call
from tenancy.models import Membership, User
from tests.service_levels.conftest import DAY, ONE, family, owe


@pytest.fixture
def six(miao, head):
    rows = [family(number, "D", "low", owner=head) for number in range(1, 7)]
    owe()
    return rows


def test_the_first_page_names_five_and_counts_all(miao, head, six, on_the_day):
    found = to_call(head)

    assert ([row.customer for row in found["rows"]], found["count"], found["late"]) == (six[:5], 6, 0)


def test_lateness_is_counted(miao, head, six, on_the_day):
    Touch.objects.filter(customer__in=six[:2]).update(due_on=DAY - ONE, opens_on=DAY - 4 * ONE)

    assert to_call(head)["late"] == 2


def test_who_has_nobody_to_call_sees_no_card(miao, six, on_the_day):
    other = Membership.objects.create(user=User.objects.create(username="l@miao"), role="relations", name="李老师")

    assert to_call(other) is None


def test_a_family_that_is_owed_nothing_and_never_was_has_no_card(miao, head, on_the_day):
    assert of_family(head, family(1), DAY) is None


def test_a_familys_card_parts_talks_from_gifts(miao, head, on_the_day):
    customer = family(1, "A", "high")
    owe()
    Touch.objects.update(due_on=DAY)
    found = of_family(head, customer, DAY)

    assert [touch.line for touch in found["talks"]] == ["K29(a)"]
    assert sorted(touch.line for touch in found["gifts"]) == ["K19(a)", "K19(b)"]
    assert (len(found["owed"]), found["past"]) == (3, [])


def test_a_day_that_is_over_shows_no_card(miao, head, six, on_the_day):
    assert of_family(head, six[0], DAY - ONE) is None


def test_what_became_of_it_is_named(miao, head, on_the_day):
    customer = family(1, "C", "low", born_on=date(2022, 11, 18))
    owe(DAY - 3 * ONE)
    owe(DAY)
    found = of_family(head, customer, DAY)

    missed = [touch for touch in found["past"] if touch.missed_on]
    assert [(touch.text, touch.about_name) for touch in missed] == [("孩子生日问候，送小礼物", "孩1")]
