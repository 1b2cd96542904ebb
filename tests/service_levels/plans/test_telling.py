"""What is written for families is refused where it gives them away."""
import pytest

from service_levels.plans.telling import answer_discreetly
from tenancy.refusals import Refused


def test_words_that_give_a_family_away_are_refused_at_their_field():
    with pytest.raises(Refused, match="“D 级”换个说法") as refused:
        answer_discreetly("您家是 D 级", "text")

    assert (refused.value.field, refused.value.code) == ("text", "label")


def test_other_words_are_let_through():
    assert answer_discreetly("滑梯的风险排查过了", "text") is None
