"""积分: earned by the night once an event, given with a reason, spent on prizes, taken back, lapsed; never below nothing."""
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from crm.days import months_later
from crm.models import Customer
from service_levels import nightly
from service_levels.models import PointsEntry, Prize
from service_levels.points import booking
from tenancy.refusals import Forbidden, Refused
from tenancy.scope import tenant_scope
from tests.churn.conftest import AT, DAY
from tests.conftest import make_member
from tests.service_levels.conftest import family
from tests.service_levels.points.makers import entries, prize, rule, took_part, with_points

ONE = timedelta(days=1)


@pytest.fixture
def people(school, head):
    return {"head": head, "agent": make_member(school, "agent", "高敏"), "planner": make_member(school, "planner", "苏晴"),
            "inspector": make_member(school, "inspector")}


@pytest.fixture
def inside(school, people, on_the_day):
    with tenant_scope(school):
        yield people


@pytest.fixture
def home(inside):
    return family(1)


def refused(act, *args, at=AT, **more) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, at=at, **more)
    return caught.value


# -- earned ------------------------------------------------------------------------------------------------------------------------
def test_taking_part_earns_what_the_rule_says_until_it_lapses(home):
    rule(15, 6)
    took_part(home)

    assert booking.nightly(DAY, at=AT) == (1, 0)
    row = PointsEntry.objects.get()
    assert (row.points, row.on, row.last_on, row.words, row.by) == (15, DAY, date(2027, 5, 20), "秋季运动会", None)


def test_without_a_rule_nobody_earns_anything(home):
    took_part(home)

    assert booking.nightly(DAY, at=AT) == (0, 0)


def test_a_second_night_earns_nothing_more(home):
    rule()
    took_part(home)
    booking.nightly(DAY, at=AT)

    assert booking.nightly(DAY + ONE, at=AT) == (0, 0) and booking.balance(home.pk) == 10


def test_two_children_at_one_event_are_one_family(home):
    rule()
    took_part(home), took_part(home)

    assert booking.earn(DAY, at=AT) == 1


def test_two_events_of_a_day_are_two(home):
    rule()
    took_part(home), took_part(home, title="家长讲座")

    assert booking.earn(DAY, at=AT) == 2 and booking.balance(home.pk) == 20


@pytest.mark.parametrize(("on", "earned"), [(date(2026, 8, 31), 0), (date(2026, 9, 1), 1), (DAY, 1)])
def test_only_events_since_the_rule_earn(home, on, earned):
    rule()
    took_part(home, on)

    assert booking.earn(DAY, at=AT) == earned


def test_what_would_have_lapsed_already_is_not_earned(home):
    rule(months=1)
    took_part(home, date(2026, 10, 1))

    assert booking.earn(DAY, at=AT) == 0


def test_other_entries_of_the_timeline_earn_nothing(home):
    rule()
    row = took_part(home)
    type(row).objects.update(kind="contact")

    assert booking.earn(DAY, at=AT) == 0


def test_a_family_in_the_bin_earns_nothing(home):
    rule()
    took_part(home)
    Customer.objects.update(deleted_at=AT)

    assert booking.earn(DAY, at=AT) == 0


def test_what_was_taken_back_is_not_earned_again(home, inside):
    rule()
    took_part(home)
    booking.earn(DAY, at=AT)
    booking.take_back(PointsEntry.objects.get(), by=inside["planner"], at=AT)

    assert booking.earn(DAY, at=AT) == 0 and booking.balance(home.pk) == 0


def test_the_night_adds_them(home):
    rule()
    took_part(home)
    nightly.derive(DAY, at=AT)

    assert booking.balance(home.pk) == 10


def test_each_school_has_its_own(school, other_school, head, on_the_day):
    for tenant in (school, other_school):
        with tenant_scope(tenant):
            rule()
            took_part(family(1))
    with tenant_scope(school):
        assert booking.earn(DAY, at=AT) == 1
    with tenant_scope(other_school):
        assert PointsEntry.objects.count() == 0


# -- given -------------------------------------------------------------------------------------------------------------------------
def test_whoever_organises_gives_points_with_a_reason(home, inside):
    rule(months=3)
    row = booking.give(home, 30, " 帮忙布置教室 ", by=inside["planner"], at=AT)

    assert (row.kind, row.points, row.words, row.last_on, row.by) == ("given", 30, "帮忙布置教室", months_later(DAY, 3), inside["planner"])
    assert Entry.objects.filter(verb="service.points_given").count() == 1


def test_without_a_rule_what_is_given_does_not_lapse(home, inside):
    assert booking.give(home, 30, "x", by=inside["planner"], at=AT).last_on is None


def test_points_are_taken_away_as_far_as_there_are_any(home, inside):
    with_points(home, inside["planner"], 30)

    booking.give(home, -30, "记错了", by=inside["planner"], at=AT)

    assert booking.balance(home.pk) == 0
    assert refused(booking.give, home, -1, "再减", by=inside["planner"]).code == "too_few"


@pytest.mark.parametrize(("points", "words", "field"), [(10, " ", "words"), (0, "x", "points"), (1001, "x", "points"), (-1001, "x", "points")])
def test_what_makes_no_sense_is_said_at_its_field(home, inside, points, words, field):
    assert refused(booking.give, home, points, words, by=inside["planner"]).field == field


def test_who_organises_nothing_gives_nothing(home, inside):
    with pytest.raises(Forbidden):
        booking.give(home, 10, "x", by=inside["agent"], at=AT)


# -- spent -------------------------------------------------------------------------------------------------------------------------
def test_a_prize_is_handed_over_for_its_points(home, inside):
    with_points(home, inside["planner"])
    book = prize(20, stock=3)

    row = booking.redeem(home, book, by=inside["agent"], at=AT)

    assert (row.points, row.words, row.prize) == (-20, "绘本", book) and booking.balance(home.pk) == 30
    assert Prize.objects.get().stock == 2


def test_points_that_do_not_reach_are_told_with_both_figures(home, inside):
    with_points(home, inside["planner"], 19)

    no = refused(booking.redeem, home, prize(20), by=inside["agent"])

    assert no.code == "too_few" and no.message == "积分不够：还有 19 分，要 20 分。" and entries(home) == [("given", 19)]


@pytest.mark.parametrize(("stock", "is_on", "code"), [(0, True, "no_stock"), (3, False, "no_stock"), (None, False, "off")])
def test_a_prize_that_is_not_there_takes_no_points(home, inside, stock, is_on, code):
    with_points(home, inside["planner"])
    book = prize(20, stock)
    Prize.objects.update(is_on=is_on)

    assert refused(booking.redeem, home, book, by=inside["agent"]).code == code and booking.balance(home.pk) == 50


def test_without_a_limit_there_are_always_more(home, inside):
    with_points(home, inside["planner"])
    for _n in range(2):
        booking.redeem(home, prize(20) if not Prize.objects.exists() else Prize.objects.get(), by=inside["agent"], at=AT)

    assert booking.balance(home.pk) == 10 and Prize.objects.get().stock is None


def test_who_talks_to_no_families_hands_over_nothing(home, inside):
    with pytest.raises(Forbidden):
        booking.redeem(home, prize(), by=inside["inspector"], at=AT)


# -- taken back --------------------------------------------------------------------------------------------------------------------
def test_a_prize_that_came_back_gives_the_points_back_and_stands_on_the_shelf(home, inside):
    with_points(home, inside["planner"])
    row = booking.redeem(home, prize(20, stock=1), by=inside["agent"], at=AT)

    made = booking.take_back(row, by=inside["agent"], at=AT)

    assert (made.kind, made.points, made.undoes) == ("undone", 20, row) and booking.balance(home.pk) == 50
    assert Prize.objects.get().stock == 1 and entries(home) == [("given", 50), ("spent", -20), ("undone", 20)]


def test_once(home, inside):
    with_points(home, inside["planner"])
    row = booking.redeem(home, prize(20), by=inside["agent"], at=AT)
    booking.take_back(row, by=inside["agent"], at=AT)

    assert refused(booking.take_back, row, by=inside["agent"]).code == "changed"


def test_nor_can_the_database_be_told_twice(home, inside):
    with_points(home, inside["planner"])
    row = PointsEntry.objects.get()
    booking.take_back(row, by=inside["planner"], at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        PointsEntry.objects.create(customer=home, kind="undone", points=-50, on=DAY, undoes=row, at=AT)


def test_points_that_were_spent_cannot_be_taken_back(home, inside):
    with_points(home, inside["planner"])
    given = PointsEntry.objects.get()
    booking.redeem(home, prize(20), by=inside["agent"], at=AT)

    assert refused(booking.take_back, given, by=inside["planner"]).code == "too_few"


def test_what_lapsed_or_was_taken_back_stays_so(home, inside):
    with_points(home, inside["planner"])
    made = booking.take_back(PointsEntry.objects.get(), by=inside["planner"], at=AT)

    assert "不能撤回" in refused(booking.take_back, made, by=inside["planner"]).message


def test_points_whose_day_is_over_need_no_taking_back(home, inside):
    rule(months=1)
    with_points(home, inside["planner"])

    no = refused(booking.take_back, PointsEntry.objects.get(), by=inside["planner"], at=AT + 40 * ONE)
    assert "已经过期了" in no.message


def test_who_only_hands_over_takes_no_points_back(home, inside):
    with_points(home, inside["planner"])

    with pytest.raises(Forbidden):
        booking.take_back(PointsEntry.objects.get(), by=inside["agent"], at=AT)


# -- lapsed ------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def old(home, inside):
    """Fifty points that lapse on 20 December, twenty of them spent, and ten that never do."""
    rule(months=1)
    with_points(home, inside["planner"])
    booking.redeem(home, prize(20), by=inside["agent"], at=AT)
    PointsEntry.objects.create(customer=home, kind="given", points=10, on=DAY, at=AT, words="x")
    return home


def test_on_their_last_day_points_are_still_there(old):
    assert booking.lapse(date(2026, 12, 20), at=AT) == 0 and booking.balance(old.pk) == 40


def test_the_night_after_it_what_nobody_spent_is_gone(old):
    assert booking.lapse(date(2026, 12, 21), at=AT) == 1

    assert booking.balance(old.pk) == 10 and entries(old)[-1] == ("lapsed", -30)


def test_a_second_night_takes_nothing_more(old):
    booking.lapse(date(2026, 12, 21), at=AT)

    assert booking.lapse(date(2026, 12, 22), at=AT) == 0 and booking.balance(old.pk) == 10


def test_a_prize_that_came_back_too_late_lapses_with_its_points(old, inside):
    booking.lapse(date(2026, 12, 21), at=AT)
    booking.take_back(PointsEntry.objects.get(kind="spent"), by=inside["agent"], at=AT)
    assert booking.balance(old.pk) == 30

    booking.lapse(date(2026, 12, 22), at=AT)

    assert booking.balance(old.pk) == 10


def test_the_ledger_and_the_sum_agree_after_everything(old, inside):
    booking.lapse(date(2026, 12, 21), at=AT)
    booking.take_back(PointsEntry.objects.get(kind="spent"), by=inside["agent"], at=AT)
    booking.give(old, 5, "x", by=inside["planner"], at=AT)

    assert sum(line.points for line in PointsEntry.objects.filter(customer=old).lines()) == booking.balance(old.pk)
