"""Quarters as dates."""
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiering.calendar import past_quarters, quarter_ends

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(("today", "newest"), [
    (date(2026, 1, 1), date(2025, 12, 31)), (date(2026, 3, 31), date(2025, 12, 31)), (date(2026, 4, 1), date(2026, 3, 31)),
    (date(2026, 6, 30), date(2026, 3, 31)), (date(2026, 7, 1), date(2026, 6, 30)), (date(2026, 11, 25), date(2026, 9, 30)),
    (date(2026, 12, 31), date(2026, 9, 30)), (date(2024, 2, 29), date(2023, 12, 31)),
])
def test_the_newest_quarter_is_the_last_that_is_over(today, newest):
    assert quarter_ends(today, 1) == [newest]


def test_a_year_and_a_half_of_quarters_newest_first():
    assert quarter_ends(date(2026, 11, 25), 6) == [date(2026, 9, 30), date(2026, 6, 30), date(2026, 3, 31),
            date(2025, 12, 31),
                                                  date(2025, 9, 30), date(2025, 6, 30)]


def test_none_asked_none_given():
    assert quarter_ends(date(2026, 11, 25), 0) == []


@given(DAYS, st.integers(1, 40))
def test_quarter_ends_are_over_in_order_and_end_a_quarters_month(today, count):
    ends = quarter_ends(today, count)

    assert len(ends) == count
    assert all(end < today for end in ends)
    assert ends == sorted(ends, reverse=True)
    assert {(end + timedelta(days=1)).day for end in ends} == {1}
    assert {end.month % 3 for end in ends} == {0}


@given(DAYS, st.integers(1, 40))
def test_each_quarter_begins_where_the_one_before_ended(today, count):
    quarters = past_quarters(today, count)

    assert len(quarters) == count
    assert [began for began, _ in quarters[:-1]] == [ended for _, ended in quarters[1:]]
    assert all(89 <= (ended - began).days <= 92 for began, ended in quarters)


@pytest.mark.parametrize(("today", "ends"), [
    (date(2026, 1, 1), [date(2025, 12, 31), date(2025, 9, 30)]), (date(2026, 3, 31),
            [date(2025, 12, 31), date(2025, 9, 30)]),
    (date(2026, 4, 1), [date(2026, 3, 31), date(2025, 12, 31)]), (date(2024, 2, 29),
            [date(2023, 12, 31), date(2023, 9, 30)]),
])
def test_a_quarter_is_over_on_the_day_after_its_last(today, ends):
    assert quarter_ends(today, 2) == ends
