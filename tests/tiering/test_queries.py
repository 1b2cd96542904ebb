"""Reads of the tier engine: distributions, who referred under which tier, groups for the fairness check, who overrides."""
from collections import Counter
from datetime import date

import pytest

from crm.models import ClassGroup, Enrolment
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.tiering.steps import JUNE, SEPTEMBER, computed, published, scheme
from tiering.actions import approve_override, propose_override
from tiering.queries import (
    EVERYBODY,
    Who,
    began_on,
    distribution,
    fairness_groups,
    label_of,
    labels_now,
    referred_by_tier,
    stays,
    who_overrides,
)


@pytest.fixture
def miao(school, head, deputy):
    school.head, school.deputy = head, deputy
    with tenant_scope(school):
        school.west = Campus.objects.create(code="west", name="西园")
        school.rich = makers.family("周小满", "13800138001", date(2023, 9, 1))
        school.poor = makers.family("李小树", "13800138002", date(2025, 9, 1), at=school.west)
        makers.payment(school.rich, 30_000, date(2026, 3, 1))
        yield school


@pytest.mark.parametrize(("tier", "label"), [(0, "A"), (3, "D"), (None, ""), (4, ""), (99, "")])
def test_a_position_is_a_label_where_there_is_one(tier, label):
    assert label_of(("A", "B", "C", "D"), tier) == label


def test_a_distribution_counts_each_tier_of_a_batch_or_a_campus(miao, now):
    batch = computed(miao.head, now)

    assert distribution(batch) == [("A", 0), ("B", 1), ("C", 0), ("D", 1)]
    assert distribution(batch, miao.west.pk) == [("A", 0), ("B", 0), ("C", 0), ("D", 1)]
    assert distribution(batch, 10**9) == [(x, 0) for x in "ABCD"]


def test_the_not_yet_rated_are_in_no_distribution(miao, now):
    makers.family("新来的", "13900139000", since=date(2026, 9, 20))

    assert sum(n for _label, n in distribution(computed(miao.head, now))) == 2


def test_labels_of_nobody_are_none(miao, now):
    published(miao.head, miao.deputy, now)

    assert (labels_now([]), labels_now([10**9])) == ({}, {})
    assert labels_now([miao.rich.pk]) == {miao.rich.pk: "B"}


def test_tiering_began_with_the_first_published_batch(miao, now):
    computed(miao.head, now, date(2026, 3, 31))
    before = began_on()
    published(miao.head, miao.deputy, now, JUNE)
    published(miao.head, miao.deputy, now)

    assert (before, began_on()) == (None, JUNE)


# -- referrals ----------------------------------------------------------------------------------------------------------------
def test_a_referral_counts_for_the_tier_held_on_its_day(miao, now):
    published(miao.head, miao.deputy, now, JUNE)
    makers.entry(miao.rich, "transfer_signal", date(2026, 9, 1))
    published(miao.head, miao.deputy, now)
    for day, phone in ((date(2026, 5, 1), "13900139001"), (date(2026, 7, 1), "13900139002"),
            (date(2026, 10, 1), "13900139003")):
        makers.referral(miao.rich, day, date(2026, 10, 15), phone)

    assert referred_by_tier(SEPTEMBER, date(2026, 10, 31)) == Counter({"": 1, "B": 1, "D": 1})


def test_only_those_who_came_in_the_period_count(miao, now):
    for converted, phone in ((SEPTEMBER, "13900139001"), (date(2026, 10, 1), "13900139002"),
            (date(2026, 12, 31), "13900139003"),
                             (date(2027, 1, 1), "13900139004"), (None, "13900139005")):
        makers.referral(miao.rich, date(2026, 9, 1), converted, phone)

    assert sum(referred_by_tier(SEPTEMBER, date(2026, 12, 31)).values()) == 2


def test_doubtful_referrals_do_not_count(miao, now):
    referral = makers.referral(miao.rich, date(2026, 9, 1), date(2026, 10, 1))
    referral.counts = False
    referral.save()

    assert not referred_by_tier(SEPTEMBER, date(2026, 12, 31))


def test_referrals_of_a_campus_are_those_of_its_families(miao, now):
    makers.referral(miao.rich, date(2026, 9, 1), date(2026, 10, 1), "13900139001")
    makers.referral(miao.poor, date(2026, 9, 1), date(2026, 10, 1), "13900139002")

    assert [sum(referred_by_tier(SEPTEMBER, date(2026, 12, 31), who).values()) for who in (EVERYBODY,
            Who(campus=miao.west.pk), Who(campus=10**9))] == [2, 1, 0]


# -- whose figures --------------------------------------------------------------------------------------------------------------
def test_stays_are_of_whom_is_asked_about(miao, now):
    kind = miao.rich.type_id

    assert [len(stays(who).rows) for who in (EVERYBODY, Who(kind), Who(kind, miao.west.pk), Who(10**9))] == [2, 2, 1, 0]


def test_a_family_in_the_bin_has_no_stays(miao, now):
    type(miao.rich).objects.filter(pk=miao.rich.pk).update(deleted_at=now)

    assert len(stays().rows) == 1


# -- fairness -----------------------------------------------------------------------------------------------------------------------
def test_groups_are_by_campus_class_and_fee_policy(miao, now):
    group = ClassGroup.objects.create(campus=miao.rich.campus, name="小一班")
    Enrolment.objects.filter(child__family__customer=miao.rich).update(class_group=group)
    makers.payment(miao.poor, 100, date(2026, 5, 1), list_yuan=1000)
    found = fairness_groups(computed(miao.head, now))

    assert found == {"campus": {"本部": Counter(B=1), "西园": Counter(D=1)}, "class": {"小一班": Counter(B=1)},
                     "policy": {"full": Counter(B=1), "waived": Counter(D=1)}}


@pytest.mark.parametrize(("day", "waived"), [(date(2025, 9, 30), False), (date(2025, 10, 1), True), (SEPTEMBER, True),
        (date(2026, 10, 1), False)])
def test_a_waiver_counts_for_a_year(miao, now, day, waived):
    makers.payment(miao.poor, 100, day, list_yuan=1000)

    assert ("waived" in fairness_groups(computed(miao.head, now))["policy"]) is waived


def test_the_full_price_is_no_waiver(miao, now):
    makers.payment(miao.poor, 1000, date(2026, 5, 1), list_yuan=1000)

    assert set(fairness_groups(computed(miao.head, now))["policy"]) == {"full"}


# -- who overrides --------------------------------------------------------------------------------------------------------------------
def test_each_colleague_is_counted_with_what_was_approved_and_still_holds(miao, now):
    rows = [(miao.rich, miao.head, True), (miao.poor, miao.head, False), (miao.rich, miao.deputy, True)]
    for customer, by, approved in rows:
        made = propose_override(customer, scheme(), tier=0 if by == miao.head else 1, reason="园长亲自谈过",
                expires_on=date(2027, 6, 1), by=by, at=now)
        if approved:
            approve_override(made, by=miao.deputy if by == miao.head else miao.head, at=now)

    assert [(r["proposed_by__name"], r["proposed"], r["approved"],
            r["in_force"]) for r in who_overrides()] == [("head", 2, 1, 0), ("deputy", 1, 1, 1)]


def test_where_nobody_overrides_there_is_nobody_to_count(miao):
    assert who_overrides() == []
