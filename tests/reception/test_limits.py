"""限流: what counts, for how long, and what is taken back."""
from datetime import timedelta

import pytest
from django.core.cache import cache

from reception.models import BookingRules
from reception.public.limits import DAY, HOUR, Knock, counted
from tenancy.refusals import Refused, TooMany
from tenancy.scope import tenant_scope
from tests.reception.makers import NOW

PHONE, HERE = "13800138000", "10.0.0.1"


def knock(phone: str = PHONE, address: str = HERE, at=NOW) -> Knock:
    return Knock(phone, address, at)


def book(rules: BookingRules, **who) -> bool:
    with counted(knock(**who), rules) as wants_code:
        return wants_code


def test_a_phone_may_book_so_often_a_day(miao):
    rules = BookingRules(per_phone=2)
    for _ in range(2):
        book(rules)

    with pytest.raises(TooMany) as refusal:
        book(rules)

    assert 0 < refusal.value.wait <= DAY and "手机号" in refusal.value.message


def test_another_day_is_counted_anew(miao):
    rules = BookingRules(per_phone=1)
    book(rules)

    book(rules, at=NOW + timedelta(days=1))


def test_an_address_may_book_so_often_an_hour(miao):
    rules = BookingRules(address_most=2, address_code_after=99)
    for n in range(2):
        book(rules, phone=f"1380013{n:04d}")

    with pytest.raises(TooMany) as refusal:
        book(rules, phone="13800139999")
    book(rules, phone="13800139999", address="10.0.0.2")
    book(rules, phone="13800139998", at=NOW + timedelta(hours=1))

    assert 0 < refusal.value.wait <= HOUR and "网络" in refusal.value.message


def test_what_fails_is_taken_back_for_all_three(miao):
    rules = BookingRules(per_phone=1, address_most=1, tenant_code_after=0, address_code_after=99)

    for _ in range(5):
        with pytest.raises(Refused), counted(knock(), rules):
            raise Refused("满了")

    assert book(rules) is True  # the first that counts is the first above nothing for the school


def test_who_is_refused_for_one_reason_is_not_counted_for_the_others(miao):
    rules = BookingRules(per_phone=1, address_most=2)
    book(rules)
    for _ in range(4):
        with pytest.raises(TooMany):
            book(rules)

    book(rules, phone="13800138001")


@pytest.mark.parametrize(("before", "wanted"), [(0, False), (9, False), (10, True), (20, True)])
def test_from_the_eleventh_booking_an_hour_an_address_is_asked_for_a_code(miao, before, wanted):
    for n in range(before):
        book(BookingRules(), phone=f"1380013{n:04d}")

    assert book(BookingRules(), phone="13800139999") is wanted


def test_a_school_is_never_refused(miao):
    rules = BookingRules(tenant_code_after=3, address_most=5000, address_code_after=5000)

    told = [book(rules, phone=f"1380013{n:04d}", address=f"10.0.1.{n}") for n in range(6)]

    assert told == [False] * 3 + [True] * 3


def test_two_schools_count_apart(school, other_school):
    for tenant in (school, other_school):
        with tenant_scope(tenant):
            book(BookingRules(per_phone=1))


def test_a_counter_that_ran_out_begins_again(miao):
    rules = BookingRules(per_phone=1)
    book(rules)
    cache.clear()

    book(rules)


def test_no_key_holds_a_number_or_an_address(miao):
    keys = [knock().key(kind, who, HOUR) for kind, who in (("phone", PHONE), ("address", HERE), ("school", ""))]

    assert not any(PHONE in key or HERE in key for key in keys) and len(set(keys)) == 3


@pytest.mark.parametrize(("window", "left"), [(HOUR, 3600), (DAY, 79200)])
def test_how_long_until_the_window_is_over(window, left):
    assert knock().left(window) == left
