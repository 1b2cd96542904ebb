"""What a refund comes to: every method by hand, the bounds, and whatever may be typed, to the 分."""
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.refunds.rules import METHODS, Bought, Limits, Pack, Refund, Rule, over_limit, refund

DAY = date(2026, 11, 20)
ONE = timedelta(days=1)


def pack(method: str, cooling_off: int = 0, limits: Limits | None = None, **figures) -> Pack:
    return Pack("x", "某地", ("training",), "某号文", {"tuition": Rule(method, "某条", figures)}, limits or Limits(),
            cooling_off)


def comes_to(rules: Pack, on: date = DAY, **bought) -> int | None:
    return refund(rules, "tuition", Bought(**{"fen": 300000, "paid_on": DAY - 90 * ONE} | bought), on).fen


# -- by lessons ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("bought", "gifted", "used", "fen"), [
    (30, 0, 0, 300000),
    (30, 0, 10, 200000),
    (30, 0, 30, 0),
    (20, 10, 10, 200000),
    (20, 10, 25, 50000),
    (30, 0, 1, 290000),
    (7, 0, 1, 257143),
    (3, 0, 1, 200000),
])
def test_lessons_left_come_back_and_gifted_ones_count_as_bought_ones(bought, gifted, used, fen):
    assert comes_to(pack("lessons"), bought=bought, gifted=gifted, used=used) == fen


def test_a_package_without_lessons_gives_nothing_back():
    assert comes_to(pack("lessons"), bought=0, used=0) == 0


@pytest.mark.parametrize("known", [{"bought": 30}, {"used": 3}, {}])
def test_where_lessons_are_not_known_the_figure_that_lacks_is_named(known):
    found = refund(pack("lessons"), "tuition", Bought(300000, DAY, **known), DAY)

    assert (found.fen, found.lacks, found.clause) == (None, "lessons", "某条")


# -- by days -------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("on", "fen"), [
    (DAY, 180000),
    (DAY - 20 * ONE, 300000),
    (DAY - 99 * ONE, 300000),
    (DAY - 19 * ONE, 294000),
    (DAY + 29 * ONE, 6000),
    (DAY + 30 * ONE, 0),
    (DAY + 99 * ONE, 0),
])
def test_days_after_the_day_come_back(on, fen):
    assert comes_to(pack("days"), on, first=DAY - 19 * ONE, last=DAY + 30 * ONE) == fen


@pytest.mark.parametrize("known", [{"first": DAY}, {"last": DAY}, {}])
def test_where_the_period_is_not_known_it_is_named(known):
    assert refund(pack("days"), "tuition", Bought(300000, DAY, **known), DAY).lacks == "period"


# -- by absence and attendance -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("absent", "fen"), [
    (0, 0),
    (29, 0),
    (30, 60000),
    (59, 60000),
    (60, 120000),
    (150, 300000),
    (400, 300000),
])
def test_each_full_block_of_absent_days_gives_back_a_month_of_the_term(absent, fen):
    assert comes_to(pack("absent_blocks", block=30, months=5), absent=absent) == fen


@pytest.mark.parametrize(("attended", "fen"), [
    (0, 180000),
    (10, 180000),
    (11, 30000),
    (20, 30000),
    (21, 0),
])
def test_of_a_month_the_attendance_decides(attended, fen):
    assert comes_to(pack("attendance", steps=[[50, 60], [99, 10]]), attended=attended,
            school_days=21 if attended > 10 else 20) == fen


@pytest.mark.parametrize(("method", "known", "lacks"), [
    ("absent_blocks", {}, "absent"),
    ("attendance", {"attended": 3}, "attendance"),
    ("attendance", {"school_days": 20}, "attendance"),
    ("attendance", {"attended": 0, "school_days": 0}, "attendance"),
])
def test_what_is_not_known_is_named(method, known, lacks):
    assert refund(pack(method, block=30, months=5, steps=[]), "tuition", Bought(1, DAY, **known), DAY).lacks == lacks


# -- whatever the method -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("paid_ago", "used", "method", "fen"), [
    (0, 0, "cooling_off", 300000),
    (7, 0, "cooling_off", 300000),
    (8, 0, "lessons", 300000),
    (3, 10, "lessons", 200000),
    (-1, 10, "lessons", 200000),
])
def test_within_the_days_of_cooling_off_all_comes_back_if_nothing_was_used(paid_ago, used, method, fen):
    bought = Bought(300000, DAY - paid_ago * ONE, bought=30, used=used)

    found = refund(pack("lessons", cooling_off=7), "tuition", bought, DAY)

    assert (found.method, found.fen) == (method, fen)


def test_a_period_that_has_begun_is_used():
    rules = pack("days", cooling_off=7)

    begun = refund(rules, "tuition", Bought(300000, DAY - ONE, first=DAY, last=DAY + 29 * ONE), DAY)
    to_come = refund(rules, "tuition", Bought(300000, DAY - ONE, first=DAY + ONE, last=DAY + 30 * ONE), DAY)

    assert (begun.method, begun.fen, to_come.method, to_come.fen) == ("days", 290000, "cooling_off", 300000)


def test_a_fee_that_the_pack_says_nothing_of_is_not_refunded_and_says_so():
    assert refund(pack("lessons"), "meals", Bought(300000, DAY), DAY) == Refund(0, Fraction(0), "", "none")


def test_what_has_no_rule_of_its_own_follows_the_rule_of_the_rest():
    rules = Pack("x", "", (), "", {"other": Rule("days", "其余")})

    assert refund(rules, "meals", Bought(300, DAY, first=DAY + ONE, last=DAY + ONE), DAY).clause == "其余"


whole = st.integers(0, 400)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(method=st.sampled_from(sorted(METHODS)), fen=st.integers(0, 10**9), bought=st.none() | whole, gifted=whole,
        used=st.none() | whole,
       first=st.none() | days, last=st.none() | days, absent=st.none() | whole, attended=st.none() | whole, school_days=st.none() | whole, on=days,
       paid_on=days, cooling_off=st.integers(0, 30))
def test_a_refund_is_never_below_nothing_nor_above_what_was_paid(method, fen, bought, gifted, used, first, last,
        absent, attended, school_days, on,
                                                                 paid_on, cooling_off):
    if first and last and last < first:
        first, last = last, first
    rules = pack(method, cooling_off, block=30, months=5, steps=[[50, 60], [99, 10]])

    found = refund(rules, "tuition", Bought(fen, paid_on, bought, gifted, used, first, last, attended, school_days,
            absent), on)

    assert (found.fen is None) == (found.share is None) == bool(found.lacks)
    assert found.fen is None or 0 <= found.fen <= fen
    assert found.share is None or abs(Fraction(found.fen) - fen * found.share) <= Fraction(1, 2)


@given(fen=st.integers(0, 10**9), bought=st.integers(1, 200), gifted=whole, used=whole)
def test_the_later_the_less(fen, bought, gifted, used):
    if used + 1 > bought + gifted:
        return
    now, later = (comes_to(pack("lessons"), fen=fen, bought=bought, gifted=gifted, used=n) for n in (used, used + 1))

    assert later <= now


# -- what may be charged ahead -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("bought", "found"), [
    ({"bought": 60}, []),
    ({"bought": 61}, ["lessons"]),
    ({"fen": 500000}, []),
    ({"fen": 500001}, ["fen"]),
    ({"first": date(2026, 9, 1), "last": date(2026, 11, 30)}, []),
    ({"first": date(2026, 9, 1), "last": date(2026, 12, 1)}, ["months"]),
    ({"first": date(2026, 11, 30), "last": date(2027, 2, 27)}, []),
    ({"first": date(2026, 11, 30), "last": date(2027, 2, 28)}, ["months"]),
    ({"first": date(2023, 11, 30), "last": date(2024, 2, 28)}, []),
    ({"first": date(2026, 9, 1)}, []),
    ({"bought": 99, "fen": 900000, "first": date(2026, 1, 1), "last": date(2026, 12, 31)}, ["months", "lessons", "fen"]),
])
def test_what_is_charged_too_far_ahead_is_named(bought, found):
    assert over_limit(pack("lessons", limits=Limits(3, 60, 500000)), Bought(**{"fen": 1, "paid_on": DAY} | bought)) == found


def test_where_no_limit_is_set_nothing_exceeds_it():
    assert over_limit(pack("lessons"), Bought(10**12, DAY, bought=999, first=date(2000, 1, 1), last=DAY)) == []
