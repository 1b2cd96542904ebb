"""Whatever is known of a payment and whatever was paid back of it: never below nothing, never more than is left."""
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from churn.models import RefundLine
from churn.refunds.counting import Sum, sum_of
from churn.refunds.rules import Bought, refund
from churn.refunds.shipped import packs
from tests.churn.conftest import DAY

DAYS = st.one_of(st.none(), st.integers(-400, 400).map(lambda n: DAY + timedelta(days=n)))
COUNTS = st.one_of(st.none(), st.integers(0, 200))
FEN = st.one_of(st.none(), st.integers(0, 10**7))


@dataclass
class Line:
    """As much of a line as is added up, without a school around it."""

    is_in: bool
    counted_fen: int | None
    agreed_fen: int | None

    fen = RefundLine.fen


LINES = st.lists(st.builds(Line, is_in=st.booleans(), counted_fen=FEN, agreed_fen=FEN), max_size=8)


@st.composite
def bought(draw) -> Bought:
    """A purchase of which anything may be unknown; used lessons are never more than there were."""
    lessons, gifted = draw(COUNTS), draw(st.integers(0, 20))
    used = draw(st.one_of(st.none(), st.integers(0, (lessons or 0) + gifted)))
    first, last = sorted((draw(DAYS) or DAY, draw(DAYS) or DAY))
    return Bought(draw(st.integers(1, 10**8)), DAY - timedelta(days=draw(st.integers(0, 400))), lessons, gifted, used, first, last,
                  draw(st.one_of(st.none(), st.integers(0, 23))), draw(st.one_of(st.none(), st.integers(0, 23))), draw(COUNTS))


@given(st.sampled_from(sorted(packs())), st.sampled_from(["tuition", "meals", "interest", "other"]), bought())
def test_a_refund_is_between_nothing_and_what_was_paid_or_says_what_it_lacks(code, group, one):
    found = refund(packs()[code], group, one, DAY)

    assert (found.fen is None) == bool(found.lacks)
    assert found.fen is None or 0 <= found.fen <= one.fen


@given(bought(), st.integers(0, 100))
def test_a_lesson_more_used_never_gives_more_back(one, more):
    if one.bought is None or one.used is None:
        return
    used = min(one.bought + one.gifted, one.used + more)
    later = Bought(**{**vars(one), "used": used})
    pack = packs()["training"]

    assert (refund(pack, "tuition", later, DAY).fen or 0) <= (refund(pack, "tuition", one, DAY).fen or 0)


@given(LINES)
def test_a_sum_is_that_of_the_lines_that_are_in(lines):
    taken = [line for line in lines if line.is_in]
    agreed = [line.counted_fen if line.agreed_fen is None else line.agreed_fen for line in taken]

    assert sum_of(lines) == Sum(
        sum(fen for fen in agreed if fen is not None), sum(line.counted_fen or 0 for line in taken), agreed.count(None),
        sum(line.agreed_fen is not None and line.agreed_fen != line.counted_fen for line in taken))
