"""合并 and 拆开 by every kind of row: what moves, what stays, what comes back, also after later work."""
from datetime import date

import pytest

from crm.duplicates import CHOICES, merge, undo
from crm.models import (
    Assessment,
    Attendance,
    Child,
    Concern,
    Consent,
    Customer,
    CustomerType,
    Enrolment,
    Guardian,
    IntentRating,
    LessonPackage,
    Merge,
    Payment,
    Referral,
    Satisfaction,
    TimelineEntry,
)
from crm.queries import search
from tenancy.models import Campus
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers

DAY = date(2026, 9, 1)


@pytest.fixture
def miao(school, head):
    """Two families of different people with different numbers."""
    with tenant_scope(school):
        school.head = head
        school.first = makers.family("周小满", "13800138001", date(2024, 9, 1), guardian="罗女士")
        school.second = makers.family("周小树", "13800138002", date(2025, 9, 1), guardian="周先生",
                born_on=date(2023, 1, 1))
        yield school


FACTS = {
    Payment: lambda c: makers.payment(c, 100, DAY), TimelineEntry: lambda c: makers.entry(c,
            on=DAY), Referral: lambda c: makers.referral(c, DAY),
    LessonPackage: lambda c: LessonPackage.objects.create(customer=c, course="钢琴", bought_on=DAY, bought=10),
    IntentRating: lambda c: IntentRating.objects.create(customer=c, rated_on=DAY, philosophy=3, teaching=3,
            co_education=3, eagerness=3, likelihood=3),
    Assessment: lambda c: Assessment.objects.create(customer=c, about="credit", assessed_on=DAY, score=4),
    Satisfaction: lambda c: Satisfaction.objects.create(customer=c, answered_on=DAY, score=5),
    Concern: lambda c: Concern.objects.create(customer=c, kind="complaint", opened_at=makers.at_noon(DAY), text="x"),
}


def owner_of(row):
    row.refresh_from_db()
    return row.referrer_id if isinstance(row, Referral) else row.customer_id


@pytest.mark.parametrize("model", FACTS, ids=lambda m: m.__name__)
def test_every_kind_of_fact_goes_with_the_survivor_and_comes_back(miao, now, model):
    row = FACTS[model](miao.second)
    made = merge(miao.first, miao.second, take=[], by=miao.head, at=now)
    moved = owner_of(row)
    undo(made, by=miao.head, at=now)

    assert (moved, owner_of(row)) == (miao.first.pk, miao.second.pk)


@pytest.mark.parametrize("model", FACTS, ids=lambda m: m.__name__)
def test_what_the_survivor_had_stays_and_what_came_later_too(miao, now, model):
    before = FACTS[model](miao.first)
    made = merge(miao.first, miao.second, take=[], by=miao.head, at=now)
    kept = Customer.objects.get(pk=miao.first.pk)
    later = makers.referral(kept, date(2026, 10, 1), phone="13700137000") if model is Referral else FACTS[model](kept)
    undo(made, by=miao.head, at=now)

    assert (owner_of(before), owner_of(later)) == (miao.first.pk, miao.first.pk)


def test_people_join_the_surviving_family_and_leave_it_again(miao, now):
    made = merge(miao.first, miao.second, take=[], by=miao.head, at=now)
    joined = [sorted(model.objects.filter(family__customer=miao.first).values_list("name",
            flat=True)) for model in (Child, Guardian)]
    undo(made, by=miao.head, at=now)
    apart = [sorted(model.objects.filter(family__customer=miao.first).values_list("name",
            flat=True)) for model in (Child, Guardian)]

    assert (joined, apart) == ([["周小树", "周小满"], ["周先生", "罗女士"]], [["周小满"], ["罗女士"]])


@pytest.mark.parametrize("field", CHOICES)
def test_a_chosen_value_is_taken_and_given_back(miao, now, field):
    west = Campus.objects.create(code="west", name="西园")
    Customer.objects.filter(pk=miao.second.pk).update(campus=west, owner=miao.head, source="小红书")
    values = [getattr(Customer.objects.get(pk=c.pk), field) for c in (miao.first, miao.second)]
    made = merge(miao.first, miao.second, take=[field], by=miao.head, at=now)
    taken = getattr(Customer.objects.get(pk=miao.first.pk), field)
    undo(made, by=miao.head, at=now)

    assert taken == values[1] != values[0]
    assert [getattr(Customer.objects.get(pk=c.pk), field) for c in (miao.first, miao.second)] == values


@pytest.mark.parametrize("field", ["version", "deleted_at", "nonsense", ""])
def test_no_other_field_can_be_taken(miao, now, field):
    before = Customer.objects.values_list("name", "external_ref", "since").get(pk=miao.first.pk)
    merge(miao.first, miao.second, take=[field], by=miao.head, at=now)

    assert Customer.objects.values_list("name", "external_ref", "since").get(pk=miao.first.pk) == before


def test_the_search_finds_the_survivor_by_everybodys_names(miao, now):
    made = merge(miao.first, miao.second, take=[], by=miao.head, at=now)
    merged = [list(search(Customer.objects.present(), words)) for words in ("zxs", "周先生", "8002", "zxm")]
    undo(made, by=miao.head, at=now)

    assert merged == [[miao.first]] * 4
    assert list(search(Customer.objects.present(), "zxs")) == [miao.second]


def test_a_referral_between_the_two_becomes_no_referral_of_oneself(miao, now):
    referral = makers.referral(miao.first, DAY)
    Referral.objects.filter(pk=referral.pk).update(referred=miao.second)
    merge(miao.first, miao.second, take=[], by=miao.head, at=now)
    referral.refresh_from_db()

    assert (referral.referrer_id, referral.referred_id) == (miao.first.pk, miao.second.pk)


# -- the same child in both -----------------------------------------------------------------------------------------------------
@pytest.fixture
def twice(miao):
    """The same child in both families: (of the survivor, of the other)."""
    Child.objects.filter(family__customer=miao.second).update(name="周小满", born_on=date(2021, 5, 1))
    return tuple(Child.objects.get(family__customer=c) for c in (miao.first, miao.second))


def test_the_same_child_stands_in_the_family_once_with_all_its_days(miao, twice, now):
    mine, theirs = twice
    Attendance.objects.create(child=theirs, day=DAY, status="leave")
    made = merge(miao.first, miao.second, take=[], by=miao.head, at=now)
    together = list(Child.objects.filter(family__customer=miao.first)), Attendance.objects.get().child_id, mine.enrolments.count()
    undo(made, by=miao.head, at=now)

    assert together == ([mine], mine.pk, 2)
    assert Attendance.objects.get().child_id == theirs.pk
    assert theirs.enrolments.count() == 1


def test_a_day_marked_in_both_stays_as_the_survivor_has_it(miao, twice, now):
    mine, theirs = twice
    Attendance.objects.create(child=mine, day=DAY, status="present")
    Attendance.objects.create(child=theirs, day=DAY, status="absent")
    merge(miao.first, miao.second, take=[], by=miao.head, at=now)

    assert list(Attendance.objects.filter(child=mine).values_list("status", flat=True)) == ["present"]


def test_a_stay_entered_in_both_is_one_stay(miao, twice, now):
    mine, theirs = twice
    Enrolment.objects.filter(child=theirs).update(from_on=date(2024, 9, 1))
    merge(miao.first, miao.second, take=[], by=miao.head, at=now)

    assert mine.enrolments.count() == 1


# -- refusals ---------------------------------------------------------------------------------------------------------------------
def test_who_is_gone_is_not_merged(miao, now):
    for gone in (miao.first, miao.second):
        Customer.objects.filter(pk=gone.pk).update(deleted_at=now)
        with pytest.raises(Refused, match="已经删除或合并过了"):
            merge(miao.first, miao.second, take=[], by=miao.head, at=now)
        Customer.objects.filter(pk=gone.pk).update(deleted_at=None)

    assert not Merge.objects.exists()


def test_two_types_are_not_merged(miao, now):
    kind = CustomerType.objects.create(code="alumni", name="校友", half="family")
    miao.second.type = kind
    miao.second.save()
    with pytest.raises(Refused, match="同一类型的两个不同家庭"):
        merge(miao.first, miao.second, take=[], by=miao.head, at=now)


def test_a_merge_is_undone_once(miao, now):
    made = merge(miao.first, miao.second, take=[], by=miao.head, at=now)
    undo(made, by=miao.head, at=now)
    with pytest.raises(Refused, match="已经撤销过了"):
        undo(made, by=miao.head, at=now)


def test_taken_apart_they_can_be_merged_the_other_way(miao, now):
    undo(merge(miao.first, miao.second, take=[], by=miao.head, at=now), by=miao.head, at=now)
    made = merge(Customer.objects.get(pk=miao.second.pk), Customer.objects.get(pk=miao.first.pk), take=[],
            by=miao.head, at=now)

    assert made.kept_id == miao.second.pk and list(Customer.objects.present()) == [miao.second]


def test_consent_goes_with_the_family(miao, now):
    Consent.objects.create(family=miao.second.family, notice_version="v1", granted=True, at=now)
    made = merge(miao.first, miao.second, take=[], by=miao.head, at=now)
    together = Consent.objects.get().family_id
    undo(made, by=miao.head, at=now)

    assert (together, Consent.objects.get().family_id) == (miao.first.family.pk, miao.second.family.pk)
