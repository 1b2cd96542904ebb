"""积分账, on generated ledgers too: points go in the order in which they lapse, nothing is lost that could have been spent."""
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_levels.points.ledger import Line, Lot, lapsed, lapsing, lots

DAY = date(2026, 11, 20)
ONE = timedelta(days=1)
CAME = st.builds(Line, st.integers(1, 50), st.just(DAY), st.none() | st.dates(DAY - 60 * ONE, DAY + 60 * ONE))


@st.composite
def ledgers(draw) -> list[Line]:
    """What came, and no more than that went."""
    came = draw(st.lists(CAME, max_size=8))
    there, gone = sum(line.points for line in came), []
    while there and draw(st.booleans()):
        spent = draw(st.integers(1, there))
        gone.append(Line(-spent, DAY))
        there -= spent
    return [*came, *gone]


def in_words(lines: list[Line]) -> list[tuple[int, str]]:
    return [(lot.points, lot.last_on.isoformat()) for lot in lots(lines)]


def line(points: int, last_on: str = "") -> Line:
    return Line(points, DAY, date.fromisoformat(last_on) if last_on else None)


# -- what is left ------------------------------------------------------------------------------------------------------------------
def test_nothing_came_and_nothing_is_there():
    assert lots([]) == ()


def test_what_lapses_first_is_spent_first():
    ledger = [line(10, "2027-03-01"), line(10, "2026-12-01"), line(-12)]

    assert in_words(ledger) == [(8, "2027-03-01")]


def test_what_never_lapses_is_spent_last():
    assert in_words([line(10), line(10, "2027-03-01"), line(-10)]) == [(10, "9999-12-31")]


def test_what_lapses_together_is_one_lot():
    assert in_words([line(10, "2027-03-01"), line(5, "2027-03-01")]) == [(15, "2027-03-01")]


def test_more_cannot_go_than_came():
    with pytest.raises(ValueError, match="3 more went than came"):
        lots([line(10), line(-13)])


@given(ledger=ledgers())
def test_what_is_left_is_the_sum_of_all_entries(ledger):
    assert sum(lot.points for lot in lots(ledger)) == sum(entry.points for entry in ledger)


@given(ledger=ledgers())
def test_what_is_left_is_in_order_and_none_of_it_is_empty(ledger):
    found = lots(ledger)

    assert [lot.last_on for lot in found] == sorted({lot.last_on for lot in found})
    assert all(lot.points > 0 for lot in found)


@given(ledger=ledgers())
def test_the_order_of_the_entries_does_not_matter(ledger):
    assert lots(ledger) == lots(ledger[::-1])


# -- what lapses -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("day", "gone"), [("2026-12-01", 0), ("2026-12-02", 10), ("2027-03-02", 30)])
def test_points_are_there_on_their_last_day_and_not_after(day, gone):
    ledger = [line(10, "2026-12-01"), line(20, "2027-03-01"), line(5)]

    assert lapsed(ledger, date.fromisoformat(day)) == gone


@given(ledger=ledgers(), days=st.integers(-70, 70))
def test_what_lapsed_is_what_came_and_is_over_less_all_that_went(ledger, days):
    """The one sum of sql/lapse.sql for all families at once is the same as the ledger lot by lot."""
    day = DAY + days * ONE
    over = sum(entry.points for entry in ledger if entry.points > 0 and entry.last_on and entry.last_on < day)
    gone = -sum(entry.points for entry in ledger if entry.points < 0)

    assert lapsed(ledger, day) == max(0, over - gone)


@given(ledger=ledgers(), days=st.integers(-70, 70))
def test_what_lapsed_once_does_not_lapse_again(ledger, days):
    day = DAY + days * ONE
    gone = lapsed(ledger, day)
    after = [*ledger, Line(-gone, day)] if gone else ledger

    assert lapsed(after, day) == 0 and sum(lot.points for lot in lots(after)) == sum(lot.points for lot in lots(ledger)) - gone


@given(ledger=ledgers(), first=st.integers(-70, 70), more=st.integers(0, 70))
def test_later_no_less_has_lapsed(ledger, first, more):
    assert lapsed(ledger, DAY + first * ONE) <= lapsed(ledger, DAY + (first + more) * ONE)


def test_what_lapses_soon_is_told_by_its_day():
    ledger = [line(10, "2026-12-01"), line(20, "2026-12-15"), line(5, "2027-03-01"), line(-4)]

    assert lapsing(ledger, date(2026, 12, 20)) == (Lot(6, date(2026, 12, 1)), Lot(20, date(2026, 12, 15)))
