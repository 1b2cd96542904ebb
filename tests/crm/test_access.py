"""The archive's doors: customers of one's campuses, present ones, and everything that hangs on them."""
from datetime import date

import pytest

from audit.models import Entry
from crm.access import (
    calendar_for_change,
    customer_for,
    customers,
    days_for,
    family_seen,
    guardian_for,
    merge_for,
    promotion_for,
    run_for,
)
from crm.duplicates import merge
from crm.models import Customer, Guardian, ImportRun, Promotion
from crm.opening import work_calendar
from crm.timetable import add_days, go_own_way
from tenancy.models import Campus
from tenancy.refusals import Absent, Forbidden, Refused
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member


@pytest.fixture
def miao(school, head):
    """A family in each of two campuses, and a member of the second."""
    school.head = head
    with tenant_scope(school):
        school.east, school.west = Campus.objects.get(), Campus.objects.create(code="west", name="西园")
        school.mine = makers.family("西园孩", "13800138002", at=school.west)
        school.theirs = makers.family("东园孩", "13800138001", at=school.east)
    school.western = make_member(school, "head", "西", [school.west])
    with tenant_scope(school):
        yield school


def test_customers_are_those_of_ones_campuses(miao):
    assert list(customers(miao.western)) == [miao.mine]
    assert set(customers(miao.head)) == {miao.mine, miao.theirs}


def test_who_may_not_look_has_no_customers(miao):
    miao.western.is_active = False
    with pytest.raises(Forbidden):
        customers(miao.western)


def test_one_customer_by_number_or_not_at_all(miao, now):
    assert customer_for(miao.western, miao.mine.pk) == miao.mine == customer_for(miao.western, str(miao.mine.pk))
    Customer.objects.filter(pk=miao.mine.pk).update(deleted_at=now)
    for pk in (miao.theirs.pk, miao.mine.pk, 10**12, "abc", None):
        with pytest.raises(Absent):
            customer_for(miao.western, pk)


@pytest.mark.parametrize(("role", "right"), [("teacher", "crm.change"), ("frontdesk", "crm.delete"), ("inspector",
        "crm.log"), ("marketing", "crm.money")])
def test_the_right_is_asked_first(school, miao, role, right):
    member = type(miao.head)(tenant_id=school.pk, role=role, name="x", user_id=miao.head.user_id)
    member.confine([])
    with pytest.raises(Forbidden):
        customer_for(member, miao.mine.pk, right)


def test_opening_a_family_counts_each_child(miao):
    family_seen(miao.head, miao.mine.pk)

    assert list(Entry.objects.values_list("verb", "object_id")) == [("crm.child_viewed",
            miao.mine.family.children.get().pk)]


def test_a_family_that_is_not_there_is_not_counted(miao):
    with pytest.raises(Absent):
        family_seen(miao.western, miao.theirs.pk)

    assert not Entry.objects.exists()


def test_a_guardian_is_reached_through_the_family(miao):
    mine, theirs = (Guardian.objects.get(family__customer=c) for c in (miao.mine, miao.theirs))

    assert guardian_for(miao.western, mine.pk, "crm.reveal") == mine
    with pytest.raises(Absent):
        guardian_for(miao.western, theirs.pk, "crm.reveal")


def test_an_import_is_of_its_campus(miao):
    mine, theirs = (ImportRun.objects.create(kind="roster", filename="x", campus=campus) for campus in (miao.west,
            miao.east))

    assert run_for(miao.western, mine.pk) == mine and run_for(miao.head, theirs.pk) == theirs
    with pytest.raises(Absent):
        run_for(miao.western, theirs.pk)


def test_a_promotion_is_of_its_campus(miao, now):
    mine, theirs = (Promotion.objects.create(campus=campus, on=now.date()) for campus in (miao.west, miao.east))

    assert promotion_for(miao.western, mine.pk) == mine
    with pytest.raises(Absent):
        promotion_for(miao.western, theirs.pk)


def test_a_merge_is_of_the_survivors_campus(miao, now):
    second = makers.family("西园孩二", "13800138003", at=miao.west)
    made = merge(miao.mine, second, take=[], by=miao.head, at=now)

    assert merge_for(miao.western, made.pk) == made
    Customer.objects.filter(pk=miao.mine.pk).update(campus=miao.east)
    with pytest.raises(Absent):
        merge_for(miao.western, made.pk)


# -- the 园历 -------------------------------------------------------------------------------------------------------------------
def test_the_schools_calendar_is_changed_by_who_sees_all_campuses(miao):
    assert calendar_for_change(miao.head, None) == work_calendar()


def test_a_campus_that_follows_has_no_calendar_to_change(miao):
    with pytest.raises(Refused) as refusal:
        calendar_for_change(miao.head, makers.campus())

    assert refusal.value.code == "not_parted"


def test_who_works_for_one_campus_changes_its_own_calendar_only(school):
    with tenant_scope(school):
        campus = makers.campus()
    keeper = make_member(school, "supervisor", campuses=[campus])
    with tenant_scope(school):
        own = go_own_way(campus, by=keeper)

        assert calendar_for_change(keeper, campus) == own
        with pytest.raises(Forbidden):
            calendar_for_change(keeper, None)


@pytest.mark.parametrize("role", ["frontdesk", "teacher", "agent", "planner", "relations", "marketing", "operations",
        "inspector"])
def test_who_keeps_no_calendar_changes_none(school, role):
    member = make_member(school, role)

    with tenant_scope(school), pytest.raises(Forbidden):
        calendar_for_change(member, None)


def test_special_days_of_another_campus_are_not_there(school):
    with tenant_scope(school):
        east = Campus.objects.create(code="east", name="东园")
    keeper = make_member(school, "supervisor", campuses=[east])
    with tenant_scope(school):
        day = date(2026, 12, 24)
        row = add_days(work_calendar(), first=day, last=day, kind="closure", name="", hours="", by=keeper)
        own = add_days(go_own_way(east, by=keeper), first=day, last=day, kind="closure", name="", hours="", by=keeper)

        assert days_for(keeper, own.pk) == own
        with pytest.raises(Absent):
            days_for(keeper, row.pk)
