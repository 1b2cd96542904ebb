"""Losses shared out among their causes: the parts add up, the largest come first, the vital few are few."""
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.reports.pareto import SHOWN, UNNAMED, Loss, Part, pareto, shared_out


@st.composite
def losses(draw):
    """Up to twenty losses, each with causes that share ten tenths or fewer."""
    found = []
    for _n in range(draw(st.integers(0, 20))):
        left, causes = 10, []
        for cause in draw(st.lists(st.integers(1, 12), unique=True, max_size=4)):
            tenths = draw(st.integers(0, left))
            if tenths:
                causes.append((cause, tenths))
                left -= tenths
        found.append(Loss(draw(st.integers(0, 10**7)), causes))
    return found


def of(*sizes: int, unnamed: int = 0) -> list[Part]:
    """Causes 1, 2, 3 … of these sizes in money, each of one child."""
    named = [Part(number, 10, size, 1) for number, size in enumerate(sizes, 1)]
    return named + ([Part(UNNAMED, 10, unnamed, 1)] if unnamed else [])


def vital(*sizes: int, unnamed: int = 0) -> list[int]:
    return [bar.part.cause for bar in pareto(of(*sizes, unnamed=unnamed), by_money=True) if bar.is_vital]


# -- sharing out ---------------------------------------------------------------------------------------------------------------
def test_two_losses_by_hand():
    parts = {part.cause: part for part in shared_out([Loss(1000, [(1, 7), (2, 3)]), Loss(500, [(1, 4)])])}

    assert parts == {1: Part(1, 11, 9000, 2), 2: Part(2, 3, 3000, 1), UNNAMED: Part(UNNAMED, 6, 3000, 1)}
    assert (parts[1].fen, parts[1].children) == (900, 1.1)


@given(lost=losses())
def test_nothing_is_lost_or_made_in_sharing_out(lost):
    parts = shared_out(lost)

    assert sum(part.tenths for part in parts) == 10 * len(lost)
    assert sum(part.fen_tenths for part in parts) == 10 * sum(loss.fen for loss in lost)
    assert len({part.cause for part in parts}) == len(parts)


@given(lost=losses())
def test_each_cause_holds_what_one_counts_by_hand(lost):
    for part in shared_out(lost):
        mine = [(loss, dict(loss.causes).get(part.cause, 10 - sum(t for _c,
                t in loss.causes) if part.cause == UNNAMED else 0)) for loss in lost]
        assert part.tenths == sum(tenths for _loss, tenths in mine)
        assert part.cases == sum(tenths > 0 for _loss, tenths in mine)
        assert Fraction(part.fen_tenths, 10) == sum((Fraction(loss.fen * tenths, 10) for loss, tenths in mine), Fraction(0))


# -- the order -----------------------------------------------------------------------------------------------------------------
@given(lost=losses(), by_money=st.booleans())
def test_the_largest_come_first_and_the_last_reaches_the_whole(lost, by_money):
    bars = pareto(shared_out(lost), by_money=by_money)
    named = [bar for bar in bars if bar.part.cause not in (UNNAMED, -1)]

    assert [bar.part.size(by_money) for bar in named] == sorted((bar.part.size(by_money) for bar in named), reverse=True)
    assert len(named) <= SHOWN + 1
    assert [bar.part.cause == UNNAMED for bar in bars] == sorted(bar.part.cause == UNNAMED for bar in bars)
    assert not bars or bars[-1].reached == pytest.approx(1) and sum(bar.share for bar in bars) == pytest.approx(1)


@given(lost=losses(), by_money=st.booleans())
def test_the_vital_few_reach_seven_tenths_and_are_at_most_half(lost, by_money):
    parts = shared_out(lost)
    whole = sum(part.size(by_money) for part in parts)
    few = [bar for bar in pareto(parts, by_money=by_money) if bar.is_vital and not bar.others]

    if few:
        assert sum(bar.part.size(by_money) for bar in few) * 100 >= 70 * whole - sum(
            bar.part.size(by_money) for bar in pareto(parts, by_money=by_money) if bar.others) * 100
        assert len(few) * 2 <= max(2, sum(part.cause != UNNAMED for part in parts))


@pytest.mark.parametrize(("sizes", "few"), [
    ((70, 10, 10, 10), [1]),
    ((69, 11, 10, 10), [1, 2]),
    ((40, 30, 10, 10, 10), [1, 2]),
    ((25, 25, 25, 25), []),
    ((60, 40), [] ),
    ((71, 29), [1]),
    ((100,), [1]),
    ((34, 33, 33), []),
    ((10, 60, 15, 15), [2, 3]),
])
def test_the_vital_few_by_hand(sizes, few):
    assert vital(*sizes) == few


def test_what_was_not_named_is_never_vital_and_stands_last():
    bars = pareto(of(20, 10, unnamed=70), by_money=True)

    assert [bar.part.cause for bar in bars] == [1, 2, UNNAMED]
    assert not any(bar.is_vital for bar in bars)


def test_many_small_causes_share_one_bar():
    bars = pareto(of(50, 9, 8, 7, 6, 5, 4, 3, 2, unnamed=6), by_money=True)

    assert [bar.part.cause for bar in bars] == [1, 2, 3, 4, 5, 6, -1, UNNAMED]
    assert (bars[6].others, bars[6].part.fen_tenths, bars[6].part.cases) == (3, 9, 3)


def test_seven_causes_keep_their_own_bars():
    assert [bar.others for bar in pareto(of(9, 8, 7, 6, 5, 4, 3), by_money=True)] == [0] * 7


def test_by_children_and_by_money_the_order_may_differ():
    parts = [Part(1, 10, 900, 1), Part(2, 20, 100, 2)]

    assert [[bar.part.cause for bar in pareto(parts, by_money=by_money)] for by_money in (True, False)] == [[1, 2], [2, 1]]


def test_where_nothing_was_lost_there_is_nothing():
    assert pareto([], by_money=True) == [] and pareto(of(0, 0), by_money=True) == []
