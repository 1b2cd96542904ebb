"""What answers come to: means, levels, net promoters and weak points, against counting by hand."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.surveys.results import ENOUGH, SCALES, WEAK, Count, Level, Tally, by_host, by_line, by_topic

FIVES = st.lists(st.integers(1, 5), min_size=1, max_size=60)
TENS = st.lists(st.integers(0, 10), min_size=1, max_size=60)


def tally(kind: str, *numbers: int) -> Tally:
    return Tally(kind, {number: numbers.count(number) for number in set(numbers)})


def count(number=None, chosen=(), times=1, line=1, kind="five", topic="tour", host=None) -> Count:
    return Count(line, kind, topic, host, number, tuple(chosen), times)


def rounded(value: Decimal, places: str) -> Decimal:
    return value.quantize(Decimal(places), ROUND_HALF_UP)


@given(FIVES)
def test_the_mean_is_the_mean_to_two_places(numbers):
    assert tally("five", *numbers).mean == rounded(Decimal(sum(numbers)) / len(numbers), "0.01")


@given(TENS)
def test_net_promoters_are_those_who_would_less_those_who_would_not(numbers):
    would = sum(n >= 9 for n in numbers)
    would_not = sum(n <= 6 for n in numbers)

    assert tally("ten", *numbers).promoters == round(100 * (would - would_not) / len(numbers))


@given(st.sampled_from(["five", "ten"]), st.data())
def test_the_level_lies_between_the_ends_of_the_scale(kind, data):
    numbers = data.draw(FIVES if kind == "five" else TENS)
    low, high = SCALES[kind][0], SCALES[kind][-1]
    way = Decimal(100 * (sum(numbers) - low * len(numbers))) / (len(numbers) * (high - low))

    assert tally(kind, *numbers).level == int(rounded(way, "1"))
    assert 0 <= tally(kind, *numbers).level <= 100


@given(FIVES)
def test_every_answer_stands_in_the_bars_once(numbers):
    bars = tally("five", *numbers).bars()

    assert [place for place, _n, _share in bars] == [1, 2, 3, 4, 5]
    assert sum(n for _place, n, _share in bars) == len(numbers)


@given(FIVES)
def test_the_level_of_one_question_is_the_level_of_its_topic(numbers):
    counts = [count(number) for number in numbers]

    assert by_topic(counts)["tour"].value == by_line(counts)[1].level


@pytest.mark.parametrize(
    "kind,numbers,mean,level,good,promoters",
    [
        ("five", (5,), "5.00", 100, 100, None),
        ("five", (1,), "1.00", 0, 0, None),
        ("five", (4, 4, 3), "3.67", 67, 67, None),
        ("five", (4, 5), "4.50", 88, 100, None),
        ("ten", (10, 9), "9.50", 95, 100, 100),
        ("ten", (0,), "0.00", 0, 0, -100),
        ("ten", (7, 8), "7.50", 75, 0, 0),
        ("ten", (6, 9), "7.50", 75, 50, 0),
    ],
)
def test_scores_as_a_person_would_count_them(kind, numbers, mean, level, good, promoters):
    one = tally(kind, *numbers)

    assert (str(one.mean), one.level, one.good, one.promoters) == (mean, level, good, promoters)


def test_nothing_answered_is_nothing_and_not_nought():
    one = Tally("five", {})

    assert (one.mean, one.level, one.good, one.promoters, one.total, one.is_weak) == (
        None,
        None,
        None,
        None,
        0,
        False,
    )


@pytest.mark.parametrize("kind", ["one", "several"])
def test_choices_have_no_mean(kind):
    one = tally(kind, 0, 0, 1)

    assert (one.mean, one.level, one.good, one.promoters) == (None, None, None, None)
    assert [(place, n) for place, n, _share in one.bars(3)] == [(0, 2), (1, 1), (2, 0)]


def test_shares_of_several_choices_are_of_the_people_who_answered():
    counts = [count(chosen=(0, 2), kind="several", times=3), count(chosen=(2,), kind="several")]

    assert by_line(counts)[1].total == 4
    assert by_line(counts)[1].bars(4) == [(0, 3, 75), (1, 0, 0), (2, 4, 100), (3, 0, 0)]


@pytest.mark.parametrize("answers,weak", [(ENOUGH - 1, False), (ENOUGH, True)])
def test_too_few_answers_name_no_weak_point(answers, weak):
    one = tally("five", *([2] * answers))

    assert one.is_enough == weak and one.is_weak == weak


@pytest.mark.parametrize("numbers,level,weak", [((4, 4, 4, 4, 3), 70, False), ((4, 4, 4, 3, 3), 65, True)])
def test_a_weak_point_lies_below_seventy(numbers, level, weak):
    one = tally("five", *numbers)

    assert WEAK == 70 and one.level == level and one.is_weak == weak


def test_scales_of_both_kinds_weigh_the_same_in_a_topic():
    levels = by_topic([count(5, times=3), count(0, kind="ten", line=2)])

    assert levels["tour"].value == 75
    assert levels["tour"].total == 4
    assert levels["tour"].lines == {1, 2}


def test_hosts_are_told_apart_and_nobody_is_not_a_host():
    levels = by_host([count(5, host=1), count(1, host=2), count(3, host=None)])

    assert {host: level.value for host, level in levels.items()} == {1: 100, 2: 0}


def test_words_and_choices_do_not_weigh_in_a_topic():
    assert by_topic([count(chosen=(0,), kind="one")]) == {}


def test_a_level_of_nothing_has_no_value():
    assert Level().value is None and not Level().is_enough and not Level().is_weak


def test_a_topic_is_weak_as_a_question_is():
    weak = by_topic([count(2, times=ENOUGH)])["tour"]
    few = by_topic([count(2, times=ENOUGH - 1)])["tour"]

    assert weak.is_weak and not few.is_weak and not few.is_enough


def test_equal_answers_that_were_counted_apart_are_counted_together():
    parts = [count(4, host=1, times=2), count(4, host=2, times=3), count(5, host=1)]

    assert dict(by_line(parts)[1].counts) == {4: 5, 5: 1} and by_line(parts)[1].total == 6
