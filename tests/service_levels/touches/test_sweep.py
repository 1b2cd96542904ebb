"""应触达台账每夜一遍: what comes to be owed, what settles it, what is missed, what falls away."""
from datetime import date

import pytest

from crm.models import Anniversary, Child, Customer, Enrolment, EntryKind, TimelineEntry
from crm.opening import work_calendar
from crm.timetable import add_days
from notifications.models import Message
from service_levels.models import Touch, TouchRules
from service_levels.nightly import derive as derive_night
from service_levels.plans.book import Occasion
from service_levels.touches.sweep import remind, sweep
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member
from tests.service_levels.conftest import AT, DAY, ONE, at_risk, family, owe, owed, rated

MONDAY = DAY - 4 * ONE


# -- what comes to be owed -----------------------------------------------------------------------------------------------------
def test_who_is_to_be_won_back_is_owed_a_call_every_week(miao):
    customer = family(1, "D", "low")
    owe()

    assert owed(customer) == [("K29(a)", "2026-11-20")]
    assert (Touch.objects.get().label, Touch.objects.get().band, Touch.objects.get().opens_on) == ("D", "low", MONDAY)


def test_the_third_tier_is_owed_contact_every_month_and_news_of_the_child(miao):
    customer = family(1, "C", "low")
    owe()

    assert owed(customer) == [("K24(a)", "2026-11-30"), ("K24(b)", "2026-11-30"), ("K26(b)", "2026-12-31")]


def test_the_first_tier_is_owed_thanks_twice_a_year(miao):
    customer = family(1, "A", "low")
    owe()

    assert owed(customer) == [("K19(a)", "2026-12-31"), ("K19(b)", "2026-12-31")]
    assert {row.occasion for row in Touch.objects.all()} == {Occasion.THANKS}


def test_levels_one_to_three_are_owed_visits_and_the_fourth_none(other_school, on_the_day):
    with tenant_scope(other_school):
        rows = [rated(family(number), str(number), "svc-14") for number in range(1, 5)]
        owe()

        assert [[line for line, _due in owed(row)] for row in rows] == [["S9", "S11(c)"], ["S12(d)"], ["S13(d)"], []]


def test_a_second_night_owes_nothing_twice(miao):
    family(1, "D", "low")
    owe()

    assert sweep(DAY, at=AT) == 0
    assert sweep(DAY + ONE, at=AT) == 0
    assert Touch.objects.count() == 1


def test_the_next_week_is_owed_on_its_monday(miao):
    customer = family(1, "D", "low")
    owe()
    owe(DAY + 3 * ONE)

    assert owed(customer) == [("K29(a)", "2026-11-20"), ("K29(a)", "2026-11-27")]


@pytest.mark.parametrize(("since", "dues"), [(MONDAY + 2 * ONE, ["2026-11-20"]), (MONDAY + 3 * ONE, [])])
def test_a_plan_that_began_late_in_the_week_owes_from_the_next_one_on(miao, since, dues):
    customer = family(1, "D", "low")
    derive_night(since, at=AT)

    assert [due for _line, due in owed(customer)] == dues


def test_a_closed_friday_makes_it_due_on_thursday(miao, head):
    customer = family(1, "D", "low")
    add_days(work_calendar(), first=DAY, last=DAY, kind="closure", name="停电", hours="", by=head)
    owe(MONDAY)

    assert owed(customer) == [("K29(a)", "2026-11-19")]


def test_nights_that_were_slept_through_are_made_up_for(miao):
    customer = family(1, "D", "low")
    owe(DAY - 14 * ONE)
    owe(DAY)

    assert [due for _line, due in owed(customer)] == ["2026-11-06", "2026-11-13", "2026-11-20"]
    assert TouchRules.objects.get().swept_on == DAY


# -- days of the family's and of everybody's --------------------------------------------------------------------------------------
def test_a_birthday_is_owed_a_week_ahead(miao):
    customer = family(1, "C", "low", born_on=date(2022, 11, 27))
    owe()

    assert ("K26(a)", "2026-11-27") in owed(customer)
    touch = Touch.objects.get(line="K26(a)")
    assert (touch.about, touch.opens_on) == (f"child-{Child.objects.get().pk}", DAY)


def test_a_birthday_on_a_sunday_is_greeted_on_friday(miao):
    customer = family(1, "C", "low", born_on=date(2022, 11, 22))
    owe()

    assert ("K26(a)", "2026-11-20") in owed(customer)


def test_a_child_that_has_left_is_not_greeted(miao):
    customer = family(1, "C", "low", born_on=date(2022, 11, 27))
    Enrolment.objects.update(until_on=DAY - ONE)
    owe()

    assert not Touch.objects.filter(line="K26(a)", customer=customer).exists()


def test_every_child_has_a_birthday_of_its_own(miao):
    customer = family(1, "C", "low", born_on=date(2022, 11, 27))
    Child.objects.create(family=customer.family, name="妹妹", born_on=date(2024, 11, 27))
    owe()

    assert Touch.objects.filter(line="K26(a)").count() == 2


@pytest.mark.parametrize(("month", "day", "lunar"), [(11, 26, False), (10, 18, True)])
def test_a_day_of_the_familys_own_is_kept_by_the_sun_and_by_the_moon(miao, month, day, lunar):
    """26 November 2026 is the eighteenth of the tenth month."""
    customer = family(1, "A", "low")
    own = Anniversary.objects.create(family=customer.family, name="奶奶生日", month=month, day=day, lunar=lunar)
    owe()

    assert Touch.objects.get(line="K19(d)").about == f"day-{own.pk}"
    assert Touch.objects.get(line="K19(d)").due_on == date(2026, 11, 26)


def test_with_the_greeting_a_gift_of_its_own_is_owed_which_no_talk_settles(miao):
    customer = family(1, "A", "low")
    Anniversary.objects.create(family=customer.family, name="奶奶生日", month=11, day=26)
    owe()
    gift = Touch.objects.get(line="K19(e)")
    assert (gift.occasion, gift.due_on) == ("gift", date(2026, 11, 26))

    makers.entry(customer, "contact", date(2026, 11, 26))
    owe(date(2026, 11, 27))

    gift.refresh_from_db()
    assert (Touch.objects.get(line="K19(d)").kept_on, gift.kept_on) == (date(2026, 11, 26), None)


def test_who_has_told_no_day_is_greeted_on_the_day_the_child_came(miao):
    customer = family(1, "A", "low", since=date(2024, 11, 25))
    owe()

    assert Touch.objects.get(line="K19(d)").about == f"came-{customer.family.children.get().pk}"


def test_the_day_a_child_came_is_no_anniversary_in_its_first_year_nor_where_others_are_told(miao):
    first, other = family(1, "A", "low", since=DAY), family(2, "A", "low", since=date(2024, 11, 25))
    Anniversary.objects.create(family=other.family, name="结婚", month=5, day=1)
    owe()

    assert not Touch.objects.filter(line="K19(d)", customer__in=[first, other]).exists()


def test_festivals_of_the_school_are_greeted_before_the_holiday(miao):
    """元旦 2027 is a Friday off; the last open day before it is Thursday."""
    customer = family(1, "A", "low")
    owe(date(2026, 12, 28))

    assert ("K19(c)", "2026-12-31") in owed(customer)
    assert Touch.objects.get(line="K19(c)").about == "new-year"


def test_a_festival_that_is_not_chosen_is_not_greeted(miao):
    TouchRules.objects.create(festivals=["spring"])
    customer = family(1, "A", "low")
    owe(date(2026, 12, 28))

    assert not Touch.objects.filter(line="K19(c)", customer=customer).exists()


# -- what settles it -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["contact", "consultation", "visit"])
def test_any_real_contact_of_the_week_settles_it(miao, kind):
    customer = family(1, "D", "low")
    entry = makers.entry(customer, kind, MONDAY)
    owe()

    touch = Touch.objects.get()
    assert (touch.entry, touch.kept_on) == (entry, MONDAY)


@pytest.mark.parametrize(("kind", "channel", "day"), [
    ("note", "phone", DAY),
    ("event", "sign_in", DAY),
    ("complaint", "phone", DAY),
    ("contact", "sms", DAY),
    ("contact", "phone", MONDAY - ONE),
])
def test_what_is_no_talk_or_of_another_week_settles_nothing(miao, kind, channel, day):
    customer = family(1, "D", "low")
    row = makers.entry(customer, kind, day)
    TimelineEntry.objects.filter(pk=row.pk).update(channel=channel)
    owe()

    assert owed(customer) == [("K29(a)", "2026-11-20")]


def test_the_first_contact_counts(miao):
    customer = family(1, "D", "low")
    makers.entry(customer, on=DAY - ONE)
    first = makers.entry(customer, on=MONDAY)
    owe()

    assert Touch.objects.get().entry == first


def test_a_talk_before_the_birthday_is_no_birthday_greeting(miao):
    customer = family(1, "C", "low", born_on=date(2022, 11, 27))
    makers.entry(customer, on=DAY)
    owe()

    assert owed(customer) == [("K26(a)", "2026-11-27"), ("K26(b)", "2026-12-31")]
    makers.entry(customer, on=DAY + 7 * ONE)
    owe(DAY + 7 * ONE)
    assert owed(customer) == [("K26(b)", "2026-12-31")]


def test_a_contact_that_is_taken_back_is_owed_again(miao):
    customer = family(1, "D", "low")
    entry = makers.entry(customer, on=DAY)
    owe()
    entry.delete()

    assert owed(customer) == [("K29(a)", "2026-11-20")]


def test_a_call_that_came_late_settles_what_was_missed(miao):
    customer = family(1, "D", "low")
    owe()
    owe(DAY + 3 * ONE)
    makers.entry(customer, on=DAY + 3 * ONE)
    owe(DAY + 4 * ONE)

    assert owed(customer) == []
    assert [(row.missed_on is not None, row.kept_on) for row in Touch.objects.all()] == [(True, DAY + 3 * ONE), (False, DAY + 3 * ONE)]


# -- what is missed --------------------------------------------------------------------------------------------------------------
def test_what_was_not_done_stands_on_the_timeline_once(miao):
    customer = family(1, "D", "low")
    owe()
    owe(DAY + ONE)
    owe(DAY + 2 * ONE)

    broken = TimelineEntry.objects.get(customer=customer, kind=EntryKind.PROMISE_BROKEN)
    assert (broken.title, broken.text, broken.day) == ("没有按时联系", "每周问候，最晚 2026-11-20", DAY + ONE)
    assert Touch.objects.get(line="K29(a)", due_on=DAY).missed_on == DAY + ONE


def test_a_greeting_that_was_forgotten_is_only_noted(miao):
    customer = family(1, "C", "low", born_on=date(2022, 11, 20))
    owe()
    owe(DAY + ONE)

    entry = TimelineEntry.objects.get(customer=customer, title="错过了问候")
    assert (entry.kind, entry.text) == (EntryKind.NOTE, "孩子生日问候，送小礼物，最晚 2026-11-20")
    assert not TimelineEntry.objects.filter(kind=EntryKind.PROMISE_BROKEN).exists()


# -- what falls away ---------------------------------------------------------------------------------------------------------------
def test_another_plan_owes_other_things(miao):
    customer = family(1, "B", "low")
    owe()
    assert owed(customer) == [("K21(a)", "2026-11-30")]
    at_risk(customer, "high", since=DAY)
    owe(DAY + 3 * ONE)

    assert owed(customer) == [("K29(a)", "2026-11-27")]
    gone = Touch.objects.get(line="K21(a)")
    assert (gone.voided_on, gone.why, gone.missed_on) == (DAY + 3 * ONE, "方案换了，或者过去太久", None)


def test_what_both_plans_owe_stays_as_it_was(miao):
    """A at high risk keeps all that A is owed and adds what is to win back."""
    customer = family(1, "A", "low")
    owe()
    before = set(Touch.objects.values_list("pk", flat=True))
    at_risk(customer, "high", since=DAY)
    owe(DAY + 3 * ONE)

    assert before <= set(Touch.objects.open().values_list("pk", flat=True))
    assert "K29(a)" in [line for line, _due in owed(customer)]


def test_who_is_deleted_is_owed_nothing(miao):
    customer = family(1, "D", "low")
    owe()
    Customer.objects.update(deleted_at=AT)
    owe(DAY + ONE)

    assert owed(customer) == []


def test_what_nobody_has_done_for_two_months_is_given_up_and_stays_missed(miao):
    customer = family(1, "D", "low")
    owe()
    owe(DAY + ONE)
    owe(DAY + 61 * ONE)

    old = Touch.objects.get(due_on=DAY)
    assert (old.voided_on, old.missed_on) == (DAY + 61 * ONE, DAY + ONE)
    assert ("K29(a)", "2026-11-20") not in owed(customer)


# -- who hears of it ----------------------------------------------------------------------------------------------------------------
def test_in_the_morning_the_owner_hears_how_many(school, head, on_the_day):
    owner = make_member(school, "relations", "李老师")
    with tenant_scope(school):
        family(1, "D", "low", owner=owner)
        family(2, "D", "low", owner=owner)
        family(3, "D", "low")
        owe()

        assert remind(DAY, at=AT) == 1
        assert [(row.member, row.title) for row in Message.objects.filter(link="service/touches/")] == [(owner, "今天要联系 2 户")]
        assert remind(DAY + 3 * ONE, at=AT) == 1
        assert Message.objects.filter(title="今天要联系 2 户，有 2 件晚了").count() == 1


def test_nobody_is_reminded_on_a_closed_day_nor_twice(school, head, on_the_day):
    owner = make_member(school, "relations", "李老师")
    with tenant_scope(school):
        family(1, "D", "low", owner=owner)
        owe()

        assert remind(DAY + ONE, at=AT) == 0
        remind(DAY, at=AT)
        remind(DAY, at=AT)
        assert Message.objects.filter(link="service/touches/").count() == 1
