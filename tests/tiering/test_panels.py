"""What the tier engine shows on pages of the archive: the badge, the why-card, the labels of a list, the first page."""
from datetime import date

import pytest

from crm.actions import delete_family
from tenancy.models import Campus
from tenancy.scope import tenant_scope
from tests import makers
from tests.conftest import make_member, signed_in
from tests.tiering.steps import JUNE, SEPTEMBER, TODAY, in_review, published, scheme
from tiering.models import SchemeVersion
from tiering.panels import badge, row_labels, tiers_now, waiting_batches, why_card


@pytest.fixture
def desk(school):
    """The front desk sees no tiers."""
    return make_member(school, "frontdesk")


# -- the badge -----------------------------------------------------------------------------------------------------
def test_the_badge_is_the_tier_of_the_day(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now, JUNE)

        assert badge(head, customer, TODAY) == {"label": "B", "scheme": "幼儿园 A–D"}


def test_before_the_first_batch_there_is_none(school, head, deputy, customer, now):
    with tenant_scope(school):
        before = badge(head, customer, TODAY)
        published(head, deputy, now)

        assert before == {"label": "", "scheme": "", "before": False}
        assert badge(head, customer, date(2026, 9, 29))["label"] == ""
        assert badge(head, customer, SEPTEMBER)["label"] == "B"


def test_who_was_rated_once_and_left_is_told_apart_from_who_never_was(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        customer.family.children.get().enrolments.update(until_on=date(2026, 7, 15), outcome="moved")
        published(head, deputy, now)

        assert badge(head, customer, TODAY) == {"label": "", "scheme": "", "before": True}


@pytest.mark.parametrize("panel", [badge, why_card])
def test_who_may_not_see_tiers_sees_none(school, desk, head, deputy, customer, now, panel):
    with tenant_scope(school):
        published(head, deputy, now)

        assert panel(desk, customer, TODAY) is None


# -- the why-card ---------------------------------------------------------------------------------------------------
def test_the_card_explains_by_the_facts_of_the_batch(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now)
        makers.payment(customer, 90_000, date(2026, 9, 1))
        card = why_card(head, customer, TODAY)

    assert (card["as_of"], card["why"].label, card["why"].bars[0].basis) == (SEPTEMBER, "B", "30,000 元")


def test_without_a_batch_it_explains_by_todays_facts(school, head, customer):
    with tenant_scope(school):
        card = why_card(head, customer, TODAY)

        assert (card["as_of"], card["why"].label, list(card["history"])) == (TODAY, "B", [])


def test_on_a_past_day_it_explains_by_the_batch_of_that_day(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        makers.entry(customer, "transfer_signal", date(2026, 9, 1))
        published(head, deputy, now)

        assert [why_card(head, customer, day)["why"].label for day in (date(2026, 7, 1), TODAY)] == ["B", "D"]


def test_the_card_tells_the_tiers_before(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now, JUNE)
        makers.entry(customer, "transfer_signal", date(2026, 9, 1))
        published(head, deputy, now)

        assert [standing.label for standing in why_card(head, customer, TODAY)["history"]] == ["D", "B"]


def test_for_who_is_not_judged_there_is_no_card(school, head):
    with tenant_scope(school):
        stranger = makers.family("未入园", "13900139000", enrolled=False)

        assert why_card(head, stranger, TODAY) is None


def test_without_a_version_in_force_there_is_no_card(school, head, customer):
    with tenant_scope(school):
        SchemeVersion.objects.filter(scheme=scheme()).update(state="retired")

        assert why_card(head, customer, TODAY) is None


# -- lists and the first page -----------------------------------------------------------------------------------------
def test_a_list_shows_the_labels_of_its_rows(school, head, desk, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now)

        assert (row_labels(head, [customer.pk, 999]), row_labels(desk, [customer.pk])) == (
            {"title": "等级", "cells": {customer.pk: "B"}}, None)


def test_the_family_list_is_filtered_by_tier(school, head, head_client, deputy, customer, now):
    with tenant_scope(school):
        makers.family("别的孩", "13900139000")
        published(head, deputy, now)
    pages = {label: head_client.get(f"/s/{school.slug}/families/?tier={label}").content.decode() for label in ("B",
            "D", "Q")}

    assert ["周小满一家" in pages[label] for label in "BDQ"] == [True, False, False]
    assert ["别的孩一家" in pages[label] for label in "BDQ"] == [False, True, False]


def test_who_may_not_see_tiers_cannot_filter_by_them(school, desk, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now)
    page = signed_in(desk).get(f"/s/{school.slug}/families/?tier=D").content.decode()

    assert "周小满一家" in page


def test_the_first_page_counts_each_scheme_that_rated_somebody(school, head, desk, deputy, customer, now):
    with tenant_scope(school):
        before = tiers_now(head)
        published(head, deputy, now)
        found = tiers_now(head)

        assert (before, tiers_now(desk)) == (None, None)
    assert [(row["name"], row["n"], [(p.label, p.count) for p in row["pieces"]]) for row in found] == [
        ("幼儿园 A–D", 1, [("A", 0), ("B", 1), ("C", 0), ("D", 0)])]


def test_the_first_page_counts_whom_the_member_sees(school, head, deputy, customer, now):
    with tenant_scope(school):
        west = Campus.objects.create(code="west", name="西园")
        makers.family("李小树", "13800138002", date(2025, 9, 1), at=west)
        published(head, deputy, now)
    confined = make_member(school, "supervisor", "西", [west])

    with tenant_scope(school):
        assert [(row["n"], [p.count for p in row["pieces"]]) for row in tiers_now(head)] == [(2, [0, 1, 0, 1])]
        assert [(row["n"], [p.count for p in row["pieces"]]) for row in tiers_now(confined)] == [(1, [0, 0, 0, 1])]


def test_a_family_in_the_bin_is_counted_no_more(school, head, deputy, customer, now):
    with tenant_scope(school):
        published(head, deputy, now)
        delete_family(customer, typed_name=customer.name, by=head, at=now)

        assert tiers_now(head) is None


def test_batches_wait_for_who_reviews(school, head, desk, customer, now):
    relations = make_member(school, "relations")
    with tenant_scope(school):
        before = waiting_batches(relations)
        batch = in_review(head, now)

        assert (before, waiting_batches(relations), waiting_batches(desk)) == (None, [batch], None)


def test_a_batch_that_waits_stands_on_the_first_page(school, head, customer, now):
    relations = make_member(school, "relations")
    with tenant_scope(school):
        batch = in_review(head, now)
    page = signed_in(relations).get(f"/s/{school.slug}/").content.decode()

    assert f"/tiering/batches/{batch.pk}/" in page
