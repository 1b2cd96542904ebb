"""K44 b–c by hand and by the law: who stayed and who came, counted the long way, is what the engine says."""
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crm.models import NATURAL_OUTCOMES, Outcome
from tiering.stays import Rate, Stays

START, END = date(2026, 6, 30), date(2026, 9, 30)
days = st.integers(0, 200).map(lambda n: date(2026, 5, 1) + timedelta(days=n))


@st.composite
def rows(draw):
    first, length = draw(days), draw(st.one_of(st.none(), st.integers(0, 120)))
    last = None if length is None else first + timedelta(days=length)
    return draw(st.integers(1, 6)), first, last, draw(st.sampled_from(sorted(Outcome.values))) if last else ""


@given(st.lists(rows(), max_size=12))
def test_retention_counts_each_customer_of_the_start_once(stays):
    tiers = {1: "A", 2: "A", 3: "B"}
    found = Stays(stays).retention(START, END, tiers)

    there = {c for c, first, last, _ in stays if first <= START and (last is None or last >= START)}
    stayed = {c for c, first, last, _ in stays if first <= END and (last is None or last >= END)}
    excused = {c for c, _, last, why in stays if last and START <= last < END and why in NATURAL_OUTCOMES and c not in stayed}
    assert found[""] == Rate(len((there - excused) & stayed), len(there - excused))
    assert sum(rate.of for label, rate in found.items() if label) == found[""].of
    assert sum(rate.kept for label, rate in found.items() if label) == found[""].kept
    assert set(found) - {""} <= {"A", "B", "?"}


@given(st.lists(rows(), max_size=12))
def test_growth_counts_who_was_never_there_before(stays):
    found = Stays(stays).growth(START, END)

    known = {c for c, first, _, _ in stays if first <= START}
    came = {c for c, first, _, why in stays if START < first <= END and why != Outcome.PROMOTED}
    assert found == Rate(len(came - known), len(Stays(stays).on(START)))


def test_the_last_day_of_attendance_is_a_day_there():
    stays = Stays([(1, date(2026, 1, 1), START, "withdrew")])

    assert (stays.on(START), stays.on(START + timedelta(days=1))) == ({1}, set())


def test_no_share_without_counts():
    assert (Rate(0, 0).share, Rate(1, 4).share) == (None, 0.25)
