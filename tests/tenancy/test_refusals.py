"""A rule's no is told where the page says; who may not, and what is not here, keep their own answer."""
import pytest

from tenancy.refusals import Absent, Forbidden, Refused, Telling, TooMany


@pytest.mark.parametrize("refusal", [Refused("不行", "text"), TooMany("太多了", 60)])
def test_a_no_is_told_and_the_page_goes_on(refusal):
    told = []
    with Telling(told.append):
        raise refusal

    assert told == [refusal]


@pytest.mark.parametrize("error", [Forbidden("不许"), Absent("没有"), ValueError("坏了")])
def test_everything_else_goes_on_to_its_own_answer(error):
    told = []
    with pytest.raises(type(error)), Telling(told.append):
        raise error

    assert told == []


def test_nothing_is_told_of_what_was_done():
    told, done = [], []
    with Telling(told.append):
        done.append("写下了")

    assert (told, done) == ([], ["写下了"])
