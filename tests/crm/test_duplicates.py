"""Duplicates are found, merged field by field, and taken apart again, also after later edits."""
from datetime import date

import pytest

from crm.duplicates import candidates, merge, not_duplicate, undo
from crm.models import Child, Customer, Payment, TimelineEntry
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


def test_a_shared_phone_and_a_shared_sound_are_reasons(school, pair):
    with tenant_scope(school):
        found = [(p.first, p.second, p.reasons) for p in candidates()]

    assert found == [(*pair, ["同一个手机号", "孩子同音同生日"])]


def test_everything_moves_to_the_survivor_and_the_chosen_fields_are_taken(school, head, pair, now):
    first, second = pair
    with tenant_scope(school):
        merge(first, second, take=["external_ref", "since"], by=head, at=now)
        kept = Customer.objects.get(pk=first.pk)

        assert (kept.external_ref, kept.since) == (second.external_ref, date(2025, 9, 1))
        assert [m.objects.filter(customer=kept).count() for m in (Payment, TimelineEntry)] == [1, 1]
        assert kept.referrals_made.count() == 1 and Child.objects.filter(family__customer=kept).count() == 2
        assert list(search(Customer.objects.present(), "鲁之远")) == [kept]


def test_undo_gives_back_what_moved_and_leaves_what_was_added_since(school, head, pair, now):
    first, second = pair
    with tenant_scope(school):
        made = merge(first, second, take=["external_ref", "since"], by=head, at=now)
        later = makers.payment(Customer.objects.get(pk=first.pk), 999, date(2026, 11, 1))
        undo(made, by=head, at=now)
        kept, back = Customer.objects.get(pk=first.pk), Customer.objects.get(pk=second.pk)

        assert (kept.external_ref, kept.since, back.external_ref, back.deleted_at) == (first.external_ref, first.since, second.external_ref, None)
        assert Payment.objects.get(customer=kept) == later and Payment.objects.filter(customer=back).count() == 1
        assert back.referrals_made.count() == 1 and kept.referrals_made.count() == 0
        with pytest.raises(Refused, match="已经撤销过"):
            undo(made, by=head, at=now)


def test_a_pair_said_to_be_different_is_not_shown_again(school, head, pair):
    with tenant_scope(school):
        not_duplicate(*pair, by=head)

        assert candidates() == []


def test_merging_twice_is_refused(school, head, pair, now):
    with tenant_scope(school):
        merge(*pair, take=[], by=head, at=now)
        with pytest.raises(Refused, match="已经删除或合并过"):
            merge(*pair, take=[], by=head, at=now)
