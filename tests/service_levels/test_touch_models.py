"""Constraints of touches and their rules, as the database keeps them."""
import pytest
from django.db import IntegrityError, transaction

from service_levels.models import Touch, TouchRules
from tests import makers
from tests.service_levels.conftest import DAY, ONE, family


def touch(customer, **more) -> Touch:
    return Touch.objects.create(**{"customer": customer, "line": "K29(a)", "text": "每周问候", "occasion": "rhythm", "band": "low",
                                   "opens_on": DAY - 4 * ONE, "due_on": DAY} | more)


def refused(make) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    return str(caught.value)


def test_a_family_is_owed_a_thing_once(miao):
    customer = family(1)
    touch(customer)

    assert "touch_once" in refused(lambda: touch(customer))
    touch(customer, about="child-1")
    touch(customer, due_on=DAY + ONE)
    touch(family(2))


def test_nothing_is_due_before_its_time(miao):
    customer = family(1)

    assert "touch_opens_before_due" in refused(lambda: touch(customer, opens_on=DAY + ONE))


def test_what_is_kept_was_kept_on_a_day(miao):
    customer = family(1)

    assert "touch_kept_on_a_day" in refused(lambda: touch(customer, entry=makers.entry(customer, on=DAY)))


def test_open_is_what_has_neither_a_contact_nor_an_excuse(miao):
    customer = family(1)
    row = touch(customer)
    touch(customer, due_on=DAY + ONE, kept_on=DAY, entry=makers.entry(customer, on=DAY))
    touch(customer, due_on=DAY + 2 * ONE, voided_on=DAY)

    assert list(Touch.objects.open()) == [row]


@pytest.mark.parametrize(("opens", "due", "day", "shown"), [
    (-4, 0, 0, True),
    (-4, 0, 9, True),
    (0, 4, -1, False),
    (-60, 14, 0, True),
    (-60, 15, 0, False),
])
def test_it_is_shown_from_its_time_on_and_in_its_last_fortnight(miao, opens, due, day, shown):
    touch(family(1), opens_on=DAY + opens * ONE, due_on=DAY + due * ONE)

    assert Touch.objects.shown(DAY + day * ONE).exists() is shown


def test_late_is_what_is_open_after_its_day(miao):
    touch(family(1))

    assert (Touch.objects.late(DAY).exists(), Touch.objects.late(DAY + ONE).exists()) == (False, True)


def test_a_touch_names_itself(miao):
    row = touch(family(1))

    assert (str(row), row.get_occasion_display()) == ("2026-11-20 每周问候", "按节奏")


def test_a_school_has_one_set_of_rules(miao):
    TouchRules.objects.create(festivals=["spring"])

    assert "touch_rules_one" in refused(lambda: TouchRules.objects.create())
    assert str(TouchRules.objects.get()) == "2"


@pytest.mark.parametrize("most", [0, 8])
def test_a_household_is_called_once_to_seven_times_a_week(miao, most):
    assert "touch_rules_most" in refused(lambda: TouchRules.objects.create(most_a_week=most))
