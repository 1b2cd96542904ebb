"""Every payment of an application, counted by the rules in force with what the records know."""
from datetime import date

import pytest

from churn.models import RefundLine, RefundRequest
from churn.refunds.counting import Sum, count, figures_of, line_of, lines_for, over_limits, sum_of
from churn.refunds.shipped import packs
from crm.actions import refund
from crm.models import Attendance
from tests.churn.cases.conftest import child_of
from tests.churn.conftest import DAY, ONE, home
from tests.churn.refunds.makers import package, paid

TRAINING, HEFEI, TAIAN = (packs()[code] for code in ("training", "hefei", "taian"))


@pytest.fixture
def customer(miao):
    return home(1)


def asked(customer, on=DAY) -> RefundRequest:
    return RefundRequest(customer=customer, child=child_of(customer), campus=customer.campus, counted_on=on)


def counted(customer, pack, on=DAY) -> list[RefundLine]:
    request = asked(customer, on)
    lines = lines_for(request, pack)
    count(lines, request, pack)
    return lines


# -- lessons -------------------------------------------------------------------------------------------------------------------------
def test_lessons_left_come_back(customer):
    package(customer, 30, 10, DAY - 60 * ONE)
    paid(customer, 3000, DAY - 60 * ONE)

    (line,) = counted(customer, TRAINING)

    assert (line.counted_fen, line.method, line.lacks, line.fen) == (200000, "lessons", "", 200000)


def test_what_was_paid_back_before_comes_off(customer, head):
    package(customer, 30, 10, DAY - 60 * ONE)
    refund(paid(customer, 3000, DAY - 60 * ONE), amount_fen=150000, on=DAY, by=head)

    assert counted(customer, TRAINING)[0].counted_fen == 50000


def test_more_paid_back_than_the_rule_gives_is_nothing_more(customer, head):
    package(customer, 30, 10, DAY - 60 * ONE)
    refund(paid(customer, 3000, DAY - 60 * ONE), amount_fen=250000, on=DAY, by=head)

    assert counted(customer, TRAINING)[0].counted_fen == 0


def test_a_package_that_is_used_up_has_nothing_to_count(customer):
    package(customer, 30, 30, DAY - 60 * ONE)
    paid(customer, 3000, DAY - 60 * ONE)

    assert counted(customer, TRAINING) == []


def test_a_payment_without_its_package_asks_for_it(customer):
    paid(customer, 3000, DAY - 60 * ONE)

    (line,) = counted(customer, TRAINING)

    assert (line.counted_fen, line.lacks, line.fen) == (None, "lessons", None)


def test_nothing_used_within_a_week_comes_back_whole(customer):
    package(customer, 30, 0, DAY - 6 * ONE)
    paid(customer, 3000, DAY - 6 * ONE)

    assert [(line.counted_fen, line.method) for line in counted(customer, TRAINING)] == [(300000, "cooling_off")]


# -- a kindergarten's months ----------------------------------------------------------------------------------------------------------
def test_of_monthly_fees_only_those_of_the_month_and_of_the_absence_speak(customer):
    for month in (8, 9, 10, 11):
        paid(customer, 1200, date(2026, month, 2), kind="保教费")
    Attendance.objects.create(child=child_of(customer), day=date(2026, 10, 12), status="absent")

    lines = counted(customer, HEFEI)

    assert [line.payment.paid_on.month for line in lines] == [10, 11]
    assert {line.absent for line in lines} == {40}
    assert [line.counted_fen for line in lines] == [120000, 120000]


def test_a_term_paid_ahead_gives_back_one_month_of_five_for_thirty_days(customer):
    paid(customer, 6000, date(2026, 9, 1), kind="保教费", quantity=5)
    Attendance.objects.create(child=child_of(customer), day=DAY - 30 * ONE, status="absent")

    assert counted(customer, HEFEI)[0].counted_fen == 120000


def test_attendance_of_the_month_decides(customer):
    paid(customer, 1000, DAY.replace(day=2), kind="保教费")
    Attendance.objects.create(child=child_of(customer), day=DAY - ONE, status="present")

    assert [(line.counted_fen, line.attended) for line in counted(customer, TAIAN)] == [(60000, 1)]


def test_meals_come_back_by_days(customer):
    paid(customer, 300, date(2026, 11, 2), kind="伙食费", group="meals")

    assert counted(customer, HEFEI)[0].counted_fen == 10000


def test_a_payment_that_somebody_names_joins_whatever_its_days(customer):
    old = paid(customer, 300, date(2025, 3, 2), kind="伙食费", group="meals")

    line = line_of(asked(customer), old)

    assert (line.payment, line.first_on, line.last_on) == (old, date(2025, 3, 1), date(2025, 3, 31))


def test_without_rules_lines_are_there_and_nothing_is_counted(customer):
    paid(customer, 300, DAY)

    assert [line.counted_fen for line in lines_for(asked(customer), None)] == [None]


# -- what a rule asks for, sums, limits ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("pack", "group", "figures"), [
    (TRAINING, "tuition", ("package",)),
    (TRAINING, "other", ()),
    (HEFEI, "tuition", ("absent", "first_on", "last_on")),
    (HEFEI, "meals", ("first_on", "last_on")),
    (HEFEI, "interest", ()),
    (TAIAN, "tuition", ("attended", "school_days")),
])
def test_only_the_figures_of_its_rule_are_asked_for(customer, pack, group, figures):
    assert figures_of(pack, paid(customer, 1, DAY, kind="某费", group=group)) == figures


def test_lines_that_are_out_count_for_nothing(customer):
    lines = [RefundLine(counted_fen=100), RefundLine(counted_fen=200, is_in=False),
            RefundLine(counted_fen=300, agreed_fen=250),
             RefundLine(), RefundLine(is_in=False)]

    assert sum_of(lines) == Sum(350, 400, 1, 1)


def test_agreed_as_counted_departs_from_nothing(miao):
    assert sum_of([RefundLine(counted_fen=100, agreed_fen=100)]) == Sum(100, 100, 0, 0)
    assert sum_of([]) == Sum(0, 0, 0, 0)


def test_what_was_taken_ahead_beyond_the_limits_is_named(customer):
    bought = package(customer, 80, 0, DAY)
    much = RefundLine(payment=paid(customer, 6000, DAY), package=bought)
    little = RefundLine(payment=paid(customer, 600, DAY))

    assert over_limits([much, little], TRAINING) == [(much, ["lessons", "fen"])]
