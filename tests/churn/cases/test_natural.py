"""Leaving that no school can help is told apart from churn."""
from datetime import date

import pytest

from churn.cases.natural import Leaver, likely, natural, years
from churn.cases.opening import GIVEN

JULY = date(2026, 7, 10)


@pytest.mark.parametrize(("outcome", "reason"), [
    ("graduated", "graduated"),
    ("aged_out", "aged_out"),
    ("moved", "moved"),
    ("policy", "policy"),
    ("campus", "campus"),
    ("withdrew", ""),
    ("transferred", ""),
    ("completed", ""),
    ("promoted", ""),
    ("", ""),
])
def test_a_natural_reason_that_was_given_is_taken_as_it_is(outcome, reason):
    assert natural(Leaver(outcome, JULY), GIVEN) == reason


@pytest.mark.parametrize(("leaver", "kind", "reason"), [
    (Leaver("", JULY, grade="大班"), "kindergarten", "graduated"),
    (Leaver("", JULY, grade="中班"), "kindergarten", ""),
    (Leaver("", date(2026, 6, 14), grade="大班"), "kindergarten", ""),
    (Leaver("", date(2026, 6, 15), grade="大班"), "kindergarten", "graduated"),
    (Leaver("", date(2026, 9, 5), grade="大班"), "kindergarten", "graduated"),
    (Leaver("", date(2026, 9, 6), grade="大班"), "kindergarten", ""),
    (Leaver("", JULY, date(2020, 7, 10)), "kindergarten", "aged_out"),
    (Leaver("", JULY, date(2020, 7, 11)), "kindergarten", ""),
    (Leaver("", JULY, date(2023, 7, 10)), "nursery", "aged_out"),
    (Leaver("", JULY, date(2023, 7, 11)), "nursery", ""),
    (Leaver("", JULY, date(2000, 1, 1)), "training", ""),
    (Leaver("", JULY, None), "kindergarten", ""),
    (Leaver("", JULY, date(2019, 1, 1), "大班", True), "kindergarten", "campus"),
    (Leaver("withdrew", JULY, date(2019, 1, 1), "大班", True), "kindergarten", ""),
])
def test_where_no_reason_was_given_the_facts_speak(leaver, kind, reason):
    assert likely(leaver, kind) == reason


@pytest.mark.parametrize(("born", "on", "age"), [
    (date(2020, 2, 29), date(2026, 2, 28), 5),
    (date(2020, 2, 29), date(2026, 3, 1), 6),
    (JULY, JULY, 0),
    (date(2025, 12, 31), date(2026, 1, 1), 0),
])
def test_years_are_completed_years(born, on, age):
    assert years(born, on) == age
