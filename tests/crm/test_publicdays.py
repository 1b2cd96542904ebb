"""放假与调休: the days off and the make-up days of a year, against the State Council's own notices."""

from datetime import date, timedelta

import pytest

from crm.calendar import Kind
from crm.publicdays import is_announced, public_day, public_days

# (festival, first day off, last day off) as the notices of 国办发明电 say it
NOTICES = {
    2026: [
        ("元旦", "01-01", "01-03"),
        ("春节", "02-15", "02-23"),
        ("清明节", "04-04", "04-06"),
        ("劳动节", "05-01", "05-05"),
        ("端午节", "06-19", "06-21"),
        ("中秋节", "09-25", "09-27"),
        ("国庆节", "10-01", "10-07"),
    ],
    2025: [
        ("元旦", "01-01", "01-01"),
        ("春节", "01-28", "02-04"),
        ("清明节", "04-04", "04-06"),
        ("劳动节", "05-01", "05-05"),
        ("端午节", "05-31", "06-02"),
        ("国庆节、中秋节", "10-01", "10-08"),
    ],
    2024: [
        ("元旦", "01-01", "01-01"),
        ("春节", "02-10", "02-17"),
        ("清明节", "04-04", "04-06"),
        ("劳动节", "05-01", "05-05"),
        ("端午节", "06-08", "06-10"),
        ("中秋节", "09-15", "09-17"),
        ("国庆节", "10-01", "10-07"),
    ],
}
WORKED = {
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2024: ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
}


def off(year: int) -> dict[date, str]:
    return {day: said.name for day, said in public_days(year).items() if said.kind is Kind.HOLIDAY}


def each(year: int, first: str, last: str) -> list[date]:
    begin, end = (date.fromisoformat(f"{year}-{text}") for text in (first, last))
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


@pytest.mark.parametrize("year", NOTICES)
def test_the_days_off_are_those_of_the_notice(year):
    told = {day: name for name, first, last in NOTICES[year] for day in each(year, first, last)}

    assert off(year) == told


@pytest.mark.parametrize("year", WORKED)
def test_the_make_up_days_are_those_of_the_notice(year):
    worked = sorted(day for day, said in public_days(year).items() if said.kind is Kind.MAKE_UP)

    assert worked == [date.fromisoformat(f"{year}-{text}") for text in WORKED[year]]


@pytest.mark.parametrize(
    ("year", "known"), [(1999, False), (2008, True), (2026, True), (2030, False), (3000, False)]
)
def test_a_year_whose_notice_is_not_there_says_so(year, known):
    assert is_announced(year) == known


@pytest.mark.parametrize("year", range(2027, 2100, 6))
def test_a_year_that_is_reckoned_has_the_laws_days_and_no_make_up_day(year):
    names = {name for text in off(year).values() for name in text.split("、")}

    assert {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"} == names
    assert {said.kind for said in public_days(year).values()} == {Kind.HOLIDAY}


@pytest.mark.parametrize("year", [1, 1949, 1999, 2100, 9999])
def test_a_year_that_nobody_can_know_has_no_public_days_and_breaks_nothing(year):
    assert public_days(year) == {}


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 10, 4), Kind.HOLIDAY),
        (date(2026, 10, 10), Kind.MAKE_UP),
        (date(2026, 10, 8), None),
        (date(2026, 10, 11), None),
    ],
)
def test_a_day_is_asked_by_itself(day, kind):
    said = public_day(day)

    assert (said and said.kind) == kind
