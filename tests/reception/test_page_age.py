"""A booking that comes seconds after its page was opened is asked for a code, never refused."""

from datetime import timedelta

import pytest

from reception.public.page_age import LONGEST, is_odd, stamp
from tenancy.scope import tenant_scope
from tests.reception.makers import NOW


@pytest.mark.parametrize(
    ("later", "odd"),
    [
        (timedelta(seconds=1), True),
        (timedelta(seconds=2), False),
        (timedelta(minutes=20), False),
        (LONGEST, False),
        (LONGEST + timedelta(seconds=1), True),
        (timedelta(seconds=-5), True),
    ],
)
def test_a_page_is_neither_sent_off_at_once_nor_days_later(miao, later, odd):
    assert is_odd(stamp(NOW), NOW + later, least=2) is odd


@pytest.mark.parametrize("made", ["x", "1795000000", "1795000000:forged", "：", "a" * 200])
def test_a_stamp_that_nobody_made_is_odd(miao, made):
    assert is_odd(made, NOW, least=2) is True


def test_a_program_without_a_page_is_not_judged(miao):
    assert is_odd("", NOW, least=2) is False


def test_a_school_may_look_away(miao):
    assert is_odd("forged", NOW, least=0) is False


def test_the_stamp_of_another_school_is_none(school, other_school):
    with tenant_scope(other_school):
        foreign = stamp(NOW)

    with tenant_scope(school):
        assert is_odd(foreign, NOW + timedelta(minutes=1), least=2) is True
