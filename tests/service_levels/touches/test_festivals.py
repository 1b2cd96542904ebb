"""节日: those a school has chosen, on the days they fall."""
from datetime import date

from service_levels.touches.festivals import FESTIVALS, USUAL, between
from service_levels.words import FESTIVALS as NAMES


def test_the_usual_ones_of_a_year_in_order():
    found = list(between(USUAL, date(2026, 1, 1), date(2026, 12, 31)))

    assert [(code, str(day)) for code, day in found] == [
        ("new-year", "2026-01-01"), ("spring", "2026-02-17"), ("children", "2026-06-01"), ("mid-autumn", "2026-09-25")]


def test_what_is_not_chosen_or_not_known_has_no_day():
    assert list(between(["labour", "yesterday"], date(2026, 1, 1), date(2026, 12, 31))) == [("labour", date(2026, 5, 1))]


def test_every_festival_has_a_name_and_a_day_in_every_year():
    assert set(NAMES) == set(FESTIVALS)
    for year in range(2024, 2040):
        found = [code for code, _day in between(FESTIVALS, date(year, 1, 1), date(year, 12, 31))]
        assert sorted(found) == sorted(FESTIVALS)
