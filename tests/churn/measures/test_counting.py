"""Tallies of families before and after: windows, who is compared with whom, and what each figure counts."""
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from churn.cases.working import End, close
from churn.measures.counting import Sides, Window, sides, tallies, windows
from churn.measures.indicators import Tally
from churn.measures.working import decide
from churn.models import Measure
from crm.models import Child, ClassGroup, Enrolment, Satisfaction
from tenancy.models import Campus
from tests import makers
from tests.churn.cases.conftest import leave, opened
from tests.churn.conftest import AT, DAY, ONE, home
from tests.churn.measures.makers import measure

FIRST, LAST = DAY - 30 * ONE, DAY - ONE
WINDOW = Window(FIRST, LAST)


@pytest.fixture
def west(miao):
    return Campus.objects.create(code="west", name="西园")


@pytest.fixture
def main(miao):
    return Campus.objects.get(code="main")


def counted(where: Sides, window: Window = WINDOW):
    return tallies(where, window, satisfied=4)


def alone(main, **figures) -> Tally:
    """What the families of the main campus come to, said by its figures that are not zero."""
    found, beside = counted(Sides([main.pk]))
    assert beside is None and found == Tally(**figures)
    return found


# -- windows -----------------------------------------------------------------------------------------------------------------------
def test_equally_many_days_before_and_since():
    assert windows(date(2026, 11, 1), 90, date(2026, 11, 11)) == (Window(date(2026, 10, 22), date(2026, 10, 31)),
            Window(date(2026, 11, 1), date(2026, 11, 10)))


@given(start=st.dates(date(2020, 1, 1), date(2030, 1, 1)), span=st.integers(14, 366), since=st.integers(-9, 900))
def test_windows_touch_are_equally_long_and_over(start, span, since):
    today = start + since * ONE
    found = windows(start, span, today)

    assert (found is None) == (since < 1)
    if found is not None:
        before, after = found
        assert before.last + ONE == after.first == start and after.last < today
        assert (before.last - before.first) == (after.last - after.first)
        assert (after.last - after.first).days + 1 == min(span, since)


# -- what is counted ---------------------------------------------------------------------------------------------------------------
def test_a_family_that_stays_and_says_nothing_is_loyal_and_no_more(main):
    home(1)

    alone(main, start=1, end=1, loyal=1)


def test_who_paid_again_and_is_still_here_has_renewed(main):
    makers.payment(home(1), 100, FIRST)
    makers.payment(home(2), 100, FIRST - ONE)
    makers.payment(home(3), -100, FIRST + ONE)

    alone(main, start=3, end=3, loyal=3, renewed=1)


def test_a_kind_of_fee_that_does_not_count_renews_nothing(main):
    paid = makers.payment(home(1), 100, FIRST, kind="押金")
    paid.fee_kind.counts = False
    paid.fee_kind.save()

    alone(main, start=1, end=1, loyal=1)


def test_who_left_is_counted_as_having_left_and_not_as_renewed(main):
    makers.payment(leave(home(1), LAST - ONE), 100, FIRST)
    home(2)

    alone(main, start=2, end=1, loyal=1, left=1)


@pytest.mark.parametrize("outcome", ["graduated", "aged_out", "moved", "policy", "campus"])
def test_who_left_naturally_is_taken_out_of_the_start(main, outcome):
    leave(home(1), LAST - ONE, outcome)
    home(2)

    alone(main, start=1, end=1, loyal=1)


def test_a_case_that_was_found_natural_counts_like_an_outcome(main, head, on_the_day):
    case = opened(leave(home(1), LAST - ONE, ""), head)
    close(case, End("natural", natural="moved", left_on=LAST - ONE), by=head, at=AT)

    alone(main)


def test_the_last_day_of_attendance_still_counts_as_here(main):
    leave(home(1), LAST)

    alone(main, start=1, end=1, loyal=1)


def test_who_came_in_between_is_at_the_end_and_not_at_the_start(main):
    makers.family("新", "13900000001", since=FIRST + 3 * ONE)

    alone(main, end=1)


def test_who_came_and_left_in_between_is_neither(main):
    leave(makers.family("新", "13900000001", since=FIRST + 3 * ONE), FIRST + 9 * ONE)

    alone(main)


def test_speaking_of_leaving_is_no_loyalty(main):
    makers.entry(home(1), "transfer_signal", FIRST)
    makers.entry(home(2), "transfer_signal", FIRST - ONE)

    alone(main, start=2, end=2, loyal=1)


def test_a_recommendation_counts_once_a_family_and_a_doubtful_one_not(main):
    twice, doubtful = home(1), home(2)
    makers.referral(twice, FIRST)
    makers.referral(twice, LAST, phone="13900139001")
    row = makers.referral(doubtful, FIRST, phone="13900139002")
    row.counts = False
    row.save()

    alone(main, start=2, end=2, loyal=2, referred=1)


def test_the_last_answer_of_the_period_says_whether_a_family_is_satisfied(main):
    one, other = home(1), home(2)
    for customer, day, score in ((one, FIRST, 5), (one, LAST, 3), (other, FIRST, 4), (other, FIRST - ONE, 1),
            (home(3), DAY, 5)):
        Satisfaction.objects.create(customer=customer, answered_on=day, score=score)

    alone(main, start=3, end=3, loyal=3, answered=2, satisfied=1)


def test_families_in_the_bin_are_not_counted(main):
    gone = home(1)
    gone.deleted_at = AT
    gone.save()

    alone(main)


def test_a_second_child_that_stays_keeps_the_family(main):
    family = leave(home(1), LAST - ONE)
    sister = Child.objects.create(family=family.family, name="妹")
    Enrolment.objects.create(child=sister, campus=main, from_on=FIRST - ONE)

    alone(main, start=1, end=1, loyal=1)


def test_moving_on_to_the_next_class_is_no_leaving(main):
    family = leave(home(1), FIRST + ONE, "promoted")
    child = Child.objects.get(family__customer=family)
    Enrolment.objects.create(child=child, campus=main, from_on=FIRST + 2 * ONE)

    alone(main, start=1, end=1, loyal=1)


# -- beside whom -------------------------------------------------------------------------------------------------------------------
def test_two_campuses_are_told_apart(main, west):
    home(1)
    makers.family("西一", "13900000001", at=west)
    leave(makers.family("西二", "13900000002", at=west), LAST - ONE)

    assert counted(Sides([main.pk], None, [west.pk])) == (Tally(start=1, end=1, loyal=1),
            Tally(start=2, end=1, loyal=1, left=1))


def test_a_family_with_a_child_on_each_side_belongs_to_the_measure(main, west):
    family = home(1)
    Enrolment.objects.create(child=Child.objects.create(family=family.family, name="妹"), campus=west, from_on=FIRST - ONE)

    assert counted(Sides([main.pk], None, [west.pk])) == (Tally(start=1, end=1, loyal=1), Tally())
    assert counted(Sides([west.pk], None, [main.pk])) == (Tally(start=1, end=1, loyal=1), Tally())


def test_two_classes_of_a_campus_are_told_apart_and_who_has_none_is_left_out(main):
    sun, moon = (ClassGroup.objects.create(campus=main, name=name) for name in ("太阳", "月亮"))
    for number, group in ((1, sun), (2, moon), (3, None)):
        Enrolment.objects.filter(child__family__customer=home(number)).update(class_group=group)

    assert counted(Sides([main.pk], [sun.pk], [main.pk], [moon.pk])) == (Tally(start=1, end=1, loyal=1),
            Tally(start=1, end=1, loyal=1))


def seen(row) -> Sides:
    """Beside whom it is counted over ninety days before and since."""
    return sides(row, windows(row.starts_on, 90, row.starts_on + 90 * ONE))


def test_a_measure_of_the_whole_school_has_nobody_beside_it(main, west, head, on_the_day):
    found = seen(measure(head, DAY))

    assert (sorted(found.campuses), found.others, found.beside) == (sorted([main.pk, west.pk]), (), "")


def test_a_campus_is_compared_with_the_others(main, west, head, on_the_day):
    found = seen(measure(head, DAY, campus=main))

    assert (list(found.campuses), list(found.others), found.beside) == ([main.pk], [west.pk], "西园")


def test_a_class_is_compared_with_the_other_classes_of_its_campus(main, west, head, on_the_day):
    sun, moon = (ClassGroup.objects.create(campus=main, name=name) for name in ("太阳", "月亮"))
    ClassGroup.objects.create(campus=west, name="星星")
    found = seen(measure(head, DAY, class_group=sun))

    assert (found.campuses, found.classes, found.others, found.other_classes, found.beside) == ([main.pk], [sun.pk],
            [main.pk], [moon.pk], "月亮")


def test_a_class_that_is_alone_has_nobody_beside_it(main, head, on_the_day):
    found = seen(measure(head, DAY, class_group=ClassGroup.objects.create(campus=main, name="太阳")))

    assert (found.others, found.beside) == ([], "")


@pytest.mark.parametrize(("days", "compared"), [
    (-91, True),
    (-90, False),
    (-1, False),
    (0, False),
    (89, False),
    (90, True),
])
def test_where_another_measure_for_the_same_thing_began_on_these_days_is_no_comparison(main, west, head, on_the_day, days,
        compared):
    mine = measure(head, DAY, campus=main)
    Measure.objects.filter(pk=measure(head, DAY, campus=west).pk).update(starts_on=DAY + days * ONE, due_on=DAY + 99 * ONE)

    assert list(seen(mine).others) == ([west.pk] if compared else [])


def test_what_was_decided_since_was_a_change_all_the_same(main, west, head, on_the_day):
    mine, other = measure(head, DAY, campus=main), measure(head, DAY, campus=west)
    decide(other, "stopped", lesson="x", by=head, at=AT)

    assert list(seen(mine).others) == []


def test_another_indicator_is_no_change_and_a_measure_of_the_whole_school_is_one_everywhere(main, west, head, on_the_day):
    mine = measure(head, DAY, campus=main)
    measure(head, DAY, campus=west, indicator="referral")
    free = seen(mine)
    measure(head, DAY)

    assert list(free.others) == [west.pk]
    assert (list(seen(mine).others), seen(mine).beside) == ([], "")


def test_classes_are_no_comparison_while_their_campus_or_the_school_changes(main, head, on_the_day):
    sun, moon = (ClassGroup.objects.create(campus=main, name=name) for name in ("太阳", "月亮"))
    mine = measure(head, DAY, class_group=sun)
    free = seen(mine)
    measure(head, DAY, campus=main)

    assert (list(free.others), free.other_classes) == ([main.pk], [moon.pk])
    assert list(seen(mine).others) == []
