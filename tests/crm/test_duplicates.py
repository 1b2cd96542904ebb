"""Duplicates are found, merged field by field, and taken apart again, also after later edits."""
from datetime import date

import pytest

from crm.duplicates import candidates, merge, not_duplicate, undo
from crm.models import Attendance, Child, Consent, Customer, CustomerType, Enrolment, Guardian, Payment, TimelineEntry
from crm.queries import search
from tenancy.refusals import Refused
from tenancy.scope import tenant_scope
from tests import makers


@pytest.fixture
def pair(school, head):
    with tenant_scope(school):
        first = makers.family("鲁知远", "15052992312", date(2024, 9, 1), born_on=date(2021, 6, 18))
        second = makers.family("鲁之远", "15052992312", date(2025, 9, 1), born_on=date(2021, 6, 18))
        makers.family("别家孩", "13900139000")
        makers.payment(second, 800, date(2026, 1, 5))
        makers.entry(second)
        makers.referral(second, date(2026, 3, 1))
    return first, second


def test_a_shared_phone_and_a_shared_sound_are_reasons(school, head, pair):
    with tenant_scope(school):
        found = [(p.first, p.second, p.reasons) for p in candidates(head)]

    assert found == [(*pair, ["同一个手机号", "孩子同音同生日"])]


def test_everything_moves_to_the_survivor_and_the_chosen_fields_are_taken(school, head, pair, now):
    first, second = pair
    with tenant_scope(school):
        merge(first, second, take=["external_ref", "since"], by=head, at=now)
        kept = Customer.objects.get(pk=first.pk)

        assert (kept.external_ref, kept.since) == (second.external_ref, date(2025, 9, 1))
        assert [m.objects.filter(customer=kept).count() for m in (Payment, TimelineEntry)] == [1, 1]
        assert kept.referrals_made.count() == 1
        assert Child.objects.filter(family__customer=kept).count() == 2
        assert list(search(Customer.objects.present(), "鲁之远")) == [kept]


def test_undo_gives_back_what_moved_and_leaves_what_was_added_since(school, head, pair, now):
    first, second = pair
    with tenant_scope(school):
        made = merge(first, second, take=["external_ref", "since"], by=head, at=now)
        later = makers.payment(Customer.objects.get(pk=first.pk), 999, date(2026, 11, 1))
        undo(made, by=head, at=now)
        kept, back = Customer.objects.get(pk=first.pk), Customer.objects.get(pk=second.pk)

        assert (kept.external_ref, kept.since, back.external_ref, back.deleted_at) == (first.external_ref,
                first.since, second.external_ref, None)
        assert Payment.objects.get(customer=kept) == later
        assert Payment.objects.filter(customer=back).count() == 1
        assert back.referrals_made.count() == 1 and kept.referrals_made.count() == 0
        with pytest.raises(Refused, match="已经撤销过"):
            undo(made, by=head, at=now)


def test_a_pair_said_to_be_different_is_not_shown_again(school, head, pair):
    with tenant_scope(school):
        not_duplicate(*pair, by=head)

        assert candidates(head) == []


def test_merging_twice_is_refused(school, head, pair, now):
    with tenant_scope(school):
        merge(*pair, take=[], by=head, at=now)
        with pytest.raises(Refused, match="已经删除或合并过"):
            merge(*pair, take=[], by=head, at=now)


@pytest.fixture
def twice(school, head):
    """The same child entered twice: once on the roster, once from grandmother's call."""
    with tenant_scope(school):
        first = makers.family("程嘉雨", "15052992312", date(2024, 9, 1), born_on=date(2021, 6, 18))
        second = makers.family("程嘉雨", "15052992399", date(2026, 9, 1), born_on=date(2021, 6, 18),
                guardian="程奶奶", enrolled=False)
    return first, second


def test_a_child_entered_twice_stands_in_the_family_once_and_its_facts_follow(school, head, twice, now):
    first, second = twice
    with tenant_scope(school):
        mine, theirs = (Child.objects.get(family__customer=c) for c in twice)
        Attendance.objects.bulk_create([Attendance(child=mine, day=date(2026, 9, 1), status="present"),
                                        Attendance(child=theirs, day=date(2026, 9, 1), status="leave"),
                                        Attendance(child=theirs, day=date(2026, 9, 2), status="leave")])
        TimelineEntry.objects.create(customer=second, child=theirs, kind="contact", day=date(2026, 9, 2), at=now)
        Enrolment.objects.create(child=theirs, campus=second.campus, from_on=date(2024, 9, 1))
        Enrolment.objects.create(child=theirs, campus=second.campus, from_on=date(2023, 9, 1), until_on=date(2024, 1, 31))
        merge(first, second, take=[], by=head, at=now)

        assert list(Child.objects.filter(family__customer=first)) == [mine]
        assert sorted(mine.attendance.values_list("day", "status")) == [(date(2026, 9, 1), "present"),
                (date(2026, 9, 2), "leave")]
        assert TimelineEntry.objects.get().child == mine
        assert sorted(mine.enrolments.values_list("from_on", flat=True)) == [date(2023, 9, 1), date(2024, 9, 1)]


def test_undo_gives_the_twin_its_facts_back(school, head, twice, now):
    first, second = twice
    with tenant_scope(school):
        theirs = Child.objects.get(family__customer=second)
        Attendance.objects.create(child=theirs, day=date(2026, 9, 2), status="leave")
        undo(merge(first, second, take=[], by=head, at=now), by=head, at=now)

        assert list(Child.objects.filter(family__customer=second)) == [theirs]
        assert theirs.attendance.count() == 1
        assert [g.name for g in Guardian.objects.filter(family__customer=second)] == ["程奶奶"]


def test_a_birthday_known_on_one_side_only_is_the_same_child(school, head, twice, now):
    first, second = twice
    with tenant_scope(school):
        Child.objects.filter(family__customer=second).update(born_on=None)
        merge(first, second, take=[], by=head, at=now)

        assert Child.objects.filter(family__customer=first).count() == 1


def test_another_birthday_is_another_child(school, head, twice, now):
    first, second = twice
    with tenant_scope(school):
        Child.objects.filter(family__customer=second).update(born_on=date(2023, 1, 1))
        merge(first, second, take=[], by=head, at=now)

        assert Child.objects.filter(family__customer=first).count() == 2


def test_the_same_guardian_stands_once_and_the_consent_given_there_is_theirs(school, head, pair, now):
    first, second = pair
    with tenant_scope(school):
        mine, theirs = (Guardian.objects.get(family__customer=c) for c in pair)
        given = Consent.objects.create(family=second.family, guardian=theirs, granted=True, notice_version="3", at=now)
        merge(first, second, take=[], by=head, at=now)

        assert list(Guardian.objects.filter(family__customer=first)) == [mine]
        assert (Consent.objects.get(pk=given.pk).family, Consent.objects.get(pk=given.pk).guardian) == (first.family, mine)


def test_a_guardian_with_another_name_on_the_same_number_is_kept(school, head, pair, now):
    first, second = pair
    with tenant_scope(school):
        Guardian.objects.filter(family__customer=second).update(name="鲁爷爷")
        merge(first, second, take=[], by=head, at=now)

        assert sorted(g.name for g in Guardian.objects.filter(family__customer=first)) == ["罗女士", "鲁爷爷"]


def test_partners_are_no_families_to_merge(school, head, now):
    with tenant_scope(school):
        kind = CustomerType.objects.get(code="partner")
        one, other = (Customer.objects.create(type=kind, campus=makers.campus(), name=name, external_ref=name,
                since=date(2026, 1, 1))
                      for name in ("图书馆", "书店"))

        with pytest.raises(Refused, match="不同家庭"):
            merge(one, other, take=[], by=head, at=now)


def test_a_number_and_a_name_are_two_reasons_but_the_same_name_sounds_the_same_only_once(school, head, twice):
    with tenant_scope(school):
        assert [pair.reasons for pair in candidates(head)] == [["孩子同名同生日"]]
