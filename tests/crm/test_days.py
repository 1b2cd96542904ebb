"""Days that can be true: the same rule in forms, the API, the admin and imports."""
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from crm.days import born, happened, months_later, planned, quarter
from crm.forms import PaymentForm
from crm.imports.records import RowRefused, Rules, enrolments, payments
from crm.models import Payment
from crm.parse import AHEAD, FIRST_FACT, Unreadable, parse_past, parse_planned
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import signed_in

TODAY = date(2026, 11, 20)
ANY_DAY = st.dates()


@given(ANY_DAY)
def test_a_fact_lies_between_the_first_records_and_today(day):
    believable = FIRST_FACT <= day <= TODAY

    assert _accepts(parse_past, day) == believable


@given(ANY_DAY)
def test_a_plan_may_lie_ahead_but_not_years_ahead(day):
    believable = FIRST_FACT <= day <= TODAY + AHEAD

    assert _accepts(parse_planned, day) == believable


def _accepts(parse, day) -> bool:
    try:
        return parse(day, TODAY) == day
    except Unreadable:
        return False


@pytest.mark.parametrize(("check", "value", "said"), [
    (happened, date(2062, 3, 5), "2062-03-05 还没到，请核对年份"),
    (happened, date(206, 3, 5), "0206-03-05 太早了，最早写 1990-01-01"),
    (planned, date(2062, 9, 1), "2062-09-01 太远了，请核对年份"),
    (born, date(2027, 1, 1), "2027-01-01 在将来，是不是 2022 年？"),
])
def test_a_slip_of_the_keyboard_is_named(check, value, said):
    with time_machine.travel(datetime(2026, 11, 20, 4, tzinfo=UTC)), pytest.raises(ValidationError) as refused:
        check(value)

    assert refused.value.messages == [said]


def test_a_time_counts_by_the_campus_date():
    late = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # half past midnight of the 21st in China

    with time_machine.travel(late):
        happened(late)
    with time_machine.travel(late - timedelta(hours=1)), pytest.raises(ValidationError):
        happened(late)


def test_rows_of_a_sheet_with_such_a_day_come_back():
    rules = Rules(TODAY)
    paid = {"phone": "13800138000", "amount": "3000", "paid_on": "2062-03-05"}
    enrolled = {"phone": "13800138000", "child_name": "周小满", "from_on": "2206-09-01"}

    with pytest.raises(RowRefused, match="2062-03-05 还没到"):
        payments(paid, rules)
    with pytest.raises(RowRefused, match="2206-09-01 太远了"):
        enrolments(enrolled, rules)


def test_the_admin_refuses_it_at_the_field(school, head):
    with tenant_scope(school):
        payment = makers.payment(makers.family(), 3000, date(2026, 3, 5))
        url = f"/s/miao/admin/crm/payment/{payment.pk}/change/"

    answer = signed_in(head).post(url, {"fee_kind": payment.fee_kind_id, "paid_on": "2062-03-05", "list_fen": "",
            "method": "现金"})

    assert "2062-03-05 还没到，请核对年份" in answer.content.decode()
    with tenant_scope(school):
        assert Payment.objects.get().paid_on == date(2026, 3, 5)


def test_a_form_of_the_front_desk_refuses_it_at_the_field(school):
    with tenant_scope(school):
        customer = makers.family()
        kind = makers.payment(customer, 1, date(2026, 3, 5)).fee_kind
        form = PaymentForm({"fee_kind": kind.pk, "amount": "3000", "paid_on": "1026-03-05", "method": "现金"},
                customer=customer)

        assert form.errors == {"paid_on": ["1026-03-05 太早了，最早写 1990-01-01"]}


# -- months ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("day", "months", "later"), [
    ("2026-11-20", 1, "2026-12-20"), ("2026-11-20", 12, "2027-11-20"), ("2026-11-20", 2, "2027-01-20"), ("2026-01-31", 1, "2026-02-28"),
    ("2028-01-31", 1, "2028-02-29"), ("2026-12-31", 2, "2027-02-28"), ("2026-10-31", 1, "2026-11-30"), ("2026-05-31", 60, "2031-05-31"),
    ("2026-11-20", 0, "2026-11-20"), ("2026-01-20", -1, "2025-12-20"), ("2026-03-31", -1, "2026-02-28"), ("2026-11-20", -48, "2022-11-20"),
])
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(day, months, later):
    assert months_later(date.fromisoformat(day), months) == date.fromisoformat(later)


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(-60, 60))
def test_months_never_overshoot(day, months):
    later = months_later(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months and later.day <= day.day


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(-60, 60))
def test_there_and_back_is_no_later_than_where_one_began(day, months):
    assert months_later(months_later(day, months), -months) <= day


@pytest.mark.parametrize(("day", "first"), [
    (date(2026, 11, 20), date(2026, 10, 1)),
    (date(2026, 1, 1), date(2026, 1, 1)),
    (date(2026, 3, 31), date(2026, 1, 1)),
    (date(2026, 6, 30), date(2026, 4, 1)),
])
def test_a_quarter_begins_with_its_first_month(day, first):
    assert quarter(day) == first
