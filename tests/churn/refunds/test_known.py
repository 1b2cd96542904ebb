"""What the records know of a payment: what is left, its lessons, its days, the child's attendance."""
from datetime import date, timedelta
from decimal import Decimal

import pytest

from churn.refunds.known import Seen, package_of, paid_back, payments_of, period_of, seen
from crm.actions import refund
from crm.models import Attendance, Child, Payment
from tests.churn.cases.conftest import child_of
from tests.churn.conftest import DAY, ONE, home
from tests.churn.refunds.makers import package, paid


@pytest.fixture
def customer(miao):
    return home(1)


def marked(child, status, *days):
    for day in days:
        Attendance.objects.create(child=child, day=day, status=status)


# -- which payments ------------------------------------------------------------------------------------------------------------------
def test_payments_of_the_child_and_those_of_no_child_the_oldest_first(customer):
    child = child_of(customer)
    other = Child.objects.create(family=customer.family, name="周二宝")
    late = paid(customer, 100, DAY - ONE, child=child)
    early = paid(customer, 200, DAY - 9 * ONE)
    theirs = paid(customer, 300, DAY - 3 * ONE, child=other)

    assert payments_of(customer, child, DAY) == [early, late]
    assert payments_of(customer, None, DAY) == [early, theirs, late]


@pytest.mark.parametrize(("days", "found"), [
    (0, True),
    (399, True),
    (400, False),
    (-1, False),
])
def test_old_payments_and_those_of_tomorrow_are_left_out(customer, days, found):
    paid(customer, 100, DAY - days * ONE)

    assert bool(payments_of(customer, None, DAY)) is found


def test_what_was_wholly_paid_back_is_left_out(customer, head):
    whole, part = paid(customer, 100, DAY), paid(customer, 100, DAY)
    refund(whole, amount_fen=10000, on=DAY, by=head)
    refund(part, amount_fen=2500, on=DAY, by=head)
    refund(part, amount_fen=2500, on=DAY, by=head)

    assert payments_of(customer, None, DAY) == [part]
    assert paid_back([whole, part]) == {whole.pk: 10000, part.pk: 5000}


# -- lessons -------------------------------------------------------------------------------------------------------------------------
def test_a_package_of_the_same_day_is_the_one(customer):
    packages = [package(customer, 30, 0, DAY - 9 * ONE), package(customer, 20, 0, DAY)]

    assert package_of(paid(customer, 100, DAY), packages) == packages[1]


def test_the_only_package_is_the_one_whatever_its_day(customer):
    packages = [package(customer, 30, 0, DAY - 9 * ONE)]

    assert package_of(paid(customer, 100, DAY), packages) == packages[0]


def test_of_several_that_fit_none_is_guessed(customer):
    packages = [package(customer, 30, 0, DAY), package(customer, 20, 0, DAY)]

    assert package_of(paid(customer, 100, DAY), packages) is None
    assert package_of(paid(customer, 100, DAY), []) is None


def test_a_sibling_s_package_is_not_taken(customer):
    mine = child_of(customer)
    other = Child.objects.create(family=customer.family, name="周二宝")
    hers, his = package(customer, 30, 0, DAY, child=other), package(customer, 20, 0, DAY, child=mine)

    assert package_of(paid(customer, 100, DAY, child=mine), [hers, his]) == his


# -- days of a fee -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("on", "quantity", "first", "last"), [
    (date(2026, 11, 20), None, date(2026, 11, 1), date(2026, 11, 30)),
    (date(2026, 11, 20), Decimal("1"), date(2026, 11, 1), date(2026, 11, 30)),
    (date(2026, 11, 1), Decimal("3"), date(2026, 11, 1), date(2027, 1, 31)),
    (date(2026, 9, 1), Decimal("5.00"), date(2026, 9, 1), date(2027, 1, 31)),
    (date(2026, 12, 31), Decimal("2"), date(2026, 12, 1), date(2027, 1, 31)),
    (date(2027, 12, 5), Decimal("3"), date(2027, 12, 1), date(2028, 2, 29)),
    (date(2026, 2, 5), Decimal("0.5"), date(2026, 2, 1), date(2026, 2, 28)),
    (date(2026, 2, 5), Decimal("48"), date(2026, 2, 1), date(2026, 2, 28)),
    (date(2026, 2, 5), Decimal("-1"), date(2026, 2, 1), date(2026, 2, 28)),
])
def test_a_fee_covers_as_many_months_as_its_quantity_says(miao, on, quantity, first, last):
    assert period_of(Payment(paid_on=on, quantity=quantity)) == (first, last)


# -- attendance ----------------------------------------------------------------------------------------------------------------------
def test_a_child_that_is_not_named_or_never_marked_is_not_known(customer):
    assert seen(None, customer.campus, DAY) == seen(child_of(customer), customer.campus, DAY) == Seen()


def test_days_attended_of_the_school_days_of_the_month(customer):
    child = child_of(customer)
    marked(child, "present", DAY - ONE, DAY - 2 * ONE, DAY - 21 * ONE)
    marked(child, "leave", DAY)

    found = seen(child, customer.campus, DAY)

    assert (found.attended, found.school_days, found.absent) == (2, 21, 1)


def test_a_child_that_came_today_is_not_absent(customer):
    marked(child_of(customer), "present", DAY)

    assert seen(child_of(customer), customer.campus, DAY).absent == 0


def test_absence_counts_from_the_first_day_missed_after_the_last_attended(customer):
    child = child_of(customer)
    marked(child, "present", DAY - 40 * ONE)
    marked(child, "absent", DAY - 35 * ONE, DAY - 30 * ONE)
    marked(child, "leave", DAY - 3 * ONE)

    assert seen(child, customer.campus, DAY).absent == 36


def test_who_was_marked_last_month_only_has_no_figures_of_this_month(customer):
    marked(child_of(customer), "absent", DAY - 30 * ONE)

    assert seen(child_of(customer), customer.campus, DAY) == Seen(absent=31)


def test_marks_of_later_days_are_not_seen(customer):
    marked(child_of(customer), "present", DAY + timedelta(days=1))

    assert seen(child_of(customer), customer.campus, DAY) == Seen()
