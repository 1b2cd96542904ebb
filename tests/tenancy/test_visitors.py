"""Visitors without an account: so much an hour from one address, once a day, and a school's counts are its own."""
from datetime import timedelta

import pytest
import time_machine
from django.test import RequestFactory

from tenancy.refusals import Refused, TooMany
from tenancy.scope import tenant_scope
from tenancy.visitors import HOUR, at_most, first_today


def knock(address: str = "10.0.0.1"):
    return RequestFactory().get("/t/miao/feedback/", REMOTE_ADDR=address)


def enter(address: str = "10.0.0.1", kind: str = "x", most: int = 2) -> str:
    try:
        with at_most(knock(address), kind, most, "太频繁了"):
            return "in"
    except TooMany as refusal:
        return refusal.message


@pytest.fixture(autouse=True)
def one_hour(now):
    """The clock stands, so that no test crosses the hour."""
    with time_machine.travel(now, tick=False) as clock:
        yield clock


def test_one_address_comes_in_so_often_an_hour(miao):
    assert [enter() for _ in range(3)] == ["in", "in", "太频繁了"]


@pytest.mark.parametrize("other", [{"address": "10.0.0.2"}, {"kind": "y"}])
def test_another_address_or_another_door_has_its_own_count(miao, other):
    assert [enter(), enter(), enter(**other)] == ["in"] * 3


def test_the_next_hour_begins_anew(miao, one_hour):
    assert [enter(), enter(), enter()] == ["in", "in", "太频繁了"]

    one_hour.shift(timedelta(seconds=HOUR))

    assert enter() == "in"


def test_it_says_when_to_come_back(miao):
    enter(most=1)

    with pytest.raises(TooMany) as refused, at_most(knock(), "x", 1, "太频繁了"):
        raise AssertionError

    assert 0 < refused.value.wait <= HOUR


def test_what_fails_does_not_count(miao):
    for _ in range(5):
        with pytest.raises(Refused), at_most(knock(), "x", 1, "太频繁了"):
            raise Refused("不行")

    assert enter(most=1) == "in"


def test_something_is_done_for_the_first_time_once_a_day(miao, one_hour):
    assert [first_today(knock(), "faq-1") for _ in range(3)] == [True, False, False]
    assert first_today(knock("10.0.0.2"), "faq-1") and first_today(knock(), "faq-2")

    one_hour.shift(timedelta(days=1))

    assert first_today(knock(), "faq-1")


def test_two_schools_count_apart(school, other_school):
    for tenant in (school, other_school):
        with tenant_scope(tenant):
            assert (enter(most=1), first_today(knock(), "faq-1")) == ("in", True)
